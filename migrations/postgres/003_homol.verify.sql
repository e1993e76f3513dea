-- Comprueba, sin escribir nada, que esta todo lo que crea 003_homol; si no, UC422 con lo que falta.
DO $verificar$
DECLARE
  v_falta text;
BEGIN
  SELECT string_agg(f.que, ', ') INTO v_falta
  FROM (
    SELECT format('columna %s.%s %s%s', e.tabla, e.columna, e.tipo, CASE WHEN e.nulo THEN '' ELSE ' NOT NULL' END)
    FROM (VALUES
      ('homol.ipa', 'id_linea', 'bigint', false),
      ('homol.ipa', 'fechareporte', 'date', false),
      ('homol.ipa', 'portfolio', 'character varying(50)', false),
      ('homol.ipa', 'investid', 'character varying(100)', false),
      ('homol.ipa', 'ticker', 'character varying(50)', true),
      ('homol.ipa', 'descripcion', 'character varying(200)', false),
      ('homol.ipa', 'moneda', 'character varying(3)', false),
      ('homol.ipa', 'cantidad', 'numeric(28,8)', false),
      ('homol.ipa', 'preciolocal', 'numeric(28,8)', true),
      ('homol.ipa', 'valormercado', 'numeric(19,4)', false),
      ('homol.ipa', 'peso', 'numeric(9,6)', true),
      ('homol.capm', 'id_linea', 'bigint', false),
      ('homol.capm', 'fechareporte', 'date', false),
      ('homol.capm', 'portfolio', 'character varying(50)', false),
      ('homol.capm', 'cuenta', 'character varying(50)', false),
      ('homol.capm', 'descripcion', 'character varying(200)', false),
      ('homol.capm', 'moneda', 'character varying(3)', false),
      ('homol.capm', 'saldo', 'numeric(19,4)', false),
      ('homol.posmodrf', 'id_linea', 'bigint', false),
      ('homol.posmodrf', 'fechareporte', 'date', false),
      ('homol.posmodrf', 'portfolio', 'character varying(50)', false),
      ('homol.posmodrf', 'investid', 'character varying(100)', false),
      ('homol.posmodrf', 'descripcion', 'character varying(200)', false),
      ('homol.posmodrf', 'moneda', 'character varying(3)', false),
      ('homol.posmodrf', 'nominal', 'numeric(28,8)', false),
      ('homol.posmodrf', 'tir', 'numeric(12,8)', true),
      ('homol.posmodrf', 'duracionmodificada', 'numeric(12,8)', true),
      ('homol.posmodrf', 'valormercado', 'numeric(19,4)', false),
      ('homol.sona', 'id_linea', 'bigint', false),
      ('homol.sona', 'fechareporte', 'date', false),
      ('homol.sona', 'portfolio', 'character varying(50)', false),
      ('homol.sona', 'id_operacion', 'character varying(50)', false),
      ('homol.sona', 'investid', 'character varying(100)', false),
      ('homol.sona', 'descripcion', 'character varying(200)', false),
      ('homol.sona', 'moneda', 'character varying(3)', false),
      ('homol.sona', 'fechaoperacion', 'date', false),
      ('homol.sona', 'fechaliquidacion', 'date', false),
      ('homol.sona', 'cantidad', 'numeric(28,8)', false),
      ('homol.sona', 'monto', 'numeric(19,4)', false),
      ('homol.derivados', 'id_linea', 'bigint', false),
      ('homol.derivados', 'fechareporte', 'date', false),
      ('homol.derivados', 'portfolio', 'character varying(50)', false),
      ('homol.derivados', 'investid', 'character varying(100)', false),
      ('homol.derivados', 'descripcion', 'character varying(200)', false),
      ('homol.derivados', 'tipo_instrumento', 'character varying(50)', false),
      ('homol.derivados', 'moneda', 'character varying(3)', false),
      ('homol.derivados', 'fechavencimiento', 'date', true),
      ('homol.derivados', 'nocional', 'numeric(28,8)', false),
      ('homol.derivados', 'valormercado', 'numeric(19,4)', false),
      ('homol.derivados', 'delta', 'numeric(18,10)', true),
      ('homol.ubs', 'id_linea', 'bigint', false),
      ('homol.ubs', 'fechareporte', 'date', false),
      ('homol.ubs', 'portfolio', 'character varying(50)', false),
      ('homol.ubs', 'investid', 'character varying(100)', false),
      ('homol.ubs', 'descripcion', 'character varying(200)', false),
      ('homol.ubs', 'moneda', 'character varying(3)', false),
      ('homol.ubs', 'cantidad', 'numeric(28,8)', false),
      ('homol.ubs', 'preciolocal', 'numeric(28,8)', true),
      ('homol.ubs', 'valormercado', 'numeric(19,4)', false)
    ) AS e (tabla, columna, tipo, nulo)
    WHERE NOT EXISTS (
      SELECT FROM pg_attribute AS a
      WHERE a.attrelid = to_regclass(e.tabla) AND a.attname = e.columna AND NOT a.attisdropped
        AND format_type(a.atttypid, a.atttypmod) = e.tipo AND a.attnotnull <> e.nulo
    )
    UNION ALL
    SELECT format('restriccion %s de %s', e.nombre, e.tabla)
    FROM (VALUES
      ('homol.ipa', 'pk_ipa'),
      ('homol.capm', 'pk_capm'),
      ('homol.posmodrf', 'pk_posmodrf'),
      ('homol.sona', 'pk_sona'),
      ('homol.derivados', 'pk_derivados'),
      ('homol.ubs', 'pk_ubs')
    ) AS e (tabla, nombre)
    WHERE NOT EXISTS (
      SELECT FROM pg_constraint AS c WHERE c.conrelid = to_regclass(e.tabla) AND c.conname = e.nombre
    )
    UNION ALL
    SELECT 'indice ' || e.nombre
    FROM (VALUES
      ('homol.ix_ipa_ultimoprecio')
    ) AS e (nombre)
    WHERE NOT EXISTS (
      SELECT FROM pg_index AS i WHERE i.indexrelid = to_regclass(e.nombre) AND i.indisvalid
    )
  ) AS f (que);

  IF v_falta IS NOT NULL THEN
    RAISE EXCEPTION '003_homol: falta %', v_falta USING ERRCODE = 'UC422';
  END IF;
END
$verificar$;
