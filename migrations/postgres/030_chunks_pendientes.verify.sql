/* Comprueba 030: calla si todo esta; si no, UC422 y lo que falta o sobra. Solo lee. */
DO $$
DECLARE
  v_falta text;
BEGIN
  SELECT string_agg(f.nombre, ', ') INTO v_falta
  FROM (
    SELECT 'falta trabajo.ix_chunks_pendientes' AS nombre
    WHERE to_regclass('trabajo.ix_chunks_pendientes') IS NULL
    UNION ALL
    SELECT 'falta trabajo.chunks (fillfactor=50)'
    WHERE NOT EXISTS (
      SELECT FROM pg_class AS t WHERE t.oid = to_regclass('trabajo.chunks') AND 'fillfactor=50' = ANY (t.reloptions))
    UNION ALL
    -- con uno de ellos cada reclamo volveria a escribir en todos
    SELECT 'sobra ' || v.nombre
    FROM (VALUES ('trabajo.ix_chunks_libres'), ('trabajo.ix_chunks_arrendados')) AS v (nombre)
    WHERE to_regclass(v.nombre) IS NOT NULL
  ) AS f;
  IF v_falta IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC422', MESSAGE = '030_chunks_pendientes: ' || v_falta;
  END IF;
END
$$;
