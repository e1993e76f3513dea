/*
  023: los otros seis servicios del fondo en el catalogo (IPA es de la 014), en el orden en que corren, con sus pasos.
  Lo que el sitio haya puesto antes queda como esta: un servicio que ya existe no se toca, ni sus pasos; si un orden esta
  ocupado, los nuevos van despues de todos los que hay.
*/
SET LOCAL ROLE carril_dueno;

DO $servicios$
DECLARE
  v_base integer;
  v_nuevos text[];
BEGIN
  SELECT array_agg(n.servicio) INTO v_nuevos
  FROM unnest(ARRAY['CAPM', 'PosModRF', 'SONA', 'Derivados', 'UBS', 'PNL']) AS n (servicio)
  WHERE NOT EXISTS (SELECT FROM logs.Servicios AS s WHERE s.Servicio = n.servicio);

  SELECT CASE WHEN bool_or(s.Orden BETWEEN 2 AND 7) THEN max(s.Orden) ELSE 1 END INTO v_base FROM logs.Servicios AS s;

  INSERT INTO logs.Servicios (Servicio, Orden, Flag, Depende_De)
  SELECT n.servicio, v_base + n.orden, n.flag, n.depende_de
  FROM (VALUES
    ('CAPM', 1, NULL, 'IPA'),
    ('PosModRF', 2, NULL, NULL),
    ('SONA', 3, NULL, NULL),
    ('Derivados', 4, 'Flag_Derivados', NULL),
    ('UBS', 5, 'Flag_UBS', 'IPA'),
    ('PNL', 6, NULL, 'IPA')
  ) AS n (servicio, orden, flag, depende_de)
  WHERE n.servicio = ANY (v_nuevos);

  INSERT INTO logs.Servicio_Procedimientos (Servicio, Orden, Procedimiento)
  SELECT n.servicio, n.orden, n.procedimiento
  FROM (VALUES
    ('CAPM', 1, 'extract.Extract_CAPM'),
    ('CAPM', 2, 'staging.CAPM_01_Saldos'),
    ('CAPM', 3, 'staging.CAPM_02_Final'),
    ('PosModRF', 1, 'extract.Extract_PosModRF'),
    ('PosModRF', 2, 'staging.PosModRF_01_Posiciones'),
    ('PosModRF', 3, 'staging.PosModRF_02_Final'),
    ('SONA', 1, 'extract.Extract_SONA'),
    ('SONA', 2, 'staging.SONA_01_Pendientes'),
    ('SONA', 3, 'staging.SONA_02_Final'),
    ('Derivados', 1, 'extract.Extract_Derivados'),
    ('Derivados', 2, 'staging.Derivados_01_Posiciones'),
    ('Derivados', 3, 'staging.Derivados_02_Final'),
    ('UBS', 1, 'extract.Extract_UBS'),
    ('UBS', 2, 'staging.UBS_01_Posiciones'),
    ('UBS', 3, 'staging.UBS_02_Final'),
    ('PNL', 1, 'staging.PNL_01_Comparacion'),
    ('PNL', 2, 'staging.PNL_02_Final')
  ) AS n (servicio, orden, procedimiento)
  WHERE n.servicio = ANY (v_nuevos);
END
$servicios$;

-- las vistas de los resultados: sin USAGE nadie nombra lo que hay en el esquema; las tablas siguen sin permiso
GRANT USAGE ON SCHEMA staging TO carril_lector;
