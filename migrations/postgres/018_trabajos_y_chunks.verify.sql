/* Comprueba 018: calla si todo esta; si no, UC422 y lo que falta. Solo lee. */
DO $$
DECLARE
  v_falta text;
BEGIN
  SELECT string_agg(f.nombre, ', ') INTO v_falta
  FROM (
    SELECT v.nombre
    FROM (VALUES
      ('trabajo.trabajos'), ('trabajo.chunks'), ('trabajo.ux_trabajos_clave'), ('trabajo.ix_trabajos_vivos'),
      ('trabajo.ux_chunks_orden'), ('logs.ix_procesos_trabajo'), ('logs.ix_ejecuciones_chunk')) AS v (nombre)
    WHERE to_regclass(v.nombre) IS NULL
    UNION ALL
    -- 030 los cambia por uno
    SELECT v.nombre
    FROM (VALUES ('trabajo.ix_chunks_libres'), ('trabajo.ix_chunks_arrendados')) AS v (nombre)
    WHERE to_regclass(v.nombre) IS NULL AND to_regclass('trabajo.ix_chunks_pendientes') IS NULL
    UNION ALL
    SELECT v.tabla || '.' || v.columna
    FROM (VALUES
      ('trabajo.trabajos', 'clave'), ('trabajo.trabajos', 'cancelado'), ('trabajo.trabajos', 'max_intentos'),
      ('trabajo.chunks', 'poseedor'), ('trabajo.chunks', 'token'), ('trabajo.chunks', 'intento'),
      ('trabajo.chunks', 'expira'), ('trabajo.chunks', 'no_antes_de'), ('trabajo.chunks', 'ultimo_error'),
      ('logs.procesos', 'id_trabajo'), ('logs.ejecuciones', 'id_chunk')) AS v (tabla, columna)
    WHERE NOT EXISTS (
      SELECT FROM pg_attribute AS a
      WHERE a.attrelid = to_regclass(v.tabla) AND a.attname = v.columna AND NOT a.attisdropped)
  ) AS f;
  IF v_falta IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC422', MESSAGE = '018_trabajos_y_chunks: falta ' || v_falta;
  END IF;
END
$$;
