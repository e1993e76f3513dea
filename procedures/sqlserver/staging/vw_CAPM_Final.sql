SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  staging.CAPM_Final of each fund's and date's last completed execution that ran CAPM.

  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.CAPM_Final read
  Since: 023
*/
CREATE OR ALTER VIEW staging.vw_CAPM_Final
AS
SELECT
  u.FechaReporte, u.ID_Fund, u.FundShortName, u.ID_Proceso, u.ID_Ejecucion, x.Patrimonio_Contable, x.Total_IPA,
  x.Diferencia, x.Diferencia_PB
FROM logs.vw_Ultimo_Servicio AS u
INNER JOIN staging.CAPM_Final AS x ON x.ID_Ejecucion = u.ID_Ejecucion AND x.ID_Fund = u.ID_Fund
WHERE u.Servicio = 'CAPM';
GO
GRANT SELECT ON OBJECT::staging.vw_CAPM_Final TO carril_lector;
GO
