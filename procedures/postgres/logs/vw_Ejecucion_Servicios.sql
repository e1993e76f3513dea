SET LOCAL ROLE carril_dueno;

/*
  The services of each execution, one a row: what logs.Ejecucion_Fondos holds as columns.

  Touches: logs.Ejecucion_Fondos read
  Since: 006
*/
CREATE OR REPLACE VIEW logs.vw_Ejecucion_Servicios AS
SELECT f.ID_Ejecucion, f.ID_Fund, s.Servicio, s.Estado
FROM logs.Ejecucion_Fondos AS f
CROSS JOIN LATERAL (VALUES
  ('IPA'::varchar(50), f.Estado_Process_IPA),
  ('CAPM', f.Estado_Process_CAPM),
  ('PosModRF', f.Estado_Process_PosModRF),
  ('SONA', f.Estado_Process_SONA),
  ('Derivados', f.Estado_Process_Derivados),
  ('UBS', f.Estado_Process_UBS),
  ('PNL', f.Estado_Process_PNL)
) AS s (Servicio, Estado);
GRANT SELECT ON logs.vw_Ejecucion_Servicios TO carril_lector;
