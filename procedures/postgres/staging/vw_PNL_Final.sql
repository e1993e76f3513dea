SET LOCAL ROLE carril_dueno;

/*
  staging.PNL_Final of each fund's and date's last completed execution that ran PNL.

  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.PNL_Final read
  Since: 023
*/
CREATE OR REPLACE VIEW staging.vw_PNL_Final AS
SELECT
  u.FechaReporte, u.ID_Fund, u.FundShortName, u.ID_Proceso, u.ID_Ejecucion, x.InvestID, x.FechaAnterior,
  x.Cambio_Valor, x.Efecto_Precio, x.Efecto_Cantidad
FROM logs.vw_Ultimo_Servicio AS u
INNER JOIN staging.PNL_Final AS x ON x.ID_Ejecucion = u.ID_Ejecucion AND x.ID_Fund = u.ID_Fund
WHERE u.Servicio = 'PNL';
GRANT SELECT ON staging.vw_PNL_Final TO carril_lector;
