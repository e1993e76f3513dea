SET LOCAL ROLE carril_dueno;

/*
  Of each fund, date and service the last completed execution that ran it: a service that was run alone stands beside the
  others' earlier results, not in their place.

  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read
  Since: 013
*/
CREATE OR REPLACE VIEW logs.vw_Ultimo_Servicio AS
SELECT u.ID_Fund, u.FundShortName, u.FechaReporte, u.Servicio, u.ID_Ejecucion, u.ID_Proceso
FROM (
  SELECT
    c.ID_Fund, c.FundShortName, c.FechaReporte, c.Servicio, c.ID_Ejecucion, c.ID_Proceso,
    ROW_NUMBER() OVER (
      PARTITION BY c.ID_Fund, c.FechaReporte, c.Servicio ORDER BY c.FechaInicio DESC NULLS LAST, c.ID_Ejecucion DESC) AS Puesto
  FROM (
    SELECT e.ID_Fund, f.FundShortName, e.FechaReporte, v.Servicio, e.ID_Ejecucion, e.ID_Proceso, e.FechaInicio
    FROM logs.Ejecuciones AS e
    INNER JOIN logs.Ejecucion_Fondos AS f ON f.ID_Ejecucion = e.ID_Ejecucion AND f.ID_Fund = e.ID_Fund
    INNER JOIN logs.vw_Ejecucion_Servicios AS v ON v.ID_Ejecucion = f.ID_Ejecucion AND v.ID_Fund = f.ID_Fund
    WHERE e.Estado = 'COMPLETADO' AND v.Estado = 'COMPLETADO'
    UNION ALL
    -- heredadas: una ejecucion para todos los fondos
    SELECT f.ID_Fund, f.FundShortName, e.FechaReporte, v.Servicio, e.ID_Ejecucion, e.ID_Proceso, e.FechaInicio
    FROM logs.Ejecuciones AS e
    INNER JOIN logs.Ejecucion_Fondos AS f ON f.ID_Ejecucion = e.ID_Ejecucion
    INNER JOIN logs.vw_Ejecucion_Servicios AS v ON v.ID_Ejecucion = f.ID_Ejecucion AND v.ID_Fund = f.ID_Fund
    WHERE e.ID_Fund IS NULL AND e.Estado IN ('COMPLETADO', 'COMPLETADO_CON_ERRORES') AND v.Estado = 'COMPLETADO'
  ) AS c
) AS u
WHERE u.Puesto = 1;
GRANT SELECT ON logs.vw_Ultimo_Servicio TO carril_lector;
