SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  staging.SONA_Final of each fund's and date's last completed execution that ran SONA.

  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.SONA_Final read
  Since: 023
*/
CREATE OR ALTER VIEW staging.vw_SONA_Final
AS
SELECT
  u.FechaReporte, u.ID_Fund, u.FundShortName, u.ID_Proceso, u.ID_Ejecucion, x.InvestID, x.Moneda,
  x.Cantidad_Pendiente, x.Monto_Pendiente, x.Operaciones
FROM logs.vw_Ultimo_Servicio AS u
INNER JOIN staging.SONA_Final AS x ON x.ID_Ejecucion = u.ID_Ejecucion AND x.ID_Fund = u.ID_Fund
WHERE u.Servicio = 'SONA';
GO
GRANT SELECT ON OBJECT::staging.vw_SONA_Final TO carril_lector;
GO
