SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The last completed execution of each fund and date: of several the one that began last. A run of the old way counts for those
  of its funds that finished every service.

  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read
  Since: 013
*/
CREATE OR ALTER VIEW logs.vw_Ultima_Ejecucion
AS
SELECT u.ID_Fund, u.FundShortName, u.FechaReporte, u.ID_Ejecucion, u.ID_Proceso, u.FechaInicio, u.FechaFin
FROM (
  SELECT
    c.ID_Fund, c.FundShortName, c.FechaReporte, c.ID_Ejecucion, c.ID_Proceso, c.FechaInicio, c.FechaFin,
    ROW_NUMBER() OVER (
      PARTITION BY c.ID_Fund, c.FechaReporte ORDER BY c.FechaInicio DESC, c.ID_Ejecucion DESC) AS Puesto
  FROM (
    SELECT e.ID_Fund, f.FundShortName, e.FechaReporte, e.ID_Ejecucion, e.ID_Proceso, e.FechaInicio, e.FechaFin
    FROM logs.Ejecuciones AS e
    INNER JOIN logs.Ejecucion_Fondos AS f ON f.ID_Ejecucion = e.ID_Ejecucion AND f.ID_Fund = e.ID_Fund
    WHERE e.Estado = 'COMPLETADO'
    UNION ALL
    -- heredadas: una ejecucion para todos los fondos; vale para los que terminaron todos sus servicios
    SELECT f.ID_Fund, f.FundShortName, e.FechaReporte, e.ID_Ejecucion, e.ID_Proceso, e.FechaInicio, e.FechaFin
    FROM logs.Ejecuciones AS e
    INNER JOIN logs.Ejecucion_Fondos AS f ON f.ID_Ejecucion = e.ID_Ejecucion
    WHERE e.ID_Fund IS NULL AND e.Estado IN ('COMPLETADO', 'COMPLETADO_CON_ERRORES')
      AND 'COMPLETADO' IN (
        f.Estado_Process_IPA, f.Estado_Process_CAPM, f.Estado_Process_PosModRF, f.Estado_Process_SONA,
        f.Estado_Process_Derivados, f.Estado_Process_UBS, f.Estado_Process_PNL)
      AND NOT EXISTS (
        SELECT 1 FROM logs.vw_Ejecucion_Servicios AS v
        WHERE v.ID_Ejecucion = f.ID_Ejecucion AND v.ID_Fund = f.ID_Fund AND v.Estado NOT IN ('COMPLETADO', 'OMITIDO'))
  ) AS c
) AS u
WHERE u.Puesto = 1;
GO
GRANT SELECT ON OBJECT::logs.vw_Ultima_Ejecucion TO carril_lector;
GO
