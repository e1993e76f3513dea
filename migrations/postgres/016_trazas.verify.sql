/* Comprueba 016: calla si todo esta; si no, UC422 y lo que falta. Solo lee. */
DO $$
DECLARE
  v_falta text;
BEGIN
  SELECT string_agg(f.nombre, ', ') INTO v_falta
  FROM (
    SELECT v.nombre
    FROM (VALUES
      ('logs.trace_records'), ('logs.pk_trace_records'), ('logs.ix_trace_proceso'), ('logs.ix_trace_trabajo')) AS v (nombre)
    WHERE to_regclass(v.nombre) IS NULL
    UNION ALL
    SELECT 'logs.trace_records.' || v.columna
    FROM (VALUES
      ('id_trace'), ('id_proceso'), ('id_ejecucion'), ('id_fund'), ('timestamp'), ('etapa'), ('subetapa'),
      ('tipo_evento'), ('recurso'), ('duracion_ms'), ('metadata'), ('thread_id'), ('id_trabajo')) AS v (columna)
    WHERE NOT EXISTS (
      SELECT FROM pg_attribute AS a
      WHERE a.attrelid = to_regclass('logs.trace_records') AND a.attname = v.columna AND NOT a.attisdropped)
  ) AS f;
  IF v_falta IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC422', MESSAGE = '016_trazas: falta ' || v_falta;
  END IF;
END
$$;
