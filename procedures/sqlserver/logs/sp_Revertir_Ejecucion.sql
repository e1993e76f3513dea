SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Deletes what an execution wrote in extract and staging, at most @Maximo rows a call, and leaves it REVERTIDO: its rows of logs,
  with messages and times, and its trace stay. Call again until Quedan is 0. The first call already says REVERTIDO, in the
  execution and its services, so that nobody reads the half that is left as a result; Etapa_Actual is REVIRTIENDO until the last
  row is gone. It can be stopped at any point and called again; of what is reverted already it deletes nothing.

  The process, if it has ended, is counted anew, and is REVERTIDO when all of it is. A run of the old way is one execution.
  Refused (50409) while the execution runs or waits to be run. What it was is not kept, and it is never retried.

  Takes the job's lock and the chunk's Exclusive in the first call, the chunk's in the others; where there is no chunk, the
  backfill's. Tables of a site's own in extract and staging that have an ID_Ejecucion are left alone, and named in Ajenas.

  Returns: one
    Borradas  int             not null  rows that this call deleted
    Quedan    bit             not null  there may be more: call again
    Ajenas    nvarchar(2000)  null      tables with an ID_Ejecucion that this procedure does not know
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: extract.* write, staging.* write, logs.Ejecucion_Fondos write, logs.Ejecuciones write, logs.Procesos write, trabajo.Chunks read
  Batch: 2000
  Entry: carril_app
  Since: 021
*/
CREATE OR ALTER PROCEDURE logs.sp_Revertir_Ejecucion
  @ID_Ejecucion bigint,
  @Maximo int = 2000
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @ID_Proceso bigint, @ID_Trabajo bigint, @ID_Chunk bigint, @Estado varchar(50), @Estado_Chunk varchar(50), @Borradas int = 0,
    @Filas int, @Recurso nvarchar(255), @Ajenas nvarchar(max), @Mensaje nvarchar(2048);

  IF @ID_Ejecucion IS NULL
    THROW 50400, N'@ID_Ejecucion es obligatorio', 1;
  IF @Maximo IS NULL OR @Maximo NOT BETWEEN 1 AND 2000
    THROW 50400, N'@Maximo debe ser de 1 a 2000', 1;

  SELECT @ID_Proceso = e.ID_Proceso, @ID_Trabajo = p.ID_Trabajo, @ID_Chunk = e.ID_Chunk, @Estado = e.Estado
  FROM logs.Ejecuciones AS e
  LEFT JOIN logs.Procesos AS p ON p.ID_Proceso = e.ID_Proceso
  WHERE e.ID_Ejecucion = @ID_Ejecucion;
  IF @Estado IS NULL
  BEGIN
    SET @Mensaje = CONCAT(N'no existe la ejecucion ', @ID_Ejecucion);
    THROW 50404, @Mensaje, 1;
  END;

  BEGIN TRY
    BEGIN TRANSACTION;

    -- el del trabajo solo para cambiar estados: ni el finalizador ni un reintento cuentan mientras tanto. REVERTIDO es para siempre
    IF @ID_Trabajo IS NOT NULL AND @Estado <> 'REVERTIDO'
    BEGIN
      SET @Recurso = CONCAT(N'carril:trabajo:', @ID_Trabajo);
      EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 15000;
    END;
    SET @Recurso = CASE WHEN @ID_Chunk IS NULL THEN N'carril:backfill' ELSE CONCAT(N'carril:chunk:', @ID_Chunk) END;
    EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 15000;

    SELECT @Estado = e.Estado, @Estado_Chunk = c.Estado
    FROM logs.Ejecuciones AS e WITH (READCOMMITTEDLOCK)
    LEFT JOIN trabajo.Chunks AS c WITH (READCOMMITTEDLOCK) ON c.ID_Chunk = e.ID_Chunk
    WHERE e.ID_Ejecucion = @ID_Ejecucion;
    IF @Estado_Chunk = 'PENDIENTE' OR (@ID_Chunk IS NULL AND @Estado IN ('PENDIENTE', 'EN_PROGRESO'))
    BEGIN
      SET @Mensaje = CONCAT(N'la ejecucion ', @ID_Ejecucion, N' no ha terminado: cancele su proceso o espere a que termine');
      THROW 50409, @Mensaje, 1;
    END;

    DELETE TOP (@Maximo - @Borradas) FROM extract.IPA WITH (ROWLOCK, FORCESEEK) WHERE ID_Ejecucion = @ID_Ejecucion;
    SET @Borradas += @@ROWCOUNT;
    DELETE TOP (@Maximo - @Borradas) FROM extract.CAPM WITH (ROWLOCK, FORCESEEK) WHERE ID_Ejecucion = @ID_Ejecucion;
    SET @Borradas += @@ROWCOUNT;
    DELETE TOP (@Maximo - @Borradas) FROM extract.PosModRF WITH (ROWLOCK, FORCESEEK) WHERE ID_Ejecucion = @ID_Ejecucion;
    SET @Borradas += @@ROWCOUNT;
    DELETE TOP (@Maximo - @Borradas) FROM extract.SONA WITH (ROWLOCK, FORCESEEK) WHERE ID_Ejecucion = @ID_Ejecucion;
    SET @Borradas += @@ROWCOUNT;
    DELETE TOP (@Maximo - @Borradas) FROM extract.Derivados WITH (ROWLOCK, FORCESEEK) WHERE ID_Ejecucion = @ID_Ejecucion;
    SET @Borradas += @@ROWCOUNT;
    DELETE TOP (@Maximo - @Borradas) FROM extract.UBS WITH (ROWLOCK, FORCESEEK) WHERE ID_Ejecucion = @ID_Ejecucion;
    SET @Borradas += @@ROWCOUNT;
    DELETE TOP (@Maximo - @Borradas) FROM staging.IPA_WorkTable WITH (ROWLOCK, FORCESEEK) WHERE ID_Ejecucion = @ID_Ejecucion;
    SET @Borradas += @@ROWCOUNT;
    DELETE TOP (@Maximo - @Borradas) FROM staging.IPA_Cash WITH (ROWLOCK, FORCESEEK) WHERE ID_Ejecucion = @ID_Ejecucion;
    SET @Borradas += @@ROWCOUNT;
    DELETE TOP (@Maximo - @Borradas) FROM staging.IPA_Final WITH (ROWLOCK, FORCESEEK) WHERE ID_Ejecucion = @ID_Ejecucion;
    SET @Borradas += @@ROWCOUNT;
    DELETE TOP (@Maximo - @Borradas) FROM staging.CAPM_WorkTable WITH (ROWLOCK, FORCESEEK) WHERE ID_Ejecucion = @ID_Ejecucion;
    SET @Borradas += @@ROWCOUNT;
    DELETE TOP (@Maximo - @Borradas) FROM staging.CAPM_Final WITH (ROWLOCK, FORCESEEK) WHERE ID_Ejecucion = @ID_Ejecucion;
    SET @Borradas += @@ROWCOUNT;
    DELETE TOP (@Maximo - @Borradas) FROM staging.PosModRF_WorkTable WITH (ROWLOCK, FORCESEEK) WHERE ID_Ejecucion = @ID_Ejecucion;
    SET @Borradas += @@ROWCOUNT;
    DELETE TOP (@Maximo - @Borradas) FROM staging.PosModRF_Final WITH (ROWLOCK, FORCESEEK) WHERE ID_Ejecucion = @ID_Ejecucion;
    SET @Borradas += @@ROWCOUNT;
    DELETE TOP (@Maximo - @Borradas) FROM staging.SONA_WorkTable WITH (ROWLOCK, FORCESEEK) WHERE ID_Ejecucion = @ID_Ejecucion;
    SET @Borradas += @@ROWCOUNT;
    DELETE TOP (@Maximo - @Borradas) FROM staging.SONA_Final WITH (ROWLOCK, FORCESEEK) WHERE ID_Ejecucion = @ID_Ejecucion;
    SET @Borradas += @@ROWCOUNT;
    DELETE TOP (@Maximo - @Borradas) FROM staging.Derivados_WorkTable WITH (ROWLOCK, FORCESEEK) WHERE ID_Ejecucion = @ID_Ejecucion;
    SET @Borradas += @@ROWCOUNT;
    DELETE TOP (@Maximo - @Borradas) FROM staging.Derivados_Final WITH (ROWLOCK, FORCESEEK) WHERE ID_Ejecucion = @ID_Ejecucion;
    SET @Borradas += @@ROWCOUNT;
    DELETE TOP (@Maximo - @Borradas) FROM staging.UBS_WorkTable WITH (ROWLOCK, FORCESEEK) WHERE ID_Ejecucion = @ID_Ejecucion;
    SET @Borradas += @@ROWCOUNT;
    DELETE TOP (@Maximo - @Borradas) FROM staging.UBS_Final WITH (ROWLOCK, FORCESEEK) WHERE ID_Ejecucion = @ID_Ejecucion;
    SET @Borradas += @@ROWCOUNT;
    DELETE TOP (@Maximo - @Borradas) FROM staging.PNL_WorkTable WITH (ROWLOCK, FORCESEEK) WHERE ID_Ejecucion = @ID_Ejecucion;
    SET @Borradas += @@ROWCOUNT;
    DELETE TOP (@Maximo - @Borradas) FROM staging.PNL_Final WITH (ROWLOCK, FORCESEEK) WHERE ID_Ejecucion = @ID_Ejecucion;
    SET @Borradas += @@ROWCOUNT;

    IF @Estado <> 'REVERTIDO'
    BEGIN
      -- una ejecucion heredada tiene todos los fondos de su fecha
      SET @Filas = 2000;
      WHILE @Filas = 2000
      BEGIN
        UPDATE TOP (2000) f
        SET
          Estado_Process_IPA = CASE WHEN f.Estado_Process_IPA = 'OMITIDO' THEN 'OMITIDO' ELSE 'REVERTIDO' END,
          Estado_Process_CAPM = CASE WHEN f.Estado_Process_CAPM = 'OMITIDO' THEN 'OMITIDO' ELSE 'REVERTIDO' END,
          Estado_Process_PosModRF = CASE WHEN f.Estado_Process_PosModRF = 'OMITIDO' THEN 'OMITIDO' ELSE 'REVERTIDO' END,
          Estado_Process_SONA = CASE WHEN f.Estado_Process_SONA = 'OMITIDO' THEN 'OMITIDO' ELSE 'REVERTIDO' END,
          Estado_Process_Derivados = CASE WHEN f.Estado_Process_Derivados = 'OMITIDO' THEN 'OMITIDO' ELSE 'REVERTIDO' END,
          Estado_Process_UBS = CASE WHEN f.Estado_Process_UBS = 'OMITIDO' THEN 'OMITIDO' ELSE 'REVERTIDO' END,
          Estado_Process_PNL = CASE WHEN f.Estado_Process_PNL = 'OMITIDO' THEN 'OMITIDO' ELSE 'REVERTIDO' END
        FROM logs.Ejecucion_Fondos AS f WITH (ROWLOCK, FORCESEEK)
        WHERE f.ID_Ejecucion = @ID_Ejecucion
          AND EXISTS (
            SELECT 1
            FROM (VALUES
              (f.Estado_Process_IPA), (f.Estado_Process_CAPM), (f.Estado_Process_PosModRF), (f.Estado_Process_SONA),
              (f.Estado_Process_Derivados), (f.Estado_Process_UBS), (f.Estado_Process_PNL)
            ) AS s (Estado)
            WHERE s.Estado NOT IN ('OMITIDO', 'REVERTIDO'));
        SET @Filas = @@ROWCOUNT;
      END;
    END;

    UPDATE e
    SET
      Estado = 'REVERTIDO', Etapa_Actual = CASE WHEN @Borradas = @Maximo THEN N'REVIRTIENDO' END,
      FechaFin = COALESCE(e.FechaFin, SYSUTCDATETIME()), FondosExitosos = 0, FondosFallidos = 0,
      FondosOmitidos = COALESCE(e.TotalFondos, 1)
    FROM logs.Ejecuciones AS e WITH (ROWLOCK, FORCESEEK)
    WHERE e.ID_Ejecucion = @ID_Ejecucion;

    IF @Estado <> 'REVERTIDO'
      AND EXISTS (SELECT 1 FROM logs.Procesos AS p WHERE p.ID_Proceso = @ID_Proceso AND (p.FechaFin IS NOT NULL OR p.ID_Trabajo IS NULL))
      EXEC logs.sp_Recontar_Proceso @ID_Proceso = @ID_Proceso;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  IF @Borradas < @Maximo
    SELECT @Ajenas = STRING_AGG(CONVERT(nvarchar(max), CONCAT(s.name, N'.', t.name)), N', ')
    FROM sys.tables AS t
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    INNER JOIN sys.columns AS c ON c.object_id = t.object_id AND c.name = N'ID_Ejecucion'
    WHERE s.name IN (N'extract', N'staging') AND CONCAT(s.name, N'.', t.name) NOT IN (
      N'extract.IPA', N'extract.CAPM', N'extract.PosModRF', N'extract.SONA', N'extract.Derivados',
      N'extract.UBS', N'staging.IPA_WorkTable', N'staging.IPA_Cash', N'staging.IPA_Final', N'staging.CAPM_WorkTable',
      N'staging.CAPM_Final', N'staging.PosModRF_WorkTable', N'staging.PosModRF_Final', N'staging.SONA_WorkTable', N'staging.SONA_Final',
      N'staging.Derivados_WorkTable', N'staging.Derivados_Final', N'staging.UBS_WorkTable', N'staging.UBS_Final', N'staging.PNL_WorkTable',
      N'staging.PNL_Final');

  SELECT
    @Borradas AS Borradas, CONVERT(bit, CASE WHEN @Borradas = @Maximo THEN 1 ELSE 0 END) AS Quedan,
    LEFT(@Ajenas, 2000) AS Ajenas;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Revertir_Ejecucion TO carril_app;
GO
