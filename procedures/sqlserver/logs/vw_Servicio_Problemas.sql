SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  What is wrong with the services that are active, one row a problem; none when they can be run. A process is not started while
  there is one: found in the middle of a night, half of the funds would have run by then.

  Touches: logs.Servicios read, logs.Servicio_Procedimientos read
  Since: 014
*/
CREATE OR ALTER VIEW logs.vw_Servicio_Problemas
AS
-- de cada servicio, de quien depende, y ese de quien: hasta volver a el, o 50 pasos
WITH Camino (Desde, Hasta, Largo, Ruta) AS (
  SELECT s.Servicio, s.Depende_De, 1, CONVERT(nvarchar(2000), CONCAT(s.Servicio, N' -> ', s.Depende_De))
  FROM logs.Servicios AS s
  WHERE s.Activo = 1 AND s.Depende_De IS NOT NULL
  UNION ALL
  SELECT c.Desde, s.Depende_De, c.Largo + 1, CONVERT(nvarchar(2000), CONCAT(c.Ruta, N' -> ', s.Depende_De))
  FROM Camino AS c
  INNER JOIN logs.Servicios AS s ON s.Servicio = c.Hasta
  WHERE s.Activo = 1 AND s.Depende_De IS NOT NULL AND c.Hasta <> c.Desde AND c.Largo < 50
)
SELECT
  c.Desde AS Servicio, CONVERT(int, NULL) AS Orden, CONVERT(varchar(30), 'CICLO') AS Problema,
  CONVERT(nvarchar(2048), CONCAT(N'el servicio ', c.Desde, N' depende de si mismo: ', c.Ruta)) AS Detalle
FROM Camino AS c
WHERE c.Hasta = c.Desde

UNION ALL

SELECT
  s.Servicio, CONVERT(int, NULL), 'ORDEN',
  CONCAT(N'el servicio ', s.Servicio, N' (Orden ', s.Orden, N') depende de ', d.Servicio, N', que va despues (Orden ',
    d.Orden, N')')
FROM logs.Servicios AS s
INNER JOIN logs.Servicios AS d ON d.Servicio = s.Depende_De
WHERE s.Activo = 1 AND d.Activo = 1 AND d.Orden > s.Orden
  AND NOT EXISTS (SELECT 1 FROM Camino AS c WHERE c.Desde = s.Servicio AND c.Hasta = s.Servicio)

UNION ALL

SELECT
  s.Servicio, CONVERT(int, NULL), 'DEPENDENCIA_INACTIVA',
  CONCAT(N'el servicio ', s.Servicio, N' depende de ', d.Servicio, N', que no esta activo')
FROM logs.Servicios AS s
INNER JOIN logs.Servicios AS d ON d.Servicio = s.Depende_De
WHERE s.Activo = 1 AND d.Activo = 0

UNION ALL

SELECT
  s.Servicio, CONVERT(int, NULL), 'SIN_COLUMNA',
  CONCAT(N'el servicio ', s.Servicio, N' no tiene columna de estado en logs.Ejecucion_Fondos')
FROM logs.Servicios AS s
WHERE s.Activo = 1 AND s.Servicio NOT IN ('IPA', 'CAPM', 'PosModRF', 'SONA', 'Derivados', 'UBS', 'PNL')

UNION ALL

SELECT
  s.Servicio, CONVERT(int, NULL), 'SIN_PROCEDIMIENTOS',
  CONCAT(N'el servicio ', s.Servicio, N' no tiene procedimientos en logs.Servicio_Procedimientos')
FROM logs.Servicios AS s
WHERE s.Activo = 1 AND NOT EXISTS (SELECT 1 FROM logs.Servicio_Procedimientos AS p WHERE p.Servicio = s.Servicio)

UNION ALL

-- las mismas condiciones que logs.sp_Resolver_Paso
SELECT
  s.Servicio, p.Orden, 'PROCEDIMIENTO',
  CONCAT(N'el paso ', p.Orden, N' del servicio ', s.Servicio, N' es ', p.Procedimiento,
    N', que no existe como procedimiento de los esquemas extract o staging')
FROM logs.Servicios AS s
INNER JOIN logs.Servicio_Procedimientos AS p ON p.Servicio = s.Servicio
WHERE s.Activo = 1
  AND (PARSENAME(p.Procedimiento, 3) IS NOT NULL
    OR COALESCE(PARSENAME(p.Procedimiento, 2), N'') NOT IN (N'extract', N'staging')
    OR COALESCE(OBJECTPROPERTY(
      OBJECT_ID(CONCAT(QUOTENAME(PARSENAME(p.Procedimiento, 2)), N'.', QUOTENAME(PARSENAME(p.Procedimiento, 1)))),
      'IsProcedure'), 0) = 0);
GO
