SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  What a process produced for each of its funds in service IPA, by fund name. Accepts what logs.sp_Estado_Proceso accepts. Amounts
  as text with two decimals, rounded half away from zero.

  Returns: many
    FundShortName    nvarchar(100)  not null
    ID_Ejecucion     bigint         not null
    ID_Proceso       bigint         null      null for a run of the old way that has no process yet
    Estado           varchar(50)    not null  of the execution
    Lineas           int            not null
    Lineas_Efectivo  int            not null
    Valor_Total      varchar(40)    not null
    Suma_Pesos       varchar(40)    not null
    Repreciadas      int            not null
  Errors: 50400, 50404
  Touches: trabajo.Chunks read, logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Servicios read, staging.IPA_Final read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Resultados_Proceso
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
    f.FundShortName, v.ID_Ejecucion, v.ID_Proceso, v.Estado,
    COALESCE(n.Lineas, 0) AS Lineas,
    COALESCE(n.Lineas_Efectivo, 0) AS Lineas_Efectivo,
    CONVERT(varchar(40), CONVERT(decimal(28, 2), COALESCE(n.Valor_Total, 0))) AS Valor_Total,
    CONVERT(varchar(40), CONVERT(decimal(28, 2), COALESCE(n.Suma_Pesos, 0))) AS Suma_Pesos,
    COALESCE(n.Repreciadas, 0) AS Repreciadas
  FROM @Suyas AS x
  INNER JOIN logs.vw_Ejecuciones AS v ON v.ID_Ejecucion = x.ID_Ejecucion
  INNER JOIN logs.Ejecucion_Fondos AS f ON f.ID_Ejecucion = v.ID_Ejecucion
  OUTER APPLY (
    SELECT
      SUM(i.Lineas) AS Lineas,
      SUM(CASE WHEN i.Es_Efectivo = 1 THEN i.Lineas ELSE 0 END) AS Lineas_Efectivo,
      SUM(i.ValorMercado) AS Valor_Total,
      SUM(i.Peso) AS Suma_Pesos,
      SUM(i.Repreciadas) AS Repreciadas
    FROM staging.IPA_Final AS i
    WHERE i.ID_Ejecucion = f.ID_Ejecucion AND i.ID_Fund = f.ID_Fund
  ) AS n
  ORDER BY f.FundShortName;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Resultados_Proceso TO carril_app;
GRANT EXECUTE ON OBJECT::logs.sp_Resultados_Proceso TO carril_lector;
GO
