SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The services of each execution, one a row: what logs.Ejecucion_Fondos holds as columns.

  Touches: logs.Ejecucion_Fondos read
  Since: 006
*/
CREATE OR ALTER VIEW logs.vw_Ejecucion_Servicios
AS
SELECT f.ID_Ejecucion, f.ID_Fund, s.Servicio, s.Estado
FROM logs.Ejecucion_Fondos AS f
CROSS APPLY (VALUES
  (CONVERT(varchar(50), 'IPA'), f.Estado_Process_IPA),
  ('CAPM', f.Estado_Process_CAPM),
  ('PosModRF', f.Estado_Process_PosModRF),
  ('SONA', f.Estado_Process_SONA),
  ('Derivados', f.Estado_Process_Derivados),
  ('UBS', f.Estado_Process_UBS),
  ('PNL', f.Estado_Process_PNL)
) AS s (Servicio, Estado);
GO
GRANT SELECT ON OBJECT::logs.vw_Ejecucion_Servicios TO carril_lector;
GO
