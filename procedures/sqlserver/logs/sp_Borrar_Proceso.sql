SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Deletes a process that is REVERTIDO with its history: the states of its funds, its executions, its chunks, the process and its
  job, children first, at most @Maximo rows a call. Call again until Quedan is 0. It can be stopped at any point and called again;
  the process itself goes last, so that it is found until then. @ID_Proceso is that of the process and no other.

  Refused (50409) while not everything that it wrote in extract and staging is rolled back. Holds the job's lock Exclusive.

  Returns: one
    Borradas  int  not null  rows that this call deleted
    Quedan    bit  not null  the process is still there: call again
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: logs.Ejecucion_Fondos write, logs.Ejecuciones write, trabajo.Chunks write, logs.Procesos write, trabajo.Trabajos write
  Batch: 2000
  Entry: carril_app
  Since: 021
*/
CREATE OR ALTER PROCEDURE logs.sp_Borrar_Proceso
  @ID_Proceso bigint,
  @Maximo int = 2000
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @ID_Trabajo bigint, @Estado varchar(50), @Borradas int = 0, @Quedan bit = 1, @Recurso nvarchar(255),
    @Mensaje nvarchar(2048);

  IF @ID_Proceso IS NULL
    THROW 50400, N'@ID_Proceso es obligatorio', 1;
  IF @Maximo IS NULL OR @Maximo NOT BETWEEN 1 AND 2000
    THROW 50400, N'@Maximo debe ser de 1 a 2000', 1;

  BEGIN TRY
    BEGIN TRANSACTION;

    SELECT @ID_Trabajo = p.ID_Trabajo FROM logs.Procesos AS p WHERE p.ID_Proceso = @ID_Proceso;
    -- sin trabajo, el que impide que dos lo borren a la vez es el del backfill: solo lo heredado no lo tiene
    SET @Recurso = CASE WHEN @ID_Trabajo IS NULL THEN N'carril:backfill' ELSE CONCAT(N'carril:trabajo:', @ID_Trabajo) END;
    EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 15000;

    SELECT @Estado = p.Estado FROM logs.Procesos AS p WITH (READCOMMITTEDLOCK) WHERE p.ID_Proceso = @ID_Proceso;
    IF @Estado IS NULL
    BEGIN
      SET @Mensaje = CONCAT(N'no existe el proceso ', @ID_Proceso);
      THROW 50404, @Mensaje, 1;
    END;
    IF @Estado <> 'REVERTIDO'
      OR EXISTS (
        SELECT 1 FROM logs.Ejecuciones AS e WITH (READCOMMITTEDLOCK)
        WHERE e.ID_Proceso = @ID_Proceso AND (e.Estado <> 'REVERTIDO' OR e.Etapa_Actual = N'REVIRTIENDO'))
    BEGIN
      SET @Mensaje = CONCAT(N'el proceso ', @ID_Proceso, N' no se ha revertido por completo: reviertalo antes de borrarlo');
      THROW 50409, @Mensaje, 1;
    END;

    DELETE TOP (@Maximo) f
    FROM logs.Ejecucion_Fondos AS f WITH (ROWLOCK, FORCESEEK)
    INNER JOIN logs.Ejecuciones AS e ON e.ID_Ejecucion = f.ID_Ejecucion
    WHERE e.ID_Proceso = @ID_Proceso;
    SET @Borradas += @@ROWCOUNT;

    -- solo cuando ya no hay hijos: la cascada no tiene nada que hacer
    IF @Borradas < @Maximo
    BEGIN
      DELETE TOP (@Maximo - @Borradas) e
      FROM logs.Ejecuciones AS e WITH (ROWLOCK, FORCESEEK)
      WHERE e.ID_Proceso = @ID_Proceso;
      SET @Borradas += @@ROWCOUNT;
    END;

    IF @Borradas < @Maximo
    BEGIN
      DELETE TOP (@Maximo - @Borradas) c
      FROM trabajo.Chunks AS c WITH (ROWLOCK, FORCESEEK)
      WHERE c.ID_Trabajo = @ID_Trabajo;
      SET @Borradas += @@ROWCOUNT;
    END;

    IF @Borradas < @Maximo
    BEGIN
      DELETE p
      FROM logs.Procesos AS p WITH (ROWLOCK, FORCESEEK)
      WHERE p.ID_Proceso = @ID_Proceso;
      SET @Borradas += @@ROWCOUNT;

      DELETE t
      FROM trabajo.Trabajos AS t WITH (ROWLOCK, FORCESEEK)
      WHERE t.ID_Trabajo = @ID_Trabajo;
      SET @Borradas += @@ROWCOUNT;
      SET @Quedan = 0;
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  SELECT @Borradas AS Borradas, @Quedan AS Quedan;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Borrar_Proceso TO carril_app;
GO
