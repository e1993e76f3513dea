SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Writes that a service of one fund of a run of the old way has finished, under its chunk's token: one UPDATE of one row, in a
  transaction of its own, 350 of them for 50 funds and 7 services (document 004, hypothesis 4: "ExecutionTracker, 350 UPDATEs sin
  batching"). Written twice it is the same.

  Returns: nothing
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: trabajo.Chunks read, logs.Ejecuciones read, logs.Ejecucion_Fondos write
  Batch: 1
  Entry: carril_app
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Marcar_Estado_Legado
  @ID_Chunk bigint,
  @Servicio varchar(50),
  @Token bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE @ID_Ejecucion bigint, @ID_Fund int, @Inicio datetime2(3);

  BEGIN TRY
    BEGIN TRANSACTION;

    EXEC logs.sp_Tomar_Fondo_Legado
      @ID_Chunk = @ID_Chunk, @Token = @Token, @ID_Ejecucion = @ID_Ejecucion OUTPUT, @ID_Fund = @ID_Fund OUTPUT;
    SELECT @Inicio = c.Inicio FROM trabajo.Chunks AS c WHERE c.ID_Chunk = @ID_Chunk;
    EXEC logs.sp_Marcar_Servicio
      @ID_Ejecucion = @ID_Ejecucion, @ID_Fund = @ID_Fund, @Servicio = @Servicio, @Estado = 'COMPLETADO', @Inicio = @Inicio;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Marcar_Estado_Legado TO carril_app;
GO
