/* Comprueba 029: calla si todo esta; si no, UC422 y lo que falta. Solo lee. */
DO $$
DECLARE
  v_falta text;
BEGIN
  SELECT string_agg(f.nombre, ', ') INTO v_falta
  FROM (
    SELECT v.tabla || '.' || v.columna AS nombre
    FROM (VALUES
      ('trabajo.credenciales', 'id_credencial'), ('trabajo.credenciales', 'nombre'), ('trabajo.credenciales', 'rol'),
      ('trabajo.credenciales', 'huella'), ('trabajo.credenciales', 'vence'), ('trabajo.credenciales', 'revocada')
    ) AS v (tabla, columna)
    WHERE NOT EXISTS (
      SELECT FROM pg_attribute AS a
      WHERE a.attrelid = to_regclass(v.tabla) AND a.attname = v.columna AND NOT a.attisdropped)
    UNION ALL
    SELECT 'trabajo.uq_credenciales_huella'
    WHERE NOT EXISTS (
      SELECT FROM pg_constraint AS k
      WHERE k.conrelid = to_regclass('trabajo.credenciales') AND k.conname = 'uq_credenciales_huella')
  ) AS f;
  IF v_falta IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC422', MESSAGE = '029_credenciales: falta ' || v_falta;
  END IF;
END
$$;
