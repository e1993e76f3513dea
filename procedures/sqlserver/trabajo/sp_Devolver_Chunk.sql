SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Gives a chunk back unfinished: it is free at once and the attempt is not used up. Of a cancelled job: CANCELADO. Already given
  back, failed or ended under this token: says so and does nothing.

  Returns: one
    Estado  varchar(50)  not null  of the chunk
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: trabajo.Chunks write, trabajo.Trabajos read
  Batch: 1
  Entry: carril_app
  Since: 018
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Devolver_Chunk
  @ID_Chunk bigint,
  @Token bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE @Estado varchar(50), @Vigente bit, @Cancelado bit, @Filas int;

  BEGIN TRY
    BEGIN TRANSACTION;

    EXEC trabajo.sp_Tomar_Chunk
      @ID_Chunk = @ID_Chunk, @Token = @Token, @Exigir = 0,
      @Estado = @Estado OUTPUT, @Vigente = @Vigente OUTPUT, @Cancelado = @Cancelado OUTPUT;

    IF @Vigente = 1 AND @Cancelado = 1
    BEGIN
      SET @Estado = 'CANCELADO';
      EXEC trabajo.sp_Cerrar_Chunk @ID_Chunk = @ID_Chunk, @Token = @Token, @Estado = @Estado;
    END
    ELSE IF @Vigente = 1
    BEGIN
      -- el token se queda donde esta: lo que devuelve este poseedor no lo puede terminar despues
      UPDATE c
      SET Poseedor = NULL, Expira = NULL, No_Antes_De = NULL, Intento = c.Intento - 1
      FROM trabajo.Chunks AS c WITH (ROWLOCK, FORCESEEK)
      WHERE c.ID_Chunk = @ID_Chunk AND c.Token = @Token AND c.Estado = 'PENDIENTE' AND c.Poseedor IS NOT NULL;
      SET @Filas = @@ROWCOUNT;
      IF @Filas <> 1
        THROW 50410, N'el chunk no esta arrendado con ese token: no se devolvio', 1;
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  SELECT @Estado AS Estado;
END;
GO
GRANT EXECUTE ON OBJECT::trabajo.sp_Devolver_Chunk TO carril_app;
GO
