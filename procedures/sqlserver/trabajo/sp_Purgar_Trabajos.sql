SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Deletes jobs that ended before a moment, oldest first, of one kind or of all, with their chunks and, of a log review, its error
  blocks: at most @Maximo rows a call, of at most 500 jobs, children first, so that a large job goes in several calls; between them
  it is still an ended job with its counts. Call again until Quedan is 0.

  Never FONDOS, which belong to a process, nor LO_PROCESOS (50409 when asked for by name). A job whose lock is refused is skipped:
  somebody is about to bring it back to life. No chunk's lock is taken: an ended chunk has no holder, and only a retry, which needs
  the job's lock, could give it another. A file whose newest review goes keeps how far it was read.

  Returns: one
    Trabajos  int  not null  jobs deleted
    Chunks    int  not null  chunks deleted
    Otros     int  not null  error blocks deleted
    Quedan    bit  not null  1: the call reached its limit, there may be more
  Errors: 50400, 50409, 50499
  Touches: logs.Bloques_Error write, trabajo.Chunks write, logs.Archivos write, trabajo.Trabajos write
  Batch: 2000
  Entry: carril_app
  Since: 022
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Purgar_Trabajos
  @Antes_De datetime2(3),
  @Tipo varchar(50) = NULL,
  @Maximo int = 2000
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  -- READPAST no vale en SERIALIZABLE, que un pool puede haber dejado puesto
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @Cupo int = @Maximo, @Vistos int = 0, @Filas int, @Trabajos int = 0, @Chunks int = 0, @Otros int = 0, @Quedan bit = 1,
    @ID_Trabajo bigint, @Fin datetime2(3), @Clase varchar(50), @ID_Archivo bigint, @Mensaje nvarchar(2048),
    @Ultimo_Fin datetime2(3) = CONVERT(datetime2(3), '00010101'), @Ultimo_Trabajo bigint = 0, @Recurso nvarchar(255),
    @Concedido bit, @Lleno bit;
  DECLARE @Claves TABLE (ID_Archivo bigint NOT NULL, Byte_Inicio bigint NOT NULL, PRIMARY KEY (ID_Archivo, Byte_Inicio));

  IF @Antes_De IS NULL
    THROW 50400, N'@Antes_De es obligatorio: lo que termino antes de ese momento se borra', 1;
  IF @Maximo IS NULL OR @Maximo NOT BETWEEN 1 AND 2000
    THROW 50400, N'@Maximo debe estar entre 1 y 2000', 1;
  IF @Tipo IN ('FONDOS', 'FONDOS_LEGADO', 'LO_PROCESOS')
  BEGIN
    SET @Mensaje = CONCAT(N'los trabajos de tipo ', @Tipo, N' no se purgan: son parte de otra historia');
    THROW 50409, @Mensaje, 1;
  END;

  BEGIN TRY
    BEGIN TRANSACTION;

    WHILE @Cupo > 0 AND @Vistos < 500
    BEGIN
      -- el siguiente, por su fin; lo bloqueado se salta, no se espera
      SELECT TOP (1)
        @ID_Trabajo = t.ID_Trabajo, @Fin = t.FechaFin, @Clase = t.Tipo,
        @ID_Archivo = TRY_CONVERT(bigint, JSON_VALUE(t.Parametros, '$.id_archivo'))
      FROM trabajo.Trabajos AS t WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK, FORCESEEK (IX_Trabajos_Terminados (FechaFin)))
      WHERE t.FechaFin IS NOT NULL AND t.FechaFin < @Antes_De AND t.FechaFin >= @Ultimo_Fin
        AND (t.FechaFin > @Ultimo_Fin OR t.ID_Trabajo > @Ultimo_Trabajo)
        AND t.Tipo NOT IN ('FONDOS', 'FONDOS_LEGADO', 'LO_PROCESOS') AND (@Tipo IS NULL OR t.Tipo = @Tipo)
      ORDER BY t.FechaFin, t.ID_Trabajo;
      IF @@ROWCOUNT = 0
      BEGIN
        SET @Quedan = 0;
        BREAK;
      END;
      SELECT @Ultimo_Fin = @Fin, @Ultimo_Trabajo = @ID_Trabajo, @Recurso = CONCAT(N'carril:trabajo:', @ID_Trabajo);

      EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 0, @Concedido = @Concedido OUTPUT;
      IF @Concedido = 0
        CONTINUE;
      SET @Vistos += 1;

      -- otra vez, con el candado: pudieron reintentarlo mientras tanto
      IF NOT EXISTS (
        SELECT 1 FROM trabajo.Trabajos AS t WITH (READCOMMITTEDLOCK)
        WHERE t.ID_Trabajo = @ID_Trabajo AND t.FechaFin IS NOT NULL AND t.FechaFin < @Antes_De)
        CONTINUE;

      -- los hijos primero; los bloques, por la clave de la tabla y en su orden, como los escribe quien revisa el archivo otra
      -- vez: borrados por IX_Bloques_Error_Trabajo, cada uno tendria bloqueado lo que el otro espera
      IF @Clase IN ('LOGS', 'LOGS_SECUENCIAL')
      BEGIN
        DELETE FROM @Claves;
        INSERT INTO @Claves (ID_Archivo, Byte_Inicio)
        SELECT TOP (@Cupo) b.ID_Archivo, b.Byte_Inicio
        FROM logs.Bloques_Error AS b WITH (FORCESEEK (IX_Bloques_Error_Trabajo (ID_Trabajo)))
        WHERE b.ID_Trabajo = @ID_Trabajo
        ORDER BY b.ID_Archivo, b.Byte_Inicio;
        SET @Lleno = CASE WHEN @@ROWCOUNT = @Cupo THEN 1 ELSE 0 END;

        DELETE b
        FROM @Claves AS k
        INNER LOOP JOIN logs.Bloques_Error AS b WITH (ROWLOCK, FORCESEEK (PK_Bloques_Error (ID_Archivo, Byte_Inicio)))
          ON b.ID_Archivo = k.ID_Archivo AND b.Byte_Inicio = k.Byte_Inicio
        WHERE b.ID_Trabajo = @ID_Trabajo
        OPTION (FORCE ORDER);
        SET @Filas = @@ROWCOUNT;
        SELECT @Otros += @Filas, @Cupo -= @Filas;
        -- tampoco si alguno lo borro otro mientras tanto: puede haber mas
        IF @Lleno = 1
          BREAK;
      END;

      DELETE TOP (@Cupo) c
      FROM trabajo.Chunks AS c WITH (ROWLOCK, FORCESEEK)
      WHERE c.ID_Trabajo = @ID_Trabajo;
      SET @Filas = @@ROWCOUNT;
      SELECT @Chunks += @Filas, @Cupo -= @Filas;
      IF @Cupo = 0
        BREAK;

      -- lo leido y desde donde seguir se quedan
      IF @Clase IN ('LOGS', 'LOGS_SECUENCIAL')
        UPDATE a
        SET
          ID_Trabajo = NULLIF(a.ID_Trabajo, @ID_Trabajo),
          ID_Ultimo_Trabajo = NULLIF(a.ID_Ultimo_Trabajo, @ID_Trabajo)
        FROM logs.Archivos AS a WITH (ROWLOCK, FORCESEEK)
        WHERE a.ID_Archivo = @ID_Archivo AND (a.ID_Trabajo = @ID_Trabajo OR a.ID_Ultimo_Trabajo = @ID_Trabajo);

      DELETE t
      FROM trabajo.Trabajos AS t WITH (ROWLOCK, FORCESEEK)
      WHERE t.ID_Trabajo = @ID_Trabajo;
      SELECT @Trabajos += 1, @Cupo -= 1;
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  SELECT @Trabajos AS Trabajos, @Chunks AS Chunks, @Otros AS Otros, @Quedan AS Quedan;
END;
GO
GRANT EXECUTE ON OBJECT::trabajo.sp_Purgar_Trabajos TO carril_app;
GO
