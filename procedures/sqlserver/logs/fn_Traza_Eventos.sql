SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The trace events of a process, or of a job that is no process's: the other argument is NULL. Each once: a bulk load that is
  repeated after a lost connection may have come in twice, and no two events of one lane agree in all of these columns.

  Touches: logs.Trace_Records read
  Since: 016
*/
CREATE OR ALTER FUNCTION logs.fn_Traza_Eventos (
  @ID_Proceso bigint,
  @ID_Trabajo bigint
)
RETURNS TABLE
AS
RETURN
  SELECT
    t.ID_Proceso, t.ID_Trabajo, t.ID_Ejecucion, t.ID_Fund, t.[Timestamp], t.Etapa, t.SubEtapa, t.Tipo_Evento, t.Recurso,
    t.Duracion_Ms, t.Thread_ID
  FROM logs.Trace_Records AS t
  WHERE t.ID_Proceso = @ID_Proceso
  -- UNION, y no UNION ALL: quita lo repetido
  UNION
  SELECT
    t.ID_Proceso, t.ID_Trabajo, t.ID_Ejecucion, t.ID_Fund, t.[Timestamp], t.Etapa, t.SubEtapa, t.Tipo_Evento, t.Recurso,
    t.Duracion_Ms, t.Thread_ID
  FROM logs.Trace_Records AS t
  WHERE t.ID_Trabajo = @ID_Trabajo AND t.ID_Proceso IS NULL;
GO
