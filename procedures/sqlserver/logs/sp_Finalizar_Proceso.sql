SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Ends a process whose chunks have all ended; to be tried after every commit that ends a chunk and on every idle poll. A cheap
  look without a lock comes first; then the job's lock Exclusive, a recount, and in one commit: executions whose chunk ended
  without them (expired for the last time, cancelled) get its state, the process its state and counters, the job its end. Whoever
  comes second finds it done. Accepts the ID of the process or of one of its executions.

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
    @Finalizado bit = 0, @Recurso nvarchar(255), @Filas int;

  EXEC logs.sp_Resolver_Proceso @ID = @ID_Proceso, @ID_Proceso = @ID OUTPUT;
  SELECT @ID_Trabajo = p.ID_Trabajo, @FechaFin = p.FechaFin FROM logs.Procesos AS p WHERE p.ID_Proceso = @ID;
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

      IF @Finalizado = 1
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
