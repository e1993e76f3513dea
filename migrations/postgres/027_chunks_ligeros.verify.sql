/* Comprueba 027: calla si todo esta; si no, UC422 y lo que falta. Solo lee. */
DO $$
DECLARE
  v_falta text;
BEGIN
  SELECT string_agg(f.nombre, ', ') INTO v_falta
  FROM (
    SELECT v.nombre || ' (fillfactor=45)' AS nombre
    FROM (VALUES ('trabajo.pk_chunks'), ('trabajo.ux_chunks_orden')) AS v (nombre)
    WHERE NOT EXISTS (
      SELECT FROM pg_class AS i
      WHERE i.oid = to_regclass(v.nombre) AND 'fillfactor=45' = ANY (i.reloptions))
    UNION ALL
    SELECT 'trabajo.' || v.nombre
    FROM (VALUES ('ck_chunks_estado'), ('ck_chunks_cuentas')) AS v (nombre)
    WHERE NOT EXISTS (
      SELECT FROM pg_constraint AS k
      WHERE k.conrelid = to_regclass('trabajo.chunks') AND k.conname = v.nombre AND k.convalidated)
  ) AS f;
  IF v_falta IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC422', MESSAGE = '027_chunks_ligeros: falta ' || v_falta;
  END IF;
END
$$;
