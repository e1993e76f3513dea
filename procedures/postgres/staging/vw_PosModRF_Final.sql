SET LOCAL ROLE carril_dueno;

/*
  staging.PosModRF_Final of each fund's and date's last completed execution that ran PosModRF.

  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.PosModRF_Final read
  Since: 023
*/
CREATE OR REPLACE VIEW staging.vw_PosModRF_Final AS
SELECT
  u.FechaReporte, u.ID_Fund, u.FundShortName, u.ID_Proceso, u.ID_Ejecucion, x.InvestID, x.Descripcion, x.Nominal,
  x.ValorMercado, x.Peso, x.DuracionModificada, x.Contribucion, x.Duracion_Fondo
FROM logs.vw_Ultimo_Servicio AS u
INNER JOIN staging.PosModRF_Final AS x ON x.ID_Ejecucion = u.ID_Ejecucion AND x.ID_Fund = u.ID_Fund
WHERE u.Servicio = 'PosModRF';
GRANT SELECT ON staging.vw_PosModRF_Final TO carril_lector;
