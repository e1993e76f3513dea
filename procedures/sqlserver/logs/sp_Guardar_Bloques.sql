SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Stores the error blocks of a chunk of a log and completes the chunk, in one transaction under its token: what begins in
  [@Desde, @Hasta) is replaced by the given blocks. Already complete under this token: says so and does nothing. With
  @Completar = 0 it stores a part of a chunk that is too large for one call; the chunk stays held, and an attempt that is
  repeated replaces the parts again. The part must lie in the chunk's range (of compressed input only from its start on: its
  bytes are counted after decompression). The result is {"bloques":n} unless given. At most 20,000 blocks a call.

  Returns: one
    Estado     varchar(50)  not null  COMPLETADO, or EN_PROGRESO after a part
    Bloques    int          not null  rows that this call wrote
    Restantes  int          not null  0: no unfinished chunk of the job was seen, try to finalize it; else 1
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: logs.Archivos read, logs.Bloques_Error write, trabajo.Chunks write, trabajo.Trabajos read
  Batch: 2000
  Entry: carril_app
  Since: 022
*/
CREATE OR ALTER PROCEDURE logs.sp_Guardar_Bloques
  @ID_Chunk bigint,
  @Token bigint,
  @Desde bigint,
  @Hasta bigint,
  @Bloques logs.Lista_Bloques_v1 READONLY,
  @Completar bit = 1,
  @Resultado nvarchar(max) = NULL
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @Estado varchar(50), @ID_Trabajo bigint, @Tipo varchar(50), @Parametros nvarchar(max), @Inicio bigint, @Fin bigint,
    @Escritos int = 0, @Restantes int = 1, @Mensaje nvarchar(2048);

  IF @Completar IS NULL
    THROW 50400, N'@Completar es obligatorio', 1;
  IF ISJSON(@Resultado) = 0
    THROW 50400, N'@Resultado debe ser un objeto o un arreglo JSON', 1;

  BEGIN TRY
    BEGIN TRANSACTION;

    EXEC trabajo.sp_Tomar_Chunk
      @ID_Chunk = @ID_Chunk, @Token = @Token, @Estado = @Estado OUTPUT, @ID_Trabajo = @ID_Trabajo OUTPUT;

    SELECT @Tipo = t.Tipo, @Parametros = t.Parametros, @Inicio = c.Rango_Inicio, @Fin = c.Rango_Fin
    FROM trabajo.Chunks AS c
    INNER JOIN trabajo.Trabajos AS t ON t.ID_Trabajo = c.ID_Trabajo
    WHERE c.ID_Chunk = @ID_Chunk;
    IF @Tipo <> 'LOGS'
    BEGIN
      SET @Mensaje = CONCAT(N'el chunk ', @ID_Chunk, N' es de un trabajo de tipo ', REPLACE(@Tipo, '%', '%%'),
        N': no tiene bloques de un log');
      THROW 50409, @Mensaje, 1;
    END;

    IF @Estado <> 'COMPLETADO'
    BEGIN
      -- fuera de su rango estan los bloques de otro carril
      IF @Desde < @Inicio OR (@Hasta > @Fin AND COALESCE(JSON_VALUE(@Parametros, '$.gzip'), N'false') <> N'true')
      BEGIN
        SET @Mensaje = CONCAT(N'el chunk ', @ID_Chunk, N' va de ', @Inicio, N' a ', @Fin, N': de ', @Desde, N' a ', @Hasta,
          N' no es suyo');
        THROW 50400, @Mensaje, 1;
      END;

      EXEC logs.sp_Escribir_Bloques
        @ID_Trabajo = @ID_Trabajo, @ID_Chunk = @ID_Chunk, @Desde = @Desde, @Hasta = @Hasta, @Bloques = @Bloques,
        @Escritos = @Escritos OUTPUT;

      SET @Estado = 'EN_PROGRESO';
      IF @Completar = 1
      BEGIN
        SELECT @Estado = 'COMPLETADO', @Resultado = COALESCE(@Resultado, CONCAT(N'{"bloques":', @Escritos, N'}'));
        EXEC trabajo.sp_Cerrar_Chunk @ID_Chunk = @ID_Chunk, @Token = @Token, @Estado = @Estado, @Resultado = @Resultado;
      END;
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  -- despues de confirmar: de dos que terminan a la vez, el segundo ve que no queda nada
  IF @Estado = 'COMPLETADO'
    EXEC trabajo.sp_Restantes @ID_Trabajo = @ID_Trabajo, @Restantes = @Restantes OUTPUT;
  SELECT @Estado AS Estado, @Escritos AS Bloques, @Restantes AS Restantes;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Guardar_Bloques TO carril_app;
GO
