/* Comprueba 019: calla si todo esta; si no, UC422 y lo que falta. Solo lee. */
DO $$
DECLARE
  v_falta text;
BEGIN
  SELECT string_agg(f.nombre, ', ') INTO v_falta
  FROM (
    SELECT v.nombre
    FROM (VALUES
      ('public.lo_procesos'), ('public.lo_procesos_respaldo_019'), ('trabajo.lo_procesos'), ('trabajo.ix_lo_procesos_ruta'),
      ('trabajo.ix_chunks_lo_procesos'), ('trabajo.seq_lo_procesos')) AS v (nombre)
    WHERE to_regclass(v.nombre) IS NULL
    UNION ALL
    SELECT 'public.lo_procesos.' || v.columna
    FROM (VALUES
      ('id'), ('proceso'), ('usuario'), ('fecha_inicio'), ('fecha_fin'), ('mensaje'), ('byte_inicio'), ('byte_fin'),
      ('ruta_archivo'), ('estado')) AS v (columna)
    WHERE NOT EXISTS (
      SELECT FROM pg_attribute AS a
      WHERE a.attrelid = to_regclass('public.lo_procesos') AND a.attname = v.columna AND NOT a.attisdropped)
    UNION ALL
    SELECT 'disparador ' || v.nombre
    FROM (VALUES ('tr_lo_procesos_insertar'), ('tr_lo_procesos_cambiar'), ('tr_lo_procesos_borrar')) AS v (nombre)
    WHERE NOT EXISTS (
      SELECT FROM pg_trigger AS t
      WHERE t.tgrelid = to_regclass('public.lo_procesos') AND t.tgname = v.nombre AND t.tgenabled = 'O')
    UNION ALL
    SELECT 'el trabajo LO_PROCESOS en curso'
    WHERE NOT EXISTS (
      SELECT FROM trabajo.Trabajos AS t
      WHERE t.Clave = 'LO_PROCESOS' AND t.Tipo = 'LO_PROCESOS' AND t.Estado = 'EN_PROGRESO' AND NOT t.Cancelado)
  ) AS f;
  IF v_falta IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC422', MESSAGE = '019_lo_procesos: falta ' || v_falta;
  END IF;
END
$$;
