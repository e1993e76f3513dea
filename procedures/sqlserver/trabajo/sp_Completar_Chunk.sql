SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Completes a chunk under its token, with its result. Already complete under this token: says so and does nothing. A chunk whose
  job was cancelled is not completed (50499): the holder gives it back and it becomes CANCELADO. Kinds whose completion writes
  more than the chunk are completed by their own procedure (50409): FONDOS, LOGS.

  Returns: one
    Estado     varchar(50)  not null  COMPLETADO
    Restantes  int          not null  0: no unfinished chunk of the job was seen, try to finalize it; else 1
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: trabajo.Chunks write, trabajo.Trabajos read
  Batch: 1
  Entry: carril_app
  Since: 018
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Completar_Chunk
  @ID_Chunk bigint,
  @Token bigint,
  @Resultado nvarchar(max) = NULL
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE @Estado varchar(50), @ID_Trabajo bigint, @Tipo varchar(50), @Restantes int;

  IF ISJSON(@Resultado) = 0
    THROW 50400, N'@Resultado debe ser un objeto o un arreglo JSON', 1;

  BEGIN TRY
    BEGIN TRANSACTION;

    EXEC trabajo.sp_Tomar_Chunk
      @ID_Chunk = @ID_Chunk, @Token = @Token, @Estado = @Estado OUTPUT, @ID_Trabajo = @ID_Trabajo OUTPUT;

    IF @Estado <> 'COMPLETADO'
    BEGIN
      SELECT @Tipo = t.Tipo FROM trabajo.Trabajos AS t WHERE t.ID_Trabajo = @ID_Trabajo;
      IF @Tipo = 'FONDOS'
        THROW 50409, N'el chunk es una ejecucion de un fondo: la completa logs.sp_Completar_Ejecucion', 1;
      IF @Tipo = 'LOGS'
        THROW 50409, N'el chunk es de una revision de logs: lo completa logs.sp_Guardar_Bloques', 1;
      EXEC trabajo.sp_Cerrar_Chunk @ID_Chunk = @ID_Chunk, @Token = @Token, @Estado = 'COMPLETADO', @Resultado = @Resultado;
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  -- despues de confirmar: de dos que terminan a la vez, el segundo ve que no queda nada
  EXEC trabajo.sp_Restantes @ID_Trabajo = @ID_Trabajo, @Restantes = @Restantes OUTPUT;
  SELECT CONVERT(varchar(50), 'COMPLETADO') AS Estado, @Restantes AS Restantes;
END;
GO
GRANT EXECUTE ON OBJECT::trabajo.sp_Completar_Chunk TO carril_app;
GO
