SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  What rolling back would delete: the executions of a process, or one of them, with the rows that each has in extract and staging.
  Either ID, not both. @ID_Proceso accepts the ID of the process or a run's of the old way; that of one fund's execution is
  refused (50409), lest a whole process goes for one fund.

  Returns: many
    ID_Proceso     bigint         null      null for a run from before processes
    ID_Ejecucion   bigint         not null
    FundShortName  nvarchar(100)  null      null for a run of the old way
    Estado         varchar(50)    not null
    Termino        bit            not null  it can be rolled back: it neither runs nor waits to be run
    Filas          bigint         not null
  Errors: 50400, 50404, 50409
  Touches: extract.* read, staging.* read, trabajo.Chunks read, logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read
  Batch: none
  Entry: carril_app
  Since: 021
*/
CREATE OR ALTER PROCEDURE logs.sp_Plan_Reversion
  @ID_Proceso bigint = NULL,
  @ID_Ejecucion bigint = NULL
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @ID bigint, @Mensaje nvarchar(2048);
  DECLARE @Suyas TABLE (ID_Ejecucion bigint NOT NULL PRIMARY KEY);

  IF (@ID_Proceso IS NULL AND @ID_Ejecucion IS NULL) OR (@ID_Proceso IS NOT NULL AND @ID_Ejecucion IS NOT NULL)
    THROW 50400, N'o @ID_Proceso o @ID_Ejecucion, una de las dos', 1;

  IF @ID_Ejecucion IS NOT NULL
  BEGIN
    INSERT INTO @Suyas (ID_Ejecucion) SELECT e.ID_Ejecucion FROM logs.Ejecuciones AS e WHERE e.ID_Ejecucion = @ID_Ejecucion;
    IF @@ROWCOUNT = 0
    BEGIN
      SET @Mensaje = CONCAT(N'no existe la ejecucion ', @ID_Ejecucion);
      THROW 50404, @Mensaje, 1;
    END;
  END
  ELSE
  BEGIN
    EXEC logs.sp_Resolver_Proceso @ID = @ID_Proceso, @ID_Proceso = @ID OUTPUT;
    IF @ID <> @ID_Proceso
      AND EXISTS (SELECT 1 FROM logs.Ejecuciones AS e WHERE e.ID_Ejecucion = @ID_Proceso AND e.ID_Fund IS NOT NULL)
    BEGIN
      SET @Mensaje = CONCAT(@ID_Proceso, N' es la ejecucion de un fondo del proceso ', @ID, N': diga cual de los dos se revierte');
      THROW 50409, @Mensaje, 1;
    END;
    INSERT INTO @Suyas (ID_Ejecucion)
    SELECT e.ID_Ejecucion FROM logs.Ejecuciones AS e WHERE e.ID_Proceso = @ID
    UNION ALL
    SELECT e.ID_Ejecucion FROM logs.Ejecuciones AS e WHERE e.ID_Ejecucion = @ID AND e.ID_Proceso IS NULL;
  END;

  SELECT
    v.ID_Proceso, v.ID_Ejecucion, v.FundShortName, v.Estado,
    CONVERT(bit, CASE WHEN v.Estado IN ('PENDIENTE', 'EN_PROGRESO') THEN 0 ELSE 1 END) AS Termino, n.Filas
  FROM @Suyas AS x
  INNER JOIN logs.vw_Ejecuciones AS v ON v.ID_Ejecucion = x.ID_Ejecucion
  CROSS APPLY (SELECT SUM(t.N) AS Filas FROM (
    SELECT COUNT_BIG(*) AS N FROM extract.IPA AS x WHERE x.ID_Ejecucion = v.ID_Ejecucion
    UNION ALL SELECT COUNT_BIG(*) FROM extract.CAPM AS x WHERE x.ID_Ejecucion = v.ID_Ejecucion
    UNION ALL SELECT COUNT_BIG(*) FROM extract.PosModRF AS x WHERE x.ID_Ejecucion = v.ID_Ejecucion
    UNION ALL SELECT COUNT_BIG(*) FROM extract.SONA AS x WHERE x.ID_Ejecucion = v.ID_Ejecucion
    UNION ALL SELECT COUNT_BIG(*) FROM extract.Derivados AS x WHERE x.ID_Ejecucion = v.ID_Ejecucion
    UNION ALL SELECT COUNT_BIG(*) FROM extract.UBS AS x WHERE x.ID_Ejecucion = v.ID_Ejecucion
    UNION ALL SELECT COUNT_BIG(*) FROM staging.IPA_WorkTable AS x WHERE x.ID_Ejecucion = v.ID_Ejecucion
    UNION ALL SELECT COUNT_BIG(*) FROM staging.IPA_Cash AS x WHERE x.ID_Ejecucion = v.ID_Ejecucion
    UNION ALL SELECT COUNT_BIG(*) FROM staging.IPA_Final AS x WHERE x.ID_Ejecucion = v.ID_Ejecucion
    UNION ALL SELECT COUNT_BIG(*) FROM staging.CAPM_WorkTable AS x WHERE x.ID_Ejecucion = v.ID_Ejecucion
    UNION ALL SELECT COUNT_BIG(*) FROM staging.CAPM_Final AS x WHERE x.ID_Ejecucion = v.ID_Ejecucion
    UNION ALL SELECT COUNT_BIG(*) FROM staging.PosModRF_WorkTable AS x WHERE x.ID_Ejecucion = v.ID_Ejecucion
    UNION ALL SELECT COUNT_BIG(*) FROM staging.PosModRF_Final AS x WHERE x.ID_Ejecucion = v.ID_Ejecucion
    UNION ALL SELECT COUNT_BIG(*) FROM staging.SONA_WorkTable AS x WHERE x.ID_Ejecucion = v.ID_Ejecucion
    UNION ALL SELECT COUNT_BIG(*) FROM staging.SONA_Final AS x WHERE x.ID_Ejecucion = v.ID_Ejecucion
    UNION ALL SELECT COUNT_BIG(*) FROM staging.Derivados_WorkTable AS x WHERE x.ID_Ejecucion = v.ID_Ejecucion
    UNION ALL SELECT COUNT_BIG(*) FROM staging.Derivados_Final AS x WHERE x.ID_Ejecucion = v.ID_Ejecucion
    UNION ALL SELECT COUNT_BIG(*) FROM staging.UBS_WorkTable AS x WHERE x.ID_Ejecucion = v.ID_Ejecucion
    UNION ALL SELECT COUNT_BIG(*) FROM staging.UBS_Final AS x WHERE x.ID_Ejecucion = v.ID_Ejecucion
    UNION ALL SELECT COUNT_BIG(*) FROM staging.PNL_WorkTable AS x WHERE x.ID_Ejecucion = v.ID_Ejecucion
    UNION ALL SELECT COUNT_BIG(*) FROM staging.PNL_Final AS x WHERE x.ID_Ejecucion = v.ID_Ejecucion
  ) AS t) AS n
  ORDER BY v.ID_Ejecucion;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Plan_Reversion TO carril_app;
GO
