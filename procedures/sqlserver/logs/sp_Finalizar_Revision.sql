SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Ends a review of a log. Kind LOGS: to be tried after every commit that ends a chunk and on every idle poll, as
  trabajo.sp_Finalizar_Trabajo is: a cheap look without a lock first, then the job's lock Exclusive, a recount, one commit.
  COMPLETADO only when every chunk is; one that failed makes the job ERROR. Kind LOGS_SECUENCIAL: called once by who read
  the file, with @Error if that failed and @Reanudar_En, where the next review begins. Only COMPLETADO moves the file on.

  Returns: one
    Estado       varchar(50)  not null  of the job
    Finalizado   bit          not null  this call ended it
    Total        int          null      counts: null until the job has ended
    Completados  int          null
    Fallidos     int          null
    Cancelados   int          null
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: trabajo.Chunks write, trabajo.Trabajos write, logs.Archivos write
  Batch: 2000
  Entry: carril_app
  Since: 022
*/
CREATE OR ALTER PROCEDURE logs.sp_Finalizar_Revision
  @ID_Trabajo bigint,
  @Error nvarchar(4000) = NULL,
  @Reanudar_En bigint = NULL
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @Estado varchar(50), @Tipo varchar(50), @Cancelado bit, @Finalizado bit = 0, @Restantes int = 0,
    @Mensaje nvarchar(2048), @Recurso nvarchar(255);

  IF @ID_Trabajo IS NULL
    THROW 50400, N'@ID_Trabajo es obligatorio', 1;

  SELECT @Estado = t.Estado, @Tipo = t.Tipo, @Cancelado = t.Cancelado
  FROM trabajo.Trabajos AS t
  WHERE t.ID_Trabajo = @ID_Trabajo;
  IF @Estado IS NULL
  BEGIN
    SET @Mensaje = CONCAT(N'no existe el trabajo ', @ID_Trabajo);
    THROW 50404, @Mensaje, 1;
  END;
  IF @Tipo NOT IN ('LOGS', 'LOGS_SECUENCIAL')
  BEGIN
    SET @Mensaje = CONCAT(N'el trabajo ', @ID_Trabajo, N' es de tipo ', REPLACE(@Tipo, '%', '%%'), N': no es la revision de un log');
    THROW 50409, @Mensaje, 1;
  END;
  IF @Tipo = 'LOGS' AND (@Error IS NOT NULL OR @Reanudar_En IS NOT NULL)
    THROW 50400, N'@Error y @Reanudar_En son de una revision secuencial: en las demas lo dicen sus chunks', 1;
  IF @Reanudar_En < 0
    THROW 50400, N'@Reanudar_En no puede ser negativo', 1;

  -- sin candado: casi siempre queda algo, y entonces no se molesta a nadie. El recuento, con el candado, decide
  IF @Tipo = 'LOGS'
    EXEC trabajo.sp_Restantes @ID_Trabajo = @ID_Trabajo, @Restantes = @Restantes OUTPUT;
  IF @Estado = 'EN_PROGRESO' AND (@Cancelado = 1 OR @Restantes = 0)
  BEGIN
    BEGIN TRY
      BEGIN TRANSACTION;

      SET @Recurso = CONCAT(N'carril:trabajo:', @ID_Trabajo);
      EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 15000;

      -- otra vez, con el candado: pudieron cancelarla o terminarla mientras se esperaba
      EXEC logs.sp_Cerrar_Revision
        @ID_Trabajo = @ID_Trabajo, @Error = @Error, @Reanudar_En = @Reanudar_En, @Cerrado = @Finalizado OUTPUT;

      COMMIT TRANSACTION;
    END TRY
    BEGIN CATCH
      IF XACT_STATE() <> 0
        ROLLBACK TRANSACTION;
      THROW;
    END CATCH;
  END;

  SELECT t.Estado, @Finalizado AS Finalizado, t.Total, t.Completados, t.Fallidos, t.Cancelados
  FROM trabajo.Trabajos AS t
  WHERE t.ID_Trabajo = @ID_Trabajo;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Finalizar_Revision TO carril_app;
GO
