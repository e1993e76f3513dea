/* Comprueba 022: calla si todo esta; si no, UC422 y lo que falta. Solo lee. */
DO $$
DECLARE
  v_falta text;
BEGIN
  SELECT string_agg(f.nombre, ', ') INTO v_falta
  FROM (
    SELECT v.nombre
    FROM (VALUES
      ('logs.archivos'), ('logs.bloques_error'), ('logs.ix_archivos_ruta'), ('logs.ux_archivos_ultimo'),
      ('logs.pk_bloques_error'), ('logs.ix_bloques_error_trabajo')) AS v (nombre)
    WHERE to_regclass(v.nombre) IS NULL
    UNION ALL
    SELECT v.tabla || '.' || v.columna
    FROM (VALUES
      ('logs.archivos', 'ruta'), ('logs.archivos', 'huella'), ('logs.archivos', 'huella_bytes'),
      ('logs.archivos', 'opciones'), ('logs.archivos', 'leido'), ('logs.archivos', 'reanudar_en'),
      ('logs.archivos', 'id_trabajo'), ('logs.archivos', 'id_ultimo_trabajo'), ('logs.bloques_error', 'byte_inicio'),
      ('logs.bloques_error', 'byte_fin'), ('logs.bloques_error', 'id_trabajo'), ('logs.bloques_error', 'firma'),
      ('logs.bloques_error', 'texto'), ('logs.bloques_error', 'recortado')) AS v (tabla, columna)
    WHERE NOT EXISTS (
      SELECT FROM pg_attribute AS a
      WHERE a.attrelid = to_regclass(v.tabla) AND a.attname = v.columna AND NOT a.attisdropped)
  ) AS f;
  IF v_falta IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC422', MESSAGE = '022_revision_logs: falta ' || v_falta;
  END IF;
END
$$;
