SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Stores the error blocks of a part of a log for a sequential review, which has no chunks and no leases: what begins in
  [@Desde, @Hasta) is replaced by the given blocks. The job's lock Exclusive keeps two runs of one review apart. At most
  20,000 blocks a call.

  Returns: one
    Bloques  int  not null  rows that this call wrote
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: trabajo.Trabajos read, logs.Archivos read, logs.Bloques_Error write
  Batch: 2000
  Entry: carril_app
  Since: 022
*/
CREATE OR ALTER PROCEDURE logs.sp_Guardar_Bloques_Secuencial
  @ID_Trabajo bigint,
  @Desde bigint,
  @Hasta bigint,
  @Bloques logs.Lista_Bloques_v1 READONLY
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @Estado varchar(50), @Tipo varchar(50), @Cancelado bit, @Parametros nvarchar(max), @Inicio bigint, @Fin bigint,
    @Escritos int = 0, @Recurso nvarchar(255), @Mensaje nvarchar(2048);

  IF @ID_Trabajo IS NULL
    THROW 50400, N'@ID_Trabajo es obligatorio', 1;

  BEGIN TRY
    BEGIN TRANSACTION;

    SET @Recurso = CONCAT(N'carril:trabajo:', @ID_Trabajo);
    EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 15000;

    SELECT @Estado = t.Estado, @Tipo = t.Tipo, @Cancelado = t.Cancelado, @Parametros = t.Parametros
    FROM trabajo.Trabajos AS t WITH (READCOMMITTEDLOCK)
    WHERE t.ID_Trabajo = @ID_Trabajo;
    IF @Estado IS NULL
    BEGIN
      SET @Mensaje = CONCAT(N'no existe el trabajo ', @ID_Trabajo);
      THROW 50404, @Mensaje, 1;
    END;
    IF @Tipo <> 'LOGS_SECUENCIAL'
    BEGIN
      SET @Mensaje = CONCAT(N'el trabajo ', @ID_Trabajo, N' es de tipo ', REPLACE(@Tipo, '%', '%%'),
        N': no es una revision secuencial');
      THROW 50409, @Mensaje, 1;
    END;
    IF @Cancelado = 1
    BEGIN
      SET @Mensaje = CONCAT(N'el trabajo ', @ID_Trabajo, N' fue cancelado');
      THROW 50499, @Mensaje, 1;
    END;
    IF @Estado <> 'EN_PROGRESO'
    BEGIN
      SET @Mensaje = CONCAT(N'el trabajo ', @ID_Trabajo, N' ya termino: ', @Estado);
      THROW 50409, @Mensaje, 1;
    END;
    SELECT
      @Inicio = TRY_CONVERT(bigint, JSON_VALUE(@Parametros, '$.desde')),
      @Fin = CASE WHEN COALESCE(JSON_VALUE(@Parametros, '$.gzip'), N'false') <> N'true'
        THEN TRY_CONVERT(bigint, JSON_VALUE(@Parametros, '$.hasta')) END;
    IF @Desde < @Inicio OR @Hasta > @Fin
    BEGIN
      SET @Mensaje = CONCAT(N'la revision ', @ID_Trabajo, N' va de ', @Inicio, N' a ', @Fin, N': de ', @Desde, N' a ', @Hasta,
        N' no es suyo');
      THROW 50400, @Mensaje, 1;
    END;

    EXEC logs.sp_Escribir_Bloques
      @ID_Trabajo = @ID_Trabajo, @ID_Chunk = NULL, @Desde = @Desde, @Hasta = @Hasta, @Bloques = @Bloques,
      @Escritos = @Escritos OUTPUT;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  SELECT @Escritos AS Bloques;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Guardar_Bloques_Secuencial TO carril_app;
GO
