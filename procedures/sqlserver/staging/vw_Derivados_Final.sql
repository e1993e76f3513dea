SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  staging.Derivados_Final of each fund's and date's last completed execution that ran Derivados.

  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.Derivados_Final read
  Since: 023
*/
CREATE OR ALTER VIEW staging.vw_Derivados_Final
AS
SELECT
  u.FechaReporte, u.ID_Fund, u.FundShortName, u.ID_Proceso, u.ID_Ejecucion, x.InvestID, x.Descripcion, x.Nocional,
  x.ValorMercado, x.Exposicion_Delta
FROM logs.vw_Ultimo_Servicio AS u
INNER JOIN staging.Derivados_Final AS x ON x.ID_Ejecucion = u.ID_Ejecucion AND x.ID_Fund = u.ID_Fund
WHERE u.Servicio = 'Derivados';
GO
GRANT SELECT ON OBJECT::staging.vw_Derivados_Final TO carril_lector;
GO
