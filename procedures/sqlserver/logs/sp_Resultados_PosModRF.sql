SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The rows of staging.PosModRF_Final that a process made, of one fund or of all, by fund name. Accepts what logs.sp_Estado_Proceso
  accepts. Amounts as text, with all their decimals.

  Returns: many
    FundShortName        nvarchar(100)  not null
    ID_Ejecucion         bigint         not null
    InvestID             nvarchar(100)  not null
    Descripcion          nvarchar(200)  not null
    Nominal              varchar(40)    not null
    ValorMercado         varchar(40)    not null
    Peso                 varchar(40)    not null
    DuracionModificada   varchar(40)    null
    Contribucion         varchar(40)    null
    Duracion_Fondo       varchar(40)    null
  Errors: 50400, 50404
  Touches: logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.PosModRF_Final read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Resultados_PosModRF
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
    x.Descripcion,
    CONVERT(varchar(40), x.Nominal) AS Nominal,
    CONVERT(varchar(40), x.ValorMercado) AS ValorMercado,
    CONVERT(varchar(40), x.Peso) AS Peso,
    CONVERT(varchar(40), x.DuracionModificada) AS DuracionModificada,
    CONVERT(varchar(40), x.Contribucion) AS Contribucion,
    CONVERT(varchar(40), x.Duracion_Fondo) AS Duracion_Fondo
  FROM @Suyas AS s
  INNER JOIN logs.Ejecucion_Fondos AS f ON f.ID_Ejecucion = s.ID_Ejecucion
  INNER JOIN staging.PosModRF_Final AS x ON x.ID_Ejecucion = f.ID_Ejecucion AND x.ID_Fund = f.ID_Fund
  WHERE @Fondo IS NULL OR f.FundShortName = @Fondo
  ORDER BY f.FundShortName, x.InvestID;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Resultados_PosModRF TO carril_app;
GRANT EXECUTE ON OBJECT::logs.sp_Resultados_PosModRF TO carril_lector;
GO
