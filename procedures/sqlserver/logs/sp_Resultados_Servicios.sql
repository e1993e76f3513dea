SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  How many rows each service of a process left for each of its funds, in the order in which they run. Accepts what
  logs.sp_Estado_Proceso accepts. Of the seven: a service of the site's own has its rows in tables of its own.

  Returns: many
    FundShortName  nvarchar(100)  not null
    ID_Ejecucion   bigint         not null
    Servicio       varchar(50)    not null
    Estado         varchar(50)    not null
    Filas          int            not null
  Errors: 50400, 50404
  Touches: logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Servicios read, staging.IPA_Final read, staging.CAPM_Final read, staging.PosModRF_Final read, staging.SONA_Final read, staging.Derivados_Final read, staging.UBS_Final read, staging.PNL_Final read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Resultados_Servicios
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
    f.FundShortName, f.ID_Ejecucion, v.Servicio, v.Estado,
    CASE v.Servicio
      WHEN 'IPA' THEN (
        SELECT COUNT(*) FROM staging.IPA_Final AS x
        WHERE x.ID_Ejecucion = f.ID_Ejecucion AND x.ID_Fund = f.ID_Fund)
      WHEN 'CAPM' THEN (
        SELECT COUNT(*) FROM staging.CAPM_Final AS x
        WHERE x.ID_Ejecucion = f.ID_Ejecucion AND x.ID_Fund = f.ID_Fund)
      WHEN 'PosModRF' THEN (
        SELECT COUNT(*) FROM staging.PosModRF_Final AS x
        WHERE x.ID_Ejecucion = f.ID_Ejecucion AND x.ID_Fund = f.ID_Fund)
      WHEN 'SONA' THEN (
        SELECT COUNT(*) FROM staging.SONA_Final AS x
        WHERE x.ID_Ejecucion = f.ID_Ejecucion AND x.ID_Fund = f.ID_Fund)
      WHEN 'Derivados' THEN (
        SELECT COUNT(*) FROM staging.Derivados_Final AS x
        WHERE x.ID_Ejecucion = f.ID_Ejecucion AND x.ID_Fund = f.ID_Fund)
      WHEN 'UBS' THEN (
        SELECT COUNT(*) FROM staging.UBS_Final AS x
        WHERE x.ID_Ejecucion = f.ID_Ejecucion AND x.ID_Fund = f.ID_Fund)
      WHEN 'PNL' THEN (
        SELECT COUNT(*) FROM staging.PNL_Final AS x
        WHERE x.ID_Ejecucion = f.ID_Ejecucion AND x.ID_Fund = f.ID_Fund)
      ELSE 0
    END AS Filas
  FROM @Suyas AS s
  INNER JOIN logs.Ejecucion_Fondos AS f ON f.ID_Ejecucion = s.ID_Ejecucion
  INNER JOIN logs.vw_Ejecucion_Servicios AS v ON v.ID_Ejecucion = f.ID_Ejecucion AND v.ID_Fund = f.ID_Fund
  INNER JOIN logs.Servicios AS o ON o.Servicio = v.Servicio
  ORDER BY f.FundShortName, o.Orden;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Resultados_Servicios TO carril_app;
GRANT EXECUTE ON OBJECT::logs.sp_Resultados_Servicios TO carril_lector;
GO
