-- Comprueba, sin escribir nada, que esta todo lo que crea 002_dimensionales; si no, UC422 con lo que falta.
DO $verificar$
DECLARE
  v_falta text;
BEGIN
  SELECT string_agg(f.que, ', ') INTO v_falta
  FROM (
    SELECT format('columna %s.%s %s%s', e.tabla, e.columna, e.tipo, CASE WHEN e.nulo THEN '' ELSE ' NOT NULL' END)
    FROM (VALUES
      ('dimensionales.bd_funds', 'id_fund', 'integer', false),
      ('dimensionales.bd_funds', 'fundshortname', 'character varying(100)', false),
      ('dimensionales.bd_funds', 'portfolio_geneva', 'character varying(50)', false),
      ('dimensionales.bd_funds', 'portfolio_capm', 'character varying(50)', true),
      ('dimensionales.bd_funds', 'portfolio_derivados', 'character varying(50)', true),
      ('dimensionales.bd_funds', 'portfolio_ubs', 'character varying(50)', true),
      ('dimensionales.bd_funds', 'flag_ubs', 'boolean', false),
      ('dimensionales.bd_funds', 'flag_derivados', 'boolean', false),
      ('dimensionales.bd_funds', 'active', 'boolean', false),
      ('dimensionales.bd_funds', 'incluir_en_cubo', 'boolean', false)
    ) AS e (tabla, columna, tipo, nulo)
    WHERE NOT EXISTS (
      SELECT FROM pg_attribute AS a
      WHERE a.attrelid = to_regclass(e.tabla) AND a.attname = e.columna AND NOT a.attisdropped
        AND format_type(a.atttypid, a.atttypmod) = e.tipo AND a.attnotnull <> e.nulo
    )
    UNION ALL
    SELECT format('valor por defecto de %s.%s', e.tabla, e.columna)
    FROM (VALUES
      ('dimensionales.bd_funds', 'flag_ubs'),
      ('dimensionales.bd_funds', 'flag_derivados'),
      ('dimensionales.bd_funds', 'active'),
      ('dimensionales.bd_funds', 'incluir_en_cubo')
    ) AS e (tabla, columna)
    WHERE NOT EXISTS (
      SELECT FROM pg_attribute AS a
      WHERE a.attrelid = to_regclass(e.tabla) AND a.attname = e.columna AND a.atthasdef
    )
    UNION ALL
    SELECT format('restriccion %s de %s', e.nombre, e.tabla)
    FROM (VALUES
      ('dimensionales.bd_funds', 'pk_bd_funds'),
      ('dimensionales.bd_funds', 'uq_bd_funds_fundshortname')
    ) AS e (tabla, nombre)
    WHERE NOT EXISTS (
      SELECT FROM pg_constraint AS c WHERE c.conrelid = to_regclass(e.tabla) AND c.conname = e.nombre
    )
  ) AS f (que);

  IF v_falta IS NOT NULL THEN
    RAISE EXCEPTION '002_dimensionales: falta %', v_falta USING ERRCODE = 'UC422';
  END IF;
END
$verificar$;
