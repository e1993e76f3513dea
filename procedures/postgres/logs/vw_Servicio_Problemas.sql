SET LOCAL ROLE carril_dueno;

/*
  What is wrong with the services that are active, one row a problem; none when they can be run. A process is not started while
  there is one: found in the middle of a night, half of the funds would have run by then.

  Touches: logs.Servicios read, logs.Servicio_Procedimientos read
  Since: 014
*/
CREATE OR REPLACE VIEW logs.vw_Servicio_Problemas AS
-- de cada servicio, de quien depende, y ese de quien: hasta volver a el
WITH RECURSIVE camino AS (
  SELECT s.servicio AS desde, s.depende_de AS hasta, 1 AS largo, s.servicio || ' -> ' || s.depende_de AS ruta
  FROM logs.Servicios AS s
  WHERE s.activo AND s.depende_de IS NOT NULL
  UNION ALL
  SELECT c.desde, s.depende_de, c.largo + 1, c.ruta || ' -> ' || s.depende_de
  FROM camino AS c
  INNER JOIN logs.Servicios AS s ON s.servicio = c.hasta
  WHERE s.activo AND s.depende_de IS NOT NULL AND c.hasta <> c.desde AND c.largo < 50
)
SELECT
  c.desde AS Servicio, NULL::integer AS Orden, 'CICLO'::text AS Problema,
  format('el servicio %s depende de si mismo: %s', c.desde, c.ruta) AS Detalle
FROM camino AS c
WHERE c.hasta = c.desde

UNION ALL

SELECT
  s.servicio, NULL, 'ORDEN',
  format('el servicio %s (Orden %s) depende de %s, que va despues (Orden %s)', s.servicio, s.orden, d.servicio, d.orden)
FROM logs.Servicios AS s
INNER JOIN logs.Servicios AS d ON d.servicio = s.depende_de
WHERE s.activo AND d.activo AND d.orden > s.orden
  AND NOT EXISTS (SELECT FROM camino AS c WHERE c.desde = s.servicio AND c.hasta = s.servicio)

UNION ALL

SELECT
  s.servicio, NULL, 'DEPENDENCIA_INACTIVA',
  format('el servicio %s depende de %s, que no esta activo', s.servicio, d.servicio)
FROM logs.Servicios AS s
INNER JOIN logs.Servicios AS d ON d.servicio = s.depende_de
WHERE s.activo AND NOT d.activo

UNION ALL

SELECT
  s.servicio, NULL, 'SIN_COLUMNA',
  format('el servicio %s no tiene columna de estado en logs.Ejecucion_Fondos', s.servicio)
FROM logs.Servicios AS s
WHERE s.activo AND s.servicio NOT IN ('IPA', 'CAPM', 'PosModRF', 'SONA', 'Derivados', 'UBS', 'PNL')

UNION ALL

SELECT
  s.servicio, NULL, 'SIN_PROCEDIMIENTOS',
  format('el servicio %s no tiene procedimientos en logs.Servicio_Procedimientos', s.servicio)
FROM logs.Servicios AS s
WHERE s.activo AND NOT EXISTS (SELECT FROM logs.Servicio_Procedimientos AS p WHERE p.servicio = s.servicio)

UNION ALL

-- las mismas condiciones que logs.sp_Resolver_Paso
SELECT
  s.servicio, p.orden, 'PROCEDIMIENTO',
  format('el paso %s del servicio %s es %s, que no existe como funcion de los esquemas extract o staging', p.orden,
    s.servicio, p.procedimiento)
FROM logs.Servicios AS s
INNER JOIN logs.Servicio_Procedimientos AS p ON p.servicio = s.servicio
WHERE s.activo
  AND NOT EXISTS (
    SELECT
    FROM pg_catalog.pg_proc AS f
    INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = f.pronamespace
    WHERE n.nspname IN ('extract', 'staging')
      AND f.prokind = 'f'
      AND n.nspname = split_part(lower(p.procedimiento), '.', 1)
      AND f.proname = split_part(lower(p.procedimiento), '.', 2)
      AND n.nspname || '.' || f.proname = lower(p.procedimiento));
