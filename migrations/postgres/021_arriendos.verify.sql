/* Comprueba 021: calla si todo esta; si no, UC422 y lo que falta. Solo lee. */
DO $$
DECLARE
  v_falta text;
BEGIN
  SELECT string_agg(f.nombre, ', ') INTO v_falta
  FROM (
    SELECT v.nombre
    FROM (VALUES ('trabajo.ix_trabajos_terminados'), ('trabajo.ix_chunks_fallidos')) AS v (nombre)
    WHERE to_regclass(v.nombre) IS NULL
    UNION ALL
    SELECT v.tabla || '.' || v.columna
    FROM (VALUES ('trabajo.trabajos', 'omitidos')) AS v (tabla, columna)
    WHERE NOT EXISTS (
      SELECT FROM pg_attribute AS a
      WHERE a.attrelid = to_regclass(v.tabla) AND a.attname = v.columna AND NOT a.attisdropped)
    UNION ALL
    SELECT 'trabajo.ck_chunks_estado con OMITIDO'
    WHERE NOT EXISTS (
      SELECT FROM pg_constraint AS k
      WHERE k.conrelid = to_regclass('trabajo.chunks') AND k.conname = 'ck_chunks_estado'
        AND pg_get_constraintdef(k.oid) LIKE '%OMITIDO%')
  ) AS f;
  IF v_falta IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC422', MESSAGE = '021_arriendos: falta ' || v_falta;
  END IF;
END
$$;
