SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The executions of a process, in the order of their IDs. Accepts what logs.sp_Estado_Proceso accepts; a run of the old way is one
  execution without a fund.

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
  ORDER BY v.ID_Ejecucion;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Estado_Ejecuciones TO carril_app;
GRANT EXECUTE ON OBJECT::logs.sp_Estado_Ejecuciones TO carril_lector;
GO
