-- Comprueba, sin escribir nada, que esta todo lo que crea 015_extract_id_ejecucion; si no, UC422 con lo que falta.
DO $verificar$
DECLARE
  v_falta text;
BEGIN
  SELECT string_agg(f.que, ', ') INTO v_falta
  FROM (
    SELECT format('columna %s.%s %s%s', e.tabla, e.columna, e.tipo, CASE WHEN e.nulo THEN '' ELSE ' NOT NULL' END)
    FROM (VALUES
      ('extract.ipa', 'id_ejecucion', 'bigint', true),
      ('extract.capm', 'id_ejecucion', 'bigint', true),
      ('extract.posmodrf', 'id_ejecucion', 'bigint', true),
      ('extract.sona', 'id_ejecucion', 'bigint', true),
      ('extract.derivados', 'id_ejecucion', 'bigint', true),
      ('extract.ubs', 'id_ejecucion', 'bigint', true)
    ) AS e (tabla, columna, tipo, nulo)
    WHERE NOT EXISTS (
      SELECT FROM pg_attribute AS a
      WHERE a.attrelid = to_regclass(e.tabla) AND a.attname = e.columna AND NOT a.attisdropped
        AND format_type(a.atttypid, a.atttypmod) = e.tipo AND a.attnotnull <> e.nulo
    )
    UNION ALL
    SELECT 'indice ' || e.nombre
    FROM (VALUES
      ('extract.ix_ipa_ejecucion'),
      ('extract.ix_capm_ejecucion'),
      ('extract.ix_posmodrf_ejecucion'),
      ('extract.ix_sona_ejecucion'),
      ('extract.ix_derivados_ejecucion'),
      ('extract.ix_ubs_ejecucion')
    ) AS e (nombre)
    WHERE NOT EXISTS (
      SELECT FROM pg_index AS i WHERE i.indexrelid = to_regclass(e.nombre) AND i.indisvalid
    )
  ) AS f (que);

  IF v_falta IS NOT NULL THEN
    RAISE EXCEPTION '015_extract_id_ejecucion: falta %', v_falta USING ERRCODE = 'UC422';
  END IF;
END
$verificar$;
