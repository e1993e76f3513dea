-- carril: respaldo logs.Servicios, logs.Servicio_Procedimientos
/*
  Revierte 023: quita los pasos que puso y los servicios que con eso quedan sin ninguno. Un servicio al que el sitio agrego
  pasos propios queda con ellos, pero inactivo: sin los nuestros ya no es el mismo. De uno que era del sitio no se toca nada.
*/
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
DECLARE @Quitados TABLE (Servicio varchar(50) NOT NULL);

DELETE p
OUTPUT deleted.Servicio INTO @Quitados (Servicio)
FROM logs.Servicio_Procedimientos AS p
INNER JOIN (VALUES
  ('CAPM', 1, N'extract.Extract_CAPM'),
  ('CAPM', 2, N'staging.CAPM_01_Saldos'),
  ('CAPM', 3, N'staging.CAPM_02_Final'),
  ('PosModRF', 1, N'extract.Extract_PosModRF'),
  ('PosModRF', 2, N'staging.PosModRF_01_Posiciones'),
  ('PosModRF', 3, N'staging.PosModRF_02_Final'),
  ('SONA', 1, N'extract.Extract_SONA'),
  ('SONA', 2, N'staging.SONA_01_Pendientes'),
  ('SONA', 3, N'staging.SONA_02_Final'),
  ('Derivados', 1, N'extract.Extract_Derivados'),
  ('Derivados', 2, N'staging.Derivados_01_Posiciones'),
  ('Derivados', 3, N'staging.Derivados_02_Final'),
  ('UBS', 1, N'extract.Extract_UBS'),
  ('UBS', 2, N'staging.UBS_01_Posiciones'),
  ('UBS', 3, N'staging.UBS_02_Final'),
  ('PNL', 1, N'staging.PNL_01_Comparacion'),
  ('PNL', 2, N'staging.PNL_02_Final')
) AS n (Servicio, Orden, Procedimiento)
  ON n.Servicio = p.Servicio AND n.Orden = p.Orden AND n.Procedimiento = p.Procedimiento;

UPDATE s
SET Activo = 0
FROM logs.Servicios AS s
WHERE EXISTS (SELECT 1 FROM @Quitados AS q WHERE q.Servicio = s.Servicio);

-- los que quedaron inactivos y sin pasos, salvo que un servicio del sitio dependa de ellos
DELETE s
FROM logs.Servicios AS s
WHERE s.Servicio IN ('CAPM', 'PosModRF', 'SONA', 'Derivados', 'UBS', 'PNL')
  AND s.Activo = 0
  AND NOT EXISTS (SELECT 1 FROM logs.Servicio_Procedimientos AS p WHERE p.Servicio = s.Servicio)
  AND NOT EXISTS (SELECT 1 FROM logs.Servicios AS d WHERE d.Depende_De = s.Servicio);
GO
