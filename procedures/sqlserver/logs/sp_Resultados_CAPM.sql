SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The rows of staging.CAPM_Final that a process made, of one fund or of all, by fund name. Accepts what logs.sp_Estado_Proceso
  accepts. Amounts as text, with all their decimals.

  Returns: many
    FundShortName        nvarchar(100)  not null
    ID_Ejecucion         bigint         not null
    Patrimonio_Contable  varchar(40)    not null
    Total_IPA            varchar(40)    not null
    Diferencia           varchar(40)    not null
    Diferencia_PB        varchar(40)    null
  Errors: 50400, 50404
  Touches: logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.CAPM_Final read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Resultados_CAPM
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
    CONVERT(varchar(40), x.Patrimonio_Contable) AS Patrimonio_Contable,
    CONVERT(varchar(40), x.Total_IPA) AS Total_IPA,
    CONVERT(varchar(40), x.Diferencia) AS Diferencia,
    CONVERT(varchar(40), x.Diferencia_PB) AS Diferencia_PB
  FROM @Suyas AS s
  INNER JOIN logs.Ejecucion_Fondos AS f ON f.ID_Ejecucion = s.ID_Ejecucion
  INNER JOIN staging.CAPM_Final AS x ON x.ID_Ejecucion = f.ID_Ejecucion AND x.ID_Fund = f.ID_Fund
  WHERE @Fondo IS NULL OR f.FundShortName = @Fondo
  ORDER BY f.FundShortName;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Resultados_CAPM TO carril_app;
GRANT EXECUTE ON OBJECT::logs.sp_Resultados_CAPM TO carril_lector;
GO
