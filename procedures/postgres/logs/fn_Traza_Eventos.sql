SET LOCAL ROLE carril_dueno;

/*
  The trace events of a process, or of a job that is no process's: the other argument is NULL. Each once: a bulk load that is
  repeated after a lost connection may have come in twice, and no two events of one lane agree in all of these columns.

  Touches: logs.Trace_Records read
  Since: 016
*/
CREATE OR REPLACE FUNCTION logs.fn_Traza_Eventos(
  p_ID_Proceso bigint,
  p_ID_Trabajo bigint
)
RETURNS TABLE (
  ID_Proceso bigint,
  ID_Trabajo bigint,
  ID_Ejecucion bigint,
  ID_Fund integer,
  "timestamp" timestamptz,
  Etapa text,
  SubEtapa text,
  Tipo_Evento text,
  Recurso text,
  Duracion_Ms integer,
  Thread_ID integer
)
LANGUAGE sql STABLE SECURITY INVOKER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT
    t.id_proceso, t.id_trabajo, t.id_ejecucion, t.id_fund, t.timestamp, t.etapa, t.subetapa, t.tipo_evento, t.recurso,
    t.duracion_ms, t.thread_id
  FROM logs.Trace_Records AS t
  WHERE t.id_proceso = p_ID_Proceso
  -- UNION, y no UNION ALL: quita lo repetido
  UNION
  SELECT
    t.id_proceso, t.id_trabajo, t.id_ejecucion, t.id_fund, t.timestamp, t.etapa, t.subetapa, t.tipo_evento, t.recurso,
    t.duracion_ms, t.thread_id
  FROM logs.Trace_Records AS t
  WHERE t.id_trabajo = p_ID_Trabajo AND t.id_proceso IS NULL;
$$;
