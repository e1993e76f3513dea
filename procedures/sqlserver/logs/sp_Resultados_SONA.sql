SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The rows of staging.SONA_Final that a process made, of one fund or of all, by fund name. Accepts what logs.sp_Estado_Proceso
  accepts. Amounts as text, with all their decimals.

  Returns: many
    FundShortName        nvarchar(100)  not null
    ID_Ejecucion         bigint         not null
    InvestID             nvarchar(100)  not null
    Moneda               char(3)        not null
    Cantidad_Pendiente   varchar(40)    not null
    Monto_Pendiente      varchar(40)    not null
    Operaciones          int            not null
  Errors: 50400, 50404
  Touches: logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.SONA_Final read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Resultados_SONA
  @ID_Proceso bigint,
  @Fondo nvarchar(100) = NULL
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
    f.FundShortName, x.ID_Ejecucion,
    x.InvestID,
    x.Moneda,
    CONVERT(varchar(40), x.Cantidad_Pendiente) AS Cantidad_Pendiente,
    CONVERT(varchar(40), x.Monto_Pendiente) AS Monto_Pendiente,
    x.Operaciones
  FROM @Suyas AS s
  INNER JOIN logs.Ejecucion_Fondos AS f ON f.ID_Ejecucion = s.ID_Ejecucion
  INNER JOIN staging.SONA_Final AS x ON x.ID_Ejecucion = f.ID_Ejecucion AND x.ID_Fund = f.ID_Fund
  WHERE @Fondo IS NULL OR f.FundShortName = @Fondo
  ORDER BY f.FundShortName, x.InvestID, x.Moneda;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Resultados_SONA TO carril_app;
GRANT EXECUTE ON OBJECT::logs.sp_Resultados_SONA TO carril_lector;
GO
