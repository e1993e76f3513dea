-- carril: respaldo logs.Servicios, logs.Servicio_Procedimientos
/*
  Revierte 023: quita los pasos que puso y los servicios que con eso quedan sin ninguno. Un servicio al que el sitio agrego
  pasos propios queda con ellos, pero inactivo: sin los nuestros ya no es el mismo. De uno que era del sitio no se toca nada.
*/
SET LOCAL ROLE carril_dueno;

WITH quitados AS (
  DELETE FROM logs.Servicio_Procedimientos AS p
  USING (VALUES
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
  WHERE p.Servicio = n.servicio AND p.Orden = n.orden AND p.Procedimiento = n.procedimiento
  RETURNING p.Servicio
)
UPDATE logs.Servicios AS s SET Activo = false FROM quitados AS q WHERE q.Servicio = s.Servicio;

-- los que quedaron inactivos y sin pasos, salvo que un servicio del sitio dependa de ellos
DELETE FROM logs.Servicios AS s
WHERE s.Servicio IN ('CAPM', 'PosModRF', 'SONA', 'Derivados', 'UBS', 'PNL')
  AND NOT s.Activo
  AND NOT EXISTS (SELECT FROM logs.Servicio_Procedimientos AS p WHERE p.Servicio = s.Servicio)
  AND NOT EXISTS (SELECT FROM logs.Servicios AS d WHERE d.Depende_De = s.Servicio);

REVOKE USAGE ON SCHEMA staging FROM carril_lector;
