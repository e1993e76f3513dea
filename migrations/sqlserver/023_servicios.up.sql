/*
  023: los otros seis servicios del fondo en el catalogo (IPA es de la 014), en el orden en que corren, con sus pasos.
  Lo que el sitio haya puesto antes queda como esta: un servicio que ya existe no se toca, ni sus pasos; si un orden esta
  ocupado, los nuevos van despues de todos los que hay.
*/
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
DECLARE @Base int;
DECLARE @Nuevos TABLE (Servicio varchar(50) NOT NULL PRIMARY KEY);

SELECT @Base = CASE WHEN MAX(CASE WHEN s.Orden BETWEEN 2 AND 7 THEN 1 ELSE 0 END) = 1 THEN MAX(s.Orden) ELSE 1 END
FROM logs.Servicios AS s;

INSERT INTO logs.Servicios (Servicio, Orden, Flag, Depende_De)
OUTPUT inserted.Servicio INTO @Nuevos (Servicio)
SELECT n.Servicio, @Base + n.Orden, n.Flag, n.Depende_De
FROM (VALUES
  ('CAPM', 1, NULL, 'IPA'),
  ('PosModRF', 2, NULL, NULL),
  ('SONA', 3, NULL, NULL),
  ('Derivados', 4, 'Flag_Derivados', NULL),
  ('UBS', 5, 'Flag_UBS', 'IPA'),
  ('PNL', 6, NULL, 'IPA')
) AS n (Servicio, Orden, Flag, Depende_De)
WHERE NOT EXISTS (SELECT 1 FROM logs.Servicios AS s WHERE s.Servicio = n.Servicio);

INSERT INTO logs.Servicio_Procedimientos (Servicio, Orden, Procedimiento)
SELECT n.Servicio, n.Orden, n.Procedimiento
FROM (VALUES
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
INNER JOIN @Nuevos AS x ON x.Servicio = n.Servicio;
GO
