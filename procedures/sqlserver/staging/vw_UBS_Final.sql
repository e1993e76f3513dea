SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  staging.UBS_Final of each fund's and date's last completed execution that ran UBS.

  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.UBS_Final read
  Since: 023
*/
CREATE OR ALTER VIEW staging.vw_UBS_Final
AS
SELECT
  u.FechaReporte, u.ID_Fund, u.FundShortName, u.ID_Proceso, u.ID_Ejecucion, x.InvestID, x.Tipo_Diferencia,
  x.Cantidad_IPA, x.Cantidad_UBS, x.Diferencia
FROM logs.vw_Ultimo_Servicio AS u
INNER JOIN staging.UBS_Final AS x ON x.ID_Ejecucion = u.ID_Ejecucion AND x.ID_Fund = u.ID_Fund
WHERE u.Servicio = 'UBS';
GO
GRANT SELECT ON OBJECT::staging.vw_UBS_Final TO carril_lector;
GO
