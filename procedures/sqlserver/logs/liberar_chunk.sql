SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Releases a range that logs.reservar_chunk reserved, under its token: COMPLETADO, ERROR, CANCELADO, or PENDIENTE to give it
  back. A message, when given, replaces the row's. 50410 when somebody else has taken it over, or when nobody holds it any more
  and it is not in that state. Already released like that under this token: says so and does nothing. Rows of carril's own log
  review (negative ids) are released by their workers only (50409).

  Returns: one
    estado  varchar(50)  not null  of the row now
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: trabajo.Lo_Procesos write, trabajo.Chunks write, trabajo.Trabajos read
  Batch: 1
  Entry: carril_app
  Since: 019
*/
CREATE OR ALTER PROCEDURE logs.liberar_chunk
  @id bigint,
  @Token bigint,
  @estado varchar(50) = 'COMPLETADO',
  @mensaje nvarchar(4000) = NULL
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @Ahora datetime2(3) = SYSUTCDATETIME(), @ID_Chunk bigint, @Actual varchar(50), @Vigente bit, @Filas int,
    @Texto nvarchar(2048);

  IF @id IS NULL OR @Token IS NULL
    THROW 50400, N'@id y @Token son obligatorios', 1;
  SET @estado = UPPER(LTRIM(RTRIM(@estado)));
  IF @estado IS NULL OR @estado NOT IN ('COMPLETADO', 'ERROR', 'CANCELADO', 'PENDIENTE')
    THROW 50400, N'@estado debe ser COMPLETADO, ERROR, CANCELADO o PENDIENTE', 1;
  IF @id < 0
  BEGIN
    SET @Texto = CONCAT(N'la fila ', @id, N' es de la revision de logs de carril: la libera quien la revisa');
    THROW 50409, @Texto, 1;
  END;

  BEGIN TRY
    BEGIN TRANSACTION;

    SELECT @ID_Chunk = l.ID_Chunk FROM trabajo.Lo_Procesos AS l WHERE l.id = @id;
    IF @ID_Chunk IS NULL
    BEGIN
      SET @Texto = CONCAT(N'no existe la fila ', @id, N' de LO_PROCESOS');
      THROW 50404, @Texto, 1;
    END;

    -- el candado y despues el token; el trabajo de LO_PROCESOS no se cancela
    EXEC trabajo.sp_Tomar_Chunk
      @ID_Chunk = @ID_Chunk, @Token = @Token, @Exigir = 0, @Estado = @Actual OUTPUT, @Vigente = @Vigente OUTPUT;

    IF @Vigente = 1
    BEGIN
      UPDATE l
      SET
        fecha_fin = CASE WHEN @estado <> 'PENDIENTE' THEN @Ahora END,
        mensaje = COALESCE(@mensaje, l.mensaje)
      FROM trabajo.Lo_Procesos AS l WITH (ROWLOCK, FORCESEEK)
      WHERE l.id = @id;

      UPDATE c
      SET
        Estado = @estado,
        Poseedor = NULL,
        Expira = NULL,
        -- devolverlo no gasta el intento
        Intento = c.Intento - CASE WHEN @estado = 'PENDIENTE' THEN 1 ELSE 0 END,
        Fin = CASE WHEN @estado <> 'PENDIENTE' THEN @Ahora END,
        Ultimo_Error = CASE WHEN @estado = 'ERROR' THEN COALESCE(@mensaje, c.Ultimo_Error) ELSE c.Ultimo_Error END
      FROM trabajo.Chunks AS c WITH (ROWLOCK, FORCESEEK)
      WHERE c.ID_Chunk = @ID_Chunk AND c.Token = @Token AND c.Estado = 'PENDIENTE' AND c.Poseedor IS NOT NULL;
      SET @Filas = @@ROWCOUNT;
      IF @Filas <> 1
      BEGIN
        SET @Texto = CONCAT(N'la fila ', @id, N' ya no esta reservada con el token ', @Token, N': no se libero');
        THROW 50410, @Texto, 1;
      END;
    END
    ELSE IF @Actual <> @estado
    BEGIN
      SET @Texto = CONCAT(N'la fila ', @id, N' ya no esta reservada con el token ', @Token, N': esta ', @Actual);
      THROW 50410, @Texto, 1;
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  SELECT @estado AS estado;
END;
GO
GRANT EXECUTE ON OBJECT::logs.liberar_chunk TO carril_app;
GO
