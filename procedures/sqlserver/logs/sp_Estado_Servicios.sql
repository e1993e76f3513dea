SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The services of a process, fund by fund in the order in which they run: those that logs.Servicios knows. Accepts what
  logs.sp_Estado_Proceso accepts.

  Returns: many
    ID_Ejecucion   bigint         not null
    ID_Fund        int            not null
    FundShortName  nvarchar(100)  not null
    Servicio       varchar(50)    not null
    Orden          int            not null
    Estado         varchar(50)    not null
  Errors: 50400, 50404
  Touches: logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Servicios read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Estado_Servicios
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

  SELECT f.ID_Ejecucion, f.ID_Fund, f.FundShortName, v.Servicio, s.Orden, v.Estado
  FROM @Suyas AS x
  INNER JOIN logs.Ejecucion_Fondos AS f ON f.ID_Ejecucion = x.ID_Ejecucion
  INNER JOIN logs.vw_Ejecucion_Servicios AS v ON v.ID_Ejecucion = f.ID_Ejecucion AND v.ID_Fund = f.ID_Fund
  INNER JOIN logs.Servicios AS s ON s.Servicio = v.Servicio
  ORDER BY f.ID_Ejecucion, f.ID_Fund, s.Orden;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Estado_Servicios TO carril_app;
GRANT EXECUTE ON OBJECT::logs.sp_Estado_Servicios TO carril_lector;
GO
