SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  staging.IPA_Final of each fund's and date's last completed execution that ran IPA.

  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.IPA_Final read
  Since: 023
*/
CREATE OR ALTER VIEW staging.vw_IPA_Final
AS
SELECT
  u.FechaReporte, u.ID_Fund, u.FundShortName, u.ID_Proceso, u.ID_Ejecucion, x.InvestID, x.Descripcion, x.Moneda,
  x.Cantidad, x.PrecioLocal, x.ValorMercado, x.Peso, x.Lineas, x.Repreciadas, x.Es_Efectivo
FROM logs.vw_Ultimo_Servicio AS u
INNER JOIN staging.IPA_Final AS x ON x.ID_Ejecucion = u.ID_Ejecucion AND x.ID_Fund = u.ID_Fund
WHERE u.Servicio = 'IPA';
GO
GRANT SELECT ON OBJECT::staging.vw_IPA_Final TO carril_lector;
GO
