SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The executions of a process, in the order of their IDs. Accepts what logs.sp_Estado_Proceso accepts. A run of the old way that has
  a job is shown by fund, all under its one ID_Ejecucion; one without is one execution without a fund.

  Returns: many
    ID_Ejecucion     bigint          not null
    ID_Fund          int             null
    FundShortName    nvarchar(100)   null
    Estado           varchar(50)     not null
    Servicio_Actual  varchar(50)     null      while it runs; for ERROR the one that failed
    Intento          int             null
    Poseedor         nvarchar(200)   null      who holds its lease
    FechaInicio      datetime2(3)    null
    FechaFin         datetime2(3)    null
    Mensaje_Error    nvarchar(4000)  null
  Errors: 50400, 50404
  Touches: trabajo.Chunks read, logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Servicios read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Estado_Ejecuciones
  @ID_Proceso bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @ID bigint;
  DECLARE @Suyas TABLE (ID_Ejecucion bigint NOT NULL PRIMARY KEY);

  EXEC logs.sp_Resolver_Proceso @ID = @ID_Proceso, @ID_Proceso = @ID OUTPUT;

  -- dos busquedas por indice, en vez de un OR que recorreria la historia
  INSERT INTO @Suyas (ID_Ejecucion)
  SELECT e.ID_Ejecucion FROM logs.Ejecuciones AS e WHERE e.ID_Proceso = @ID
  UNION ALL
  SELECT e.ID_Ejecucion FROM logs.Ejecuciones AS e WHERE e.ID_Ejecucion = @ID AND e.ID_Proceso IS NULL;

  SELECT
    v.ID_Ejecucion, v.ID_Fund, v.FundShortName, v.Estado,
    CASE WHEN v.Estado = 'ERROR' THEN fallido.Servicio ELSE v.Servicio_Actual END AS Servicio_Actual,
    v.Intento, v.Poseedor, v.FechaInicio, v.FechaFin, v.Mensaje_Error
  FROM @Suyas AS x
  INNER JOIN logs.vw_Ejecuciones AS v ON v.ID_Ejecucion = x.ID_Ejecucion
  -- sin servicio marcado (se perdio el trabajador), el primero sin terminar
  OUTER APPLY (
    SELECT TOP (1) w.Servicio
    FROM logs.vw_Ejecucion_Servicios AS w
    INNER JOIN logs.Servicios AS s ON s.Servicio = w.Servicio
    WHERE w.ID_Ejecucion = v.ID_Ejecucion AND w.ID_Fund = v.ID_Fund AND v.Estado = 'ERROR'
      AND w.Estado NOT IN ('COMPLETADO', 'OMITIDO')
    ORDER BY CASE WHEN w.Estado = 'ERROR' THEN 0 ELSE 1 END, s.Orden
  ) AS fallido
  WHERE NOT (v.ID_Fund IS NULL AND EXISTS (
    SELECT 1 FROM logs.Procesos AS p WHERE p.ID_Proceso = v.ID_Proceso AND p.ID_Trabajo IS NOT NULL))

  UNION ALL

  SELECT
    f.ID_Ejecucion, f.ID_Fund, f.FundShortName, d.Estado,
    CASE WHEN d.Estado IN ('EN_PROGRESO', 'ERROR') THEN servicio.Servicio END, c.Intento, c.Poseedor,
    COALESCE(f.FechaInicio, c.Inicio), COALESCE(f.FechaFin, c.Fin),
    CASE WHEN d.Estado <> 'COMPLETADO' THEN COALESCE(f.Mensaje_Error, c.Ultimo_Error, extraccion.Ultimo_Error) END
  FROM logs.Procesos AS p
  INNER JOIN logs.Ejecuciones AS e ON e.ID_Proceso = p.ID_Proceso AND e.ID_Fund IS NULL
  INNER JOIN logs.Ejecucion_Fondos AS f ON f.ID_Ejecucion = e.ID_Ejecucion
  INNER JOIN trabajo.Chunks AS extraccion ON extraccion.ID_Trabajo = p.ID_Trabajo AND extraccion.Orden = 0
  LEFT JOIN trabajo.Chunks AS c ON c.ID_Trabajo = p.ID_Trabajo AND c.Rango_Inicio = f.ID_Fund
  CROSS APPLY (
    SELECT CASE
      -- sin chunk: la extraccion no ha terminado, o no termino bien
      WHEN COALESCE(c.Estado, extraccion.Estado) NOT IN ('PENDIENTE', 'COMPLETADO') THEN COALESCE(c.Estado, extraccion.Estado)
      WHEN c.Estado = 'COMPLETADO' THEN c.Estado
      WHEN c.Expira >= SYSUTCDATETIME() THEN 'EN_PROGRESO'
      ELSE 'PENDIENTE'
    END AS Estado
  ) AS d
  OUTER APPLY (
    SELECT TOP (1) w.Servicio
    FROM logs.vw_Ejecucion_Servicios AS w
    INNER JOIN logs.Servicios AS s ON s.Servicio = w.Servicio
    WHERE w.ID_Ejecucion = f.ID_Ejecucion AND w.ID_Fund = f.ID_Fund AND w.Estado NOT IN ('COMPLETADO', 'OMITIDO')
    ORDER BY CASE WHEN w.Estado = 'ERROR' THEN 0 ELSE 1 END, s.Orden
  ) AS servicio
  WHERE p.ID_Proceso = @ID AND p.Arquitectura = 'LEGADO'
  ORDER BY ID_Ejecucion, ID_Fund;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Estado_Ejecuciones TO carril_app;
GRANT EXECUTE ON OBJECT::logs.sp_Estado_Ejecuciones TO carril_lector;
GO
