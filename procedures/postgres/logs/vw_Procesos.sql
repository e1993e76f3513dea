SET LOCAL ROLE carril_dueno;

/*
  Processes with their counters: computed from the executions while a process runs, as the finalizer wrote them afterwards.
  FondosOmitidos counts what was skipped, cancelled or rolled back, so that the five counters add up to TotalFondos. A run of the
  old way appears too: under its process, or, while it has none, under its ID_Ejecucion.

  Touches: trabajo.Chunks read, logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Servicios read
  Since: 018
*/
CREATE OR REPLACE VIEW logs.vw_Procesos AS
SELECT
  p.ID_Proceso, p.FechaReporte,
  CASE
    WHEN p.FechaFin IS NOT NULL THEN p.Estado
    WHEN n.Iniciadas > 0 THEN 'EN_PROGRESO'
    ELSE 'PENDIENTE'
  END AS Estado,
  CASE WHEN p.FechaFin IS NOT NULL THEN p.Etapa_Actual ELSE etapa.Servicio END AS Etapa_Actual,
  p.Usuario, p.Arquitectura, p.FechaInicio, p.FechaFin, p.TotalFondos,
  CASE WHEN p.FechaFin IS NOT NULL THEN p.FondosExitosos ELSE n.Exitosos END AS FondosExitosos,
  CASE WHEN p.FechaFin IS NOT NULL THEN p.FondosFallidos ELSE n.Fallidos END AS FondosFallidos,
  CASE WHEN p.FechaFin IS NOT NULL THEN p.FondosOmitidos ELSE n.Omitidos END AS FondosOmitidos,
  n.EnProgreso AS FondosEnProgreso,
  n.Pendientes AS FondosPendientes,
  p.ID_Trabajo
FROM logs.Procesos AS p
-- la condicion sobre FechaFin evita recorrer las ejecuciones de lo terminado
CROSS JOIN LATERAL (
  SELECT
    (count(*) FILTER (WHERE v.Iniciada))::integer AS Iniciadas,
    (count(*) FILTER (WHERE v.Estado = 'COMPLETADO'))::integer AS Exitosos,
    (count(*) FILTER (WHERE v.Estado IN ('ERROR', 'COMPLETADO_CON_ERRORES')))::integer AS Fallidos,
    (count(*) FILTER (WHERE v.Estado IN ('OMITIDO', 'CANCELADO', 'REVERTIDO')))::integer AS Omitidos,
    (count(*) FILTER (WHERE v.Estado = 'EN_PROGRESO'))::integer AS EnProgreso,
    (count(*) FILTER (WHERE v.Estado = 'PENDIENTE'))::integer AS Pendientes,
    -- la etapa de un proceso es la mas atrasada de las que corren
    min(s.Orden) AS Orden
  FROM logs.vw_Ejecuciones AS v
  LEFT JOIN logs.Servicios AS s ON s.Servicio = v.Servicio_Actual
  WHERE v.ID_Proceso = p.ID_Proceso AND p.FechaFin IS NULL
) AS n
LEFT JOIN logs.Servicios AS etapa ON etapa.Orden = n.Orden
WHERE p.Arquitectura = 'JERARQUICA'

UNION ALL

SELECT
  COALESCE(p.ID_Proceso, e.ID_Ejecucion), e.FechaReporte, e.Estado, e.Etapa_Actual, COALESCE(e.Usuario, p.Usuario), 'LEGADO',
  COALESCE(e.FechaInicio, p.FechaInicio, e.FechaReporte::timestamp AT TIME ZONE 'UTC'), e.FechaFin,
  t.Total, t.Exitosos, t.Fallidos, t.Omitidos,
  CASE WHEN e.Estado = 'EN_PROGRESO' THEN r.Resto ELSE 0 END,
  CASE WHEN e.Estado = 'PENDIENTE' THEN r.Resto ELSE 0 END,
  p.ID_Trabajo
FROM logs.Ejecuciones AS e
LEFT JOIN logs.Procesos AS p ON p.ID_Proceso = e.ID_Proceso
CROSS JOIN LATERAL (
  SELECT
    COALESCE(e.TotalFondos, p.TotalFondos, 0) AS Total, COALESCE(e.FondosExitosos, 0) AS Exitosos,
    COALESCE(e.FondosFallidos, 0) AS Fallidos, COALESCE(e.FondosOmitidos, 0) AS Omitidos
) AS t
CROSS JOIN LATERAL (
  SELECT greatest(t.Total - t.Exitosos - t.Fallidos - t.Omitidos, 0) AS Resto
) AS r
-- la ejecucion compartida; las de sus fondos las hizo el backfill
WHERE e.ID_Fund IS NULL AND (e.ID_Proceso IS NULL OR p.Arquitectura = 'LEGADO');
GRANT SELECT ON logs.vw_Procesos TO carril_lector;
