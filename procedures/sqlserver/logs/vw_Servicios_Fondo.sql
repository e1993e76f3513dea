SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  A fund's services in an execution, one a row, with what they need and the message of the one that failed. Orden and Depende_De
  are those of today, and NULL for a service that is not in the catalogue any more.

  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Servicios read
  Since: 014
*/
CREATE OR ALTER VIEW logs.vw_Servicios_Fondo
AS
SELECT
  e.FechaReporte, e.ID_Proceso, e.ID_Ejecucion, f.ID_Fund, f.FundShortName, s.Orden, v.Servicio, v.Estado, s.Depende_De,
  CASE WHEN v.Estado = 'ERROR' THEN f.Mensaje_Error END AS Mensaje_Error
FROM logs.Ejecuciones AS e
INNER JOIN logs.Ejecucion_Fondos AS f ON f.ID_Ejecucion = e.ID_Ejecucion
INNER JOIN logs.vw_Ejecucion_Servicios AS v ON v.ID_Ejecucion = f.ID_Ejecucion AND v.ID_Fund = f.ID_Fund
LEFT JOIN logs.Servicios AS s ON s.Servicio = v.Servicio;
GO
GRANT SELECT ON OBJECT::logs.vw_Servicios_Fondo TO carril_lector;
GO
