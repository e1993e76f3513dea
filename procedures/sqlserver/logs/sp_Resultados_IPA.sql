SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The rows of staging.IPA_Final that a process made, of one fund or of all, by fund name. Accepts what logs.sp_Estado_Proceso
  accepts. Amounts as text, with all their decimals.

  Returns: many
    FundShortName        nvarchar(100)  not null
    ID_Ejecucion         bigint         not null
    InvestID             nvarchar(100)  not null
    Descripcion          nvarchar(200)  not null
    Moneda               char(3)        not null
    Cantidad             varchar(40)    not null
    PrecioLocal          varchar(40)    null
    ValorMercado         varchar(40)    not null
    Peso                 varchar(40)    not null
    Lineas               int            not null
    Repreciadas          int            not null
    Es_Efectivo          bit            not null
  Errors: 50400, 50404
  Touches: logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.IPA_Final read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Resultados_IPA
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
    x.Moneda,
    CONVERT(varchar(40), x.Cantidad) AS Cantidad,
    CONVERT(varchar(40), x.PrecioLocal) AS PrecioLocal,
    CONVERT(varchar(40), x.ValorMercado) AS ValorMercado,
    CONVERT(varchar(40), x.Peso) AS Peso,
    x.Lineas,
    x.Repreciadas,
    x.Es_Efectivo
  FROM @Suyas AS s
  INNER JOIN logs.Ejecucion_Fondos AS f ON f.ID_Ejecucion = s.ID_Ejecucion
  INNER JOIN staging.IPA_Final AS x ON x.ID_Ejecucion = f.ID_Ejecucion AND x.ID_Fund = f.ID_Fund
  WHERE @Fondo IS NULL OR f.FundShortName = @Fondo
  ORDER BY f.FundShortName, x.InvestID;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Resultados_IPA TO carril_app;
GRANT EXECUTE ON OBJECT::logs.sp_Resultados_IPA TO carril_lector;
GO
