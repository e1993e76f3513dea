SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Executions with the state they are in: a final state as it was written, else what the chunk and its lease say. EN_PROGRESO is
  never written ahead of the work. An execution of the old way (one ID for all funds) has no fund and no chunk, and keeps the
  state its writers gave it.

  Touches: trabajo.Chunks read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Servicios read
  Since: 018
*/
CREATE OR ALTER VIEW logs.vw_Ejecuciones
AS
SELECT
  e.ID_Ejecucion, e.ID_Proceso, e.ID_Fund, f.FundShortName, e.FechaReporte, d.Estado,
  CASE WHEN d.Estado = 'EN_PROGRESO' THEN a.Servicio END AS Servicio_Actual,
  c.Intento, c.Poseedor,
  CASE WHEN e.ID_Chunk IS NULL THEN e.FechaInicio ELSE COALESCE(f.FechaInicio, c.Inicio) END AS FechaInicio,
  COALESCE(e.FechaFin, c.Fin) AS FechaFin,
  CASE WHEN d.Estado <> 'COMPLETADO' THEN COALESCE(f.Mensaje_Error, c.Ultimo_Error) END AS Mensaje_Error,
  e.ID_Chunk, c.ID_Trabajo,
  -- se intento alguna vez
  CONVERT(bit, CASE WHEN c.Token > 0 THEN 1 ELSE 0 END) AS Iniciada
FROM logs.Ejecuciones AS e
LEFT JOIN logs.Ejecucion_Fondos AS f ON f.ID_Ejecucion = e.ID_Ejecucion AND f.ID_Fund = e.ID_Fund
LEFT JOIN trabajo.Chunks AS c ON c.ID_Chunk = e.ID_Chunk
CROSS APPLY (
  SELECT CASE
    WHEN e.ID_Chunk IS NULL OR e.Estado NOT IN ('PENDIENTE', 'EN_PROGRESO') THEN e.Estado
    WHEN c.Estado <> 'PENDIENTE' THEN c.Estado
    WHEN c.Expira >= SYSUTCDATETIME() THEN 'EN_PROGRESO'
    ELSE 'PENDIENTE'
  END AS Estado
) AS d
-- el primero sin terminar: los servicios de un fondo van uno tras otro
OUTER APPLY (
  SELECT TOP (1) v.Servicio
  FROM logs.vw_Ejecucion_Servicios AS v
  INNER JOIN logs.Servicios AS s ON s.Servicio = v.Servicio
  WHERE v.ID_Ejecucion = e.ID_Ejecucion AND v.ID_Fund = e.ID_Fund AND v.Estado NOT IN ('COMPLETADO', 'OMITIDO')
  ORDER BY s.Orden
) AS a;
GO
GRANT SELECT ON OBJECT::logs.vw_Ejecuciones TO carril_lector;
GO
