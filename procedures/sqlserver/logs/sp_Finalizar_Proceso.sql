SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Ends a process whose chunks have all ended; to be tried after every commit that ends a chunk and on every idle poll. A cheap
  look without a lock comes first; then the job's lock Exclusive, a recount, and in one commit: executions whose chunk ended
  without them (expired for the last time, cancelled) get its state, the process its state and counters, the job its end. Whoever
  comes second finds it done. Accepts the ID of the process or of one of its executions.

  Of a run of the old way the funds are its chunks: their ends go to the funds' rows, and the state and the counts to the shared
  execution too, over what the lanes counted last.

  CANCELADO when an execution was cancelled; ERROR when all failed; COMPLETADO_CON_ERRORES when some did; REVERTIDO when all were
  rolled back by then; else COMPLETADO.

  Returns: one
    Estado          varchar(50)  not null
    Finalizado      bit          not null  this call ended it
    TotalFondos     int          not null
    FondosExitosos  int          not null
    FondosFallidos  int          not null
    FondosOmitidos  int          not null  skipped, cancelled or rolled back
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: trabajo.Chunks write, trabajo.Trabajos write, logs.Ejecucion_Fondos write, logs.Ejecuciones write, logs.Procesos write
  Batch: 2000
  Entry: carril_app
  Since: 021
*/
CREATE OR ALTER PROCEDURE logs.sp_Finalizar_Proceso
  @ID_Proceso bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @ID bigint, @ID_Trabajo bigint, @Arquitectura varchar(20), @FechaFin datetime2(3), @Cancelado bit, @Restantes int,
    @Finalizado bit = 0, @Recurso nvarchar(255), @Filas int, @Total int, @Exitosos int, @Fallidos int, @Omitidos int,
    @Cancelados int, @Estado varchar(50), @Desde int;
  DECLARE @Fondos TABLE (
    ID_Fund int NOT NULL PRIMARY KEY, Estado varchar(50) NOT NULL, Fin datetime2(3) NULL, Ultimo_Error nvarchar(4000) NULL);

  EXEC logs.sp_Resolver_Proceso @ID = @ID_Proceso, @ID_Proceso = @ID OUTPUT;
  SELECT @ID_Trabajo = p.ID_Trabajo, @FechaFin = p.FechaFin, @Arquitectura = p.Arquitectura
  FROM logs.Procesos AS p
  WHERE p.ID_Proceso = @ID;
  IF @ID_Trabajo IS NULL
    THROW 50409, N'un proceso de la arquitectura anterior no tiene trabajo: lo termina quien lo corre', 1;

  SELECT @Cancelado = t.Cancelado FROM trabajo.Trabajos AS t WHERE t.ID_Trabajo = @ID_Trabajo;
  -- sin candado: casi siempre queda algo, y entonces no se molesta a nadie. El recuento, con el candado, decide
  EXEC trabajo.sp_Restantes @ID_Trabajo = @ID_Trabajo, @Restantes = @Restantes OUTPUT;

  IF @FechaFin IS NULL AND (@Cancelado = 1 OR @Restantes = 0)
  BEGIN
    BEGIN TRY
      BEGIN TRANSACTION;

      SET @Recurso = CONCAT(N'carril:trabajo:', @ID_Trabajo);
      EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 15000;

      -- otra vez, con el candado: pudieron cancelarlo mientras se esperaba
      IF EXISTS (
        SELECT 1 FROM trabajo.Trabajos AS t WITH (READCOMMITTEDLOCK)
        WHERE t.ID_Trabajo = @ID_Trabajo AND t.Estado = 'EN_PROGRESO' AND t.Cancelado = 1)
        EXEC trabajo.sp_Barrer_Cancelado @ID_Trabajo = @ID_Trabajo;

      EXEC trabajo.sp_Cerrar_Trabajo @ID_Trabajo = @ID_Trabajo, @Cerrado = @Finalizado OUTPUT;

      IF @Finalizado = 1 AND @Arquitectura = 'LEGADO'
      BEGIN
        -- los fondos que no llegaron a tener chunk acaban como la extraccion
        INSERT INTO @Fondos (ID_Fund, Estado, Fin, Ultimo_Error)
        SELECT
          f.ID_Fund,
          CASE WHEN c.Estado = 'COMPLETADO' AND NOT EXISTS (
            SELECT 1 FROM logs.vw_Ejecucion_Servicios AS v
            WHERE v.ID_Ejecucion = f.ID_Ejecucion AND v.ID_Fund = f.ID_Fund AND v.Estado = 'COMPLETADO'
          ) THEN 'OMITIDO' ELSE c.Estado END,
          c.Fin, c.Ultimo_Error
        FROM logs.Ejecuciones AS e
        INNER JOIN logs.Ejecucion_Fondos AS f ON f.ID_Ejecucion = e.ID_Ejecucion
        CROSS APPLY (
          SELECT TOP (1) k.Estado, k.Fin, k.Ultimo_Error
          FROM trabajo.Chunks AS k
          WHERE k.ID_Trabajo = @ID_Trabajo AND (k.Rango_Inicio = f.ID_Fund OR k.Orden = 0)
          ORDER BY k.Orden DESC
        ) AS c
        WHERE e.ID_Proceso = @ID AND e.ID_Fund IS NULL;

        -- por tramos de ID_Fund: a lo sumo 2000 fondos por sentencia
        SET @Desde = 0;
        WHILE EXISTS (SELECT 1 FROM @Fondos AS x WHERE x.ID_Fund > @Desde)
        BEGIN
          UPDATE f
          SET
            FechaFin = x.Fin,
            Mensaje_Error = CASE WHEN x.Estado IN ('ERROR', 'CANCELADO') THEN COALESCE(f.Mensaje_Error, x.Ultimo_Error)
              ELSE f.Mensaje_Error END
          FROM logs.Ejecuciones AS e
          INNER JOIN logs.Ejecucion_Fondos AS f WITH (ROWLOCK, FORCESEEK) ON f.ID_Ejecucion = e.ID_Ejecucion
          INNER JOIN (SELECT TOP (2000) y.* FROM @Fondos AS y WHERE y.ID_Fund > @Desde ORDER BY y.ID_Fund) AS x
            ON x.ID_Fund = f.ID_Fund
          WHERE e.ID_Proceso = @ID AND e.ID_Fund IS NULL;

          SELECT @Desde = MAX(t.ID_Fund)
          FROM (SELECT TOP (2000) y.ID_Fund FROM @Fondos AS y WHERE y.ID_Fund > @Desde ORDER BY y.ID_Fund) AS t;
        END;

        SELECT
          @Total = COUNT(*),
          @Exitosos = COALESCE(SUM(CASE WHEN x.Estado = 'COMPLETADO' THEN 1 ELSE 0 END), 0),
          @Fallidos = COALESCE(SUM(CASE WHEN x.Estado = 'ERROR' THEN 1 ELSE 0 END), 0),
          @Omitidos = COALESCE(SUM(CASE WHEN x.Estado IN ('OMITIDO', 'CANCELADO') THEN 1 ELSE 0 END), 0),
          @Cancelados = COALESCE(SUM(CASE WHEN x.Estado = 'CANCELADO' THEN 1 ELSE 0 END), 0)
        FROM @Fondos AS x;
        SET @Estado = CASE
          WHEN @Cancelados > 0 THEN 'CANCELADO'
          WHEN @Fallidos = @Total THEN 'ERROR'
          WHEN @Fallidos > 0 THEN 'COMPLETADO_CON_ERRORES'
          ELSE 'COMPLETADO'
        END;

        UPDATE e
        SET
          Estado = @Estado, Etapa_Actual = N'FINALIZADO', FechaFin = SYSUTCDATETIME(), TotalFondos = @Total,
          FondosExitosos = @Exitosos, FondosFallidos = @Fallidos, FondosOmitidos = @Omitidos
        FROM logs.Ejecuciones AS e WITH (ROWLOCK, FORCESEEK)
        WHERE e.ID_Proceso = @ID AND e.ID_Fund IS NULL;

        UPDATE p
        SET
          Estado = @Estado, Etapa_Actual = N'FINALIZADO', FechaFin = SYSUTCDATETIME(), TotalFondos = @Total,
          FondosExitosos = @Exitosos, FondosFallidos = @Fallidos, FondosOmitidos = @Omitidos
        FROM logs.Procesos AS p WITH (ROWLOCK, FORCESEEK)
        WHERE p.ID_Proceso = @ID;
      END
      ELSE IF @Finalizado = 1
      BEGIN
        SET @Filas = 1;
        WHILE @Filas > 0
        BEGIN
          UPDATE TOP (2000) f
          SET FechaFin = c.Fin, Mensaje_Error = COALESCE(f.Mensaje_Error, c.Ultimo_Error)
          FROM logs.Ejecucion_Fondos AS f WITH (ROWLOCK, FORCESEEK)
          INNER JOIN logs.Ejecuciones AS e ON e.ID_Ejecucion = f.ID_Ejecucion AND e.ID_Fund = f.ID_Fund
          INNER JOIN trabajo.Chunks AS c ON c.ID_Chunk = e.ID_Chunk
          WHERE e.ID_Proceso = @ID AND e.Estado IN ('PENDIENTE', 'EN_PROGRESO') AND f.FechaFin IS NULL
            AND c.Estado IN ('ERROR', 'CANCELADO');
          SET @Filas = @@ROWCOUNT;
        END;

        SET @Filas = 1;
        WHILE @Filas > 0
        BEGIN
          UPDATE TOP (2000) e
          SET
            Estado = c.Estado, Etapa_Actual = NULL, FechaFin = c.Fin, FondosExitosos = 0,
            FondosFallidos = CASE WHEN c.Estado = 'ERROR' THEN 1 ELSE 0 END,
            FondosOmitidos = CASE WHEN c.Estado = 'CANCELADO' THEN 1 ELSE 0 END
          FROM logs.Ejecuciones AS e WITH (ROWLOCK, FORCESEEK)
          INNER JOIN trabajo.Chunks AS c ON c.ID_Chunk = e.ID_Chunk
          WHERE e.ID_Proceso = @ID AND e.Estado IN ('PENDIENTE', 'EN_PROGRESO') AND c.Estado IN ('ERROR', 'CANCELADO');
          SET @Filas = @@ROWCOUNT;
        END;

        EXEC logs.sp_Recontar_Proceso @ID_Proceso = @ID;
      END;

      COMMIT TRANSACTION;
    END TRY
    BEGIN CATCH
      IF XACT_STATE() <> 0
        ROLLBACK TRANSACTION;
      THROW;
    END CATCH;
  END;

  SELECT v.Estado, @Finalizado AS Finalizado, v.TotalFondos, v.FondosExitosos, v.FondosFallidos, v.FondosOmitidos
  FROM logs.vw_Procesos AS v
  WHERE v.ID_Proceso = @ID;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Finalizar_Proceso TO carril_app;
GO
