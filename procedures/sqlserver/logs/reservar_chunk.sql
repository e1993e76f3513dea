SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Reserves a range of bytes of a log for a process: a row of LO_PROCESOS in PROCESANDO, held for @limite_min minutes. A range
  that overlaps one of that file which is PENDIENTE, PROCESANDO or COMPLETADO is refused (50409, naming its id), with two
  exceptions, both for exactly the same range: one that is PENDIENTE is taken, and one that has been PROCESANDO for longer than
  @limite_min is taken over, under a higher token, so that its holder can no longer release it. Ranges in ERROR or CANCELADO are
  in nobody's way. Paths are compared letter by letter and do not end in a blank (50400); reservations of one file wait for each
  other, at most 15 s.

  Returns: one
    id     bigint  not null  of the row of LO_PROCESOS
    Token  bigint  not null  to be given to logs.liberar_chunk
  Errors: 50400, 50408, 50409, 50499
  Touches: trabajo.Lo_Procesos write, trabajo.Chunks write, trabajo.Trabajos read
  Batch: 1
  Entry: carril_app
  Since: 019
*/
CREATE OR ALTER PROCEDURE logs.reservar_chunk
  @ruta_archivo nvarchar(400),
  @byte_inicio bigint,
  @byte_fin bigint,
  @proceso nvarchar(200),
  @usuario nvarchar(100) = NULL,
  @limite_min int = 30
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @Ahora datetime2(3) = SYSUTCDATETIME(), @Mensaje nvarchar(2048), @Recurso nvarchar(600), @id bigint, @ID_Chunk bigint,
    @Token bigint = 0, @ID_Trabajo bigint, @Orden int, @Limite datetime2(3), @Vence datetime2(3);

  -- las comparaciones no ven los espacios al final
  IF @ruta_archivo IS NULL OR @ruta_archivo = N'' OR RIGHT(@ruta_archivo, 1) = N' '
    THROW 50400, N'@ruta_archivo es obligatorio y no termina en espacio', 1;
  IF @proceso IS NULL OR LTRIM(@proceso) = N''
    THROW 50400, N'@proceso es obligatorio: quien reserva', 1;
  IF @byte_inicio IS NULL OR @byte_fin IS NULL OR @byte_inicio < 0 OR @byte_fin <= @byte_inicio
    THROW 50400, N'@byte_inicio y @byte_fin son un rango de al menos un byte: [inicio, fin)', 1;
  IF @limite_min IS NULL OR @limite_min NOT BETWEEN 1 AND 10080
    THROW 50400, N'@limite_min debe estar entre 1 y 10080', 1;
  SELECT @Limite = DATEADD(MINUTE, -@limite_min, @Ahora), @Vence = DATEADD(MINUTE, @limite_min, @Ahora);
  SET @usuario = COALESCE(NULLIF(LTRIM(RTRIM(@usuario)), N''), CONVERT(nvarchar(100), ORIGINAL_LOGIN()));

  BEGIN TRY
    BEGIN TRANSACTION;

    -- las reservas de un archivo, de una en una: la segunda ve lo que confirmo la primera. El nombre de un candado tiene 255
    -- caracteres: de una ruta larga, su huella
    SET @Recurso = CONCAT(N'carril:clave:lo_procesos:', @ruta_archivo);
    IF LEN(@Recurso) > 255
      SET @Recurso = CONCAT(N'carril:clave:lo_procesos:', CONVERT(char(64), HASHBYTES('SHA2_256', @ruta_archivo), 2));
    EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 15000;

    -- el mismo rango, libre o abandonado; si alguien lo tuvo puede estar a mitad de liberarlo: se espera a que lo diga
    SELECT TOP (1) @id = l.id, @ID_Chunk = l.ID_Chunk, @Token = c.Token
    FROM trabajo.Lo_Procesos AS l WITH (READCOMMITTEDLOCK)
    INNER JOIN trabajo.Chunks AS c WITH (READCOMMITTEDLOCK) ON c.ID_Chunk = l.ID_Chunk
    WHERE l.ruta_archivo = @ruta_archivo AND l.byte_inicio = @byte_inicio AND l.byte_fin = @byte_fin
      AND c.Estado = 'PENDIENTE' AND (c.Poseedor IS NULL OR c.Inicio <= @Limite)
    ORDER BY l.id;
    IF @Token > 0
    BEGIN
      SET @Recurso = CONCAT(N'carril:chunk:', @ID_Chunk);
      EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 15000;
    END;

    SELECT TOP (1) @Mensaje = REPLACE(CONCAT(
      N'el rango [', @byte_inicio, N', ', @byte_fin, N') de ', @ruta_archivo, N' se cruza con el de la fila ', l.id, N', [',
      l.byte_inicio, N', ', l.byte_fin, N'), que esta ', CASE WHEN c.Poseedor IS NOT NULL THEN 'PROCESANDO' ELSE c.Estado END,
      N' (', l.proceso, N', ', COALESCE(l.usuario, N'sin usuario'), N')'), N'%', N'%%') -- THROW lee los %
    FROM trabajo.Lo_Procesos AS l WITH (READCOMMITTEDLOCK)
    INNER JOIN trabajo.Chunks AS c WITH (READCOMMITTEDLOCK) ON c.ID_Chunk = l.ID_Chunk
    WHERE l.ruta_archivo = @ruta_archivo AND l.byte_inicio < @byte_fin AND l.byte_fin > @byte_inicio
      AND c.Estado IN ('PENDIENTE', 'COMPLETADO') AND (@id IS NULL OR l.id <> @id)
    ORDER BY l.id;
    IF @Mensaje IS NOT NULL
      THROW 50409, @Mensaje, 1;

    IF @id IS NOT NULL
    BEGIN
      -- otra vez, con el candado: pudo liberarlo, o tomarlo otro por la vista
      IF NOT EXISTS (
        SELECT 1
        FROM trabajo.Lo_Procesos AS l WITH (UPDLOCK, ROWLOCK)
        INNER JOIN trabajo.Chunks AS c WITH (UPDLOCK, ROWLOCK) ON c.ID_Chunk = l.ID_Chunk
        WHERE l.id = @id AND l.ruta_archivo = @ruta_archivo AND l.byte_inicio = @byte_inicio AND l.byte_fin = @byte_fin
          AND c.Token = @Token AND c.Estado = 'PENDIENTE' AND (c.Poseedor IS NULL OR c.Inicio <= @Limite))
      BEGIN
        SET @Mensaje = REPLACE(CONCAT(N'la fila ', @id, N', con el mismo rango de ', @ruta_archivo,
          N', cambio en este momento: ya no esta libre'), N'%', N'%%');
        THROW 50409, @Mensaje, 1;
      END;

      UPDATE l
      SET proceso = @proceso, usuario = @usuario, fecha_inicio = @Ahora, fecha_fin = NULL
      FROM trabajo.Lo_Procesos AS l WITH (ROWLOCK, FORCESEEK)
      WHERE l.id = @id;

      UPDATE c
      SET
        Poseedor = @usuario, Expira = @Vence, Token = c.Token + 1, Intento = c.Intento + 1, Inicio = @Ahora, Fin = NULL
      FROM trabajo.Chunks AS c WITH (ROWLOCK, FORCESEEK)
      WHERE c.ID_Chunk = @ID_Chunk;
      SET @Token += 1;
    END
    ELSE
    BEGIN
      SELECT @ID_Trabajo = t.ID_Trabajo FROM trabajo.Trabajos AS t WHERE t.Clave = N'LO_PROCESOS';
      SET @Orden = NEXT VALUE FOR trabajo.Seq_Lo_Procesos;
      SET @Token = 1;

      INSERT INTO trabajo.Chunks (
        ID_Trabajo, Orden, Rango_Inicio, Rango_Fin, Recurso, Poseedor, Token, Intento, Expira, Inicio)
      VALUES (@ID_Trabajo, @Orden, @byte_inicio, @byte_fin, @ruta_archivo, @usuario, @Token, 1, @Vence, @Ahora);
      SET @ID_Chunk = SCOPE_IDENTITY();

      INSERT INTO trabajo.Lo_Procesos (ID_Chunk, proceso, usuario, fecha_inicio, byte_inicio, byte_fin, ruta_archivo)
      VALUES (@ID_Chunk, @proceso, @usuario, @Ahora, @byte_inicio, @byte_fin, @ruta_archivo);
      SET @id = SCOPE_IDENTITY();
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  SELECT @id AS id, @Token AS Token;
END;
GO
GRANT EXECUTE ON OBJECT::logs.reservar_chunk TO carril_app;
GO
