SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Records that an attempt failed. Retryable and with attempts left: the chunk goes back and may be claimed from No_Antes_De on
  (exponential backoff with full jitter, 2 s to 5 min). Else: ERROR, with the message kept. Of a cancelled job: CANCELADO.
  @Transitorio = 1, a database error that passes by itself, gives the attempt back, at most 10 times a chunk.
  Already recorded under this token: says what became of it and does nothing.

  Returns: one
    Estado       varchar(50)   not null  of the chunk: PENDIENTE, ERROR, CANCELADO; COMPLETADO or OMITIDO when it had completed or been split
    Intento      int           not null  attempts used
    No_Antes_De  datetime2(3)  null
    Restantes    int           not null  0: no unfinished chunk of the job was seen, try to finalize it; else 1
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: trabajo.Chunks write, trabajo.Trabajos read
  Batch: 1
  Entry: carril_app
  Since: 018
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Fallar_Chunk
  @ID_Chunk bigint,
  @Token bigint,
  @Error nvarchar(4000),
  @Reintentable bit = 1,
  @Transitorio bit = 0
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE @Estado varchar(50), @Intento int, @No_Antes_De datetime2(3), @ID_Trabajo bigint, @Restantes int;

  BEGIN TRY
    BEGIN TRANSACTION;

    EXEC trabajo.sp_Registrar_Fallo
      @ID_Chunk = @ID_Chunk, @Token = @Token, @Error = @Error, @Reintentable = @Reintentable,
      @Transitorio = @Transitorio, @Estado = @Estado OUTPUT, @Intento = @Intento OUTPUT, @No_Antes_De = @No_Antes_De OUTPUT,
      @ID_Trabajo = @ID_Trabajo OUTPUT;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  EXEC trabajo.sp_Restantes @ID_Trabajo = @ID_Trabajo, @Restantes = @Restantes OUTPUT;
  SELECT @Estado AS Estado, @Intento AS Intento, @No_Antes_De AS No_Antes_De, @Restantes AS Restantes;
END;
GO
GRANT EXECUTE ON OBJECT::trabajo.sp_Fallar_Chunk TO carril_app;
GO
