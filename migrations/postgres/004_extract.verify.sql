-- Comprueba, sin escribir nada, que esta todo lo que crea 004_extract; si no, UC422 con lo que falta.
DO $verificar$
DECLARE
  v_falta text;
BEGIN
  SELECT string_agg(f.que, ', ') INTO v_falta
  FROM (
    SELECT format('columna %s.%s %s%s', e.tabla, e.columna, e.tipo, CASE WHEN e.nulo THEN '' ELSE ' NOT NULL' END)
    FROM (VALUES
      ('extract.ipa', 'id', 'bigint', false),
      ('extract.ipa', 'fechareporte', 'date', false),
      ('extract.ipa', 'portfolio', 'character varying(50)', false),
      ('extract.ipa', 'investid', 'character varying(100)', false),
      ('extract.ipa', 'ticker', 'character varying(50)', true),
      ('extract.ipa', 'descripcion', 'character varying(200)', false),
      ('extract.ipa', 'moneda', 'character varying(3)', false),
      ('extract.ipa', 'cantidad', 'numeric(28,8)', false),
      ('extract.ipa', 'preciolocal', 'numeric(28,8)', true),
      ('extract.ipa', 'valormercado', 'numeric(19,4)', false),
      ('extract.ipa', 'peso', 'numeric(9,6)', true),
      ('extract.capm', 'id', 'bigint', false),
      ('extract.capm', 'fechareporte', 'date', false),
      ('extract.capm', 'portfolio', 'character varying(50)', false),
      ('extract.capm', 'cuenta', 'character varying(50)', false),
      ('extract.capm', 'descripcion', 'character varying(200)', false),
      ('extract.capm', 'moneda', 'character varying(3)', false),
      ('extract.capm', 'saldo', 'numeric(19,4)', false),
      ('extract.posmodrf', 'id', 'bigint', false),
      ('extract.posmodrf', 'fechareporte', 'date', false),
      ('extract.posmodrf', 'portfolio', 'character varying(50)', false),
      ('extract.posmodrf', 'investid', 'character varying(100)', false),
      ('extract.posmodrf', 'descripcion', 'character varying(200)', false),
      ('extract.posmodrf', 'moneda', 'character varying(3)', false),
      ('extract.posmodrf', 'nominal', 'numeric(28,8)', false),
      ('extract.posmodrf', 'tir', 'numeric(12,8)', true),
      ('extract.posmodrf', 'duracionmodificada', 'numeric(12,8)', true),
      ('extract.posmodrf', 'valormercado', 'numeric(19,4)', false),
      ('extract.sona', 'id', 'bigint', false),
      ('extract.sona', 'fechareporte', 'date', false),
      ('extract.sona', 'portfolio', 'character varying(50)', false),
      ('extract.sona', 'id_operacion', 'character varying(50)', false),
      ('extract.sona', 'investid', 'character varying(100)', false),
      ('extract.sona', 'descripcion', 'character varying(200)', false),
      ('extract.sona', 'moneda', 'character varying(3)', false),
      ('extract.sona', 'fechaoperacion', 'date', false),
      ('extract.sona', 'fechaliquidacion', 'date', false),
      ('extract.sona', 'cantidad', 'numeric(28,8)', false),
      ('extract.sona', 'monto', 'numeric(19,4)', false),
      ('extract.derivados', 'id', 'bigint', false),
      ('extract.derivados', 'fechareporte', 'date', false),
      ('extract.derivados', 'portfolio', 'character varying(50)', false),
      ('extract.derivados', 'investid', 'character varying(100)', false),
      ('extract.derivados', 'descripcion', 'character varying(200)', false),
      ('extract.derivados', 'tipo_instrumento', 'character varying(50)', false),
      ('extract.derivados', 'moneda', 'character varying(3)', false),
      ('extract.derivados', 'fechavencimiento', 'date', true),
      ('extract.derivados', 'nocional', 'numeric(28,8)', false),
      ('extract.derivados', 'valormercado', 'numeric(19,4)', false),
      ('extract.derivados', 'delta', 'numeric(18,10)', true),
      ('extract.ubs', 'id', 'bigint', false),
      ('extract.ubs', 'fechareporte', 'date', false),
      ('extract.ubs', 'portfolio', 'character varying(50)', false),
      ('extract.ubs', 'investid', 'character varying(100)', false),
      ('extract.ubs', 'descripcion', 'character varying(200)', false),
      ('extract.ubs', 'moneda', 'character varying(3)', false),
      ('extract.ubs', 'cantidad', 'numeric(28,8)', false),
      ('extract.ubs', 'preciolocal', 'numeric(28,8)', true),
      ('extract.ubs', 'valormercado', 'numeric(19,4)', false)
    ) AS e (tabla, columna, tipo, nulo)
    WHERE NOT EXISTS (
      SELECT FROM pg_attribute AS a
      WHERE a.attrelid = to_regclass(e.tabla) AND a.attname = e.columna AND NOT a.attisdropped
        AND format_type(a.atttypid, a.atttypmod) = e.tipo AND a.attnotnull <> e.nulo
    )
    UNION ALL
    SELECT format('restriccion %s de %s', e.nombre, e.tabla)
    FROM (VALUES
      ('extract.ipa', 'pk_ipa'),
      ('extract.capm', 'pk_capm'),
      ('extract.posmodrf', 'pk_posmodrf'),
      ('extract.sona', 'pk_sona'),
      ('extract.derivados', 'pk_derivados'),
      ('extract.ubs', 'pk_ubs')
    ) AS e (tabla, nombre)
    WHERE NOT EXISTS (
      SELECT FROM pg_constraint AS c WHERE c.conrelid = to_regclass(e.tabla) AND c.conname = e.nombre
    )
    UNION ALL
    SELECT 'indice ' || e.nombre
    FROM (VALUES
      ('extract.ix_ipa_fechareporte'),
      ('extract.ix_capm_fechareporte'),
      ('extract.ix_posmodrf_fechareporte'),
      ('extract.ix_sona_fechareporte'),
      ('extract.ix_derivados_fechareporte'),
      ('extract.ix_ubs_fechareporte')
    ) AS e (nombre)
    WHERE NOT EXISTS (
      SELECT FROM pg_index AS i WHERE i.indexrelid = to_regclass(e.nombre) AND i.indisvalid
    )
  ) AS f (que);

  IF v_falta IS NOT NULL THEN
    RAISE EXCEPTION '004_extract: falta %', v_falta USING ERRCODE = 'UC422';
  END IF;
END
$verificar$;
