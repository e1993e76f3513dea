SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  One bounded batch of the way back: rows get the keys that they had, last table first; then the executions and processes that the
  backfill made go. To be called until Terminado. The map stays until the next backfill or until 017 is reverted, so that
  logs.sp_Backfill_Verificar can compare with what was measured before. Refused (50409) after logs.sp_Backfill_Terminar.

  Returns: one
    Fase       varchar(20)    not null
    Tabla      nvarchar(257)  null
    Filas      int            not null  rows that this call treated
    Terminado  bit            not null
    Lotes      bigint         not null
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: logs.Backfill_Estado write, logs.Backfill_Medidas write, logs.Backfill_Ejecuciones write, logs.Backfill_Mapa read, the tables of logs.Backfill_Tablas write, logs.Ejecuciones write, logs.Procesos write
  Batch: 2000
  Entry: carril_dba
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Backfill_Revertir
  @Maximo int = 10000
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  SET LOCK_TIMEOUT 2000;
  DECLARE
    @Fase varchar(20), @Orden int, @Cursor bigint, @Lotes bigint, @Mayor int, @Terminado datetime2(3), @Inicio datetime2(3),
    @Fin datetime2(3), @Primero bigint = -9223372036854775808, @Tabla nvarchar(257), @Hechas int = 0, @Escritas int, @Cupo int,
    @Hasta bigint, @Acabada bit = 0;
  DECLARE @IDs TABLE (ID bigint NOT NULL PRIMARY KEY);

  IF @Maximo IS NULL OR @Maximo NOT BETWEEN 1 AND 20000
    THROW 50400, N'@Maximo debe estar entre 1 y 20000', 1;

  BEGIN TRY
    BEGIN TRANSACTION;

    EXEC trabajo.sp_Bloquear @Recurso = N'carril:backfill', @Modo = 'Exclusive', @Espera_ms = 15000;
    SELECT
      @Fase = x.Fase, @Orden = x.Orden, @Cursor = x.Cursor_ID, @Lotes = x.Lotes, @Mayor = x.Mayor_Sentencia,
      @Terminado = x.Terminado, @Inicio = x.Inicio, @Fin = x.Fin
    FROM logs.Backfill_Estado AS x WITH (READCOMMITTEDLOCK)
    WHERE x.ID = 1;

    IF @Terminado IS NOT NULL
      THROW 50409, N'ID_Proceso ya es NOT NULL: primero carril backfill finish --undo, despues carril backfill revert', 1;
    IF @Fase NOT IN ('NUEVO', 'REVERTIDO')
    BEGIN
      IF @Fase <> 'REVIRTIENDO'
        SELECT
          @Fase = 'REVIRTIENDO', @Orden = 2147483647, @Cursor = @Primero, @Mayor = 0, @Inicio = SYSUTCDATETIME(), @Fin = NULL;
      SET @Cupo = CASE WHEN @Maximo < 2000 THEN @Maximo ELSE 2000 END;

      IF @Orden > 0
      BEGIN
        SELECT TOP (1) @Tabla = b.Tabla, @Orden = b.Orden
        FROM logs.Backfill_Tablas AS b
        WHERE b.Orden <= @Orden AND b.Tipo <> 'PADRE'
        ORDER BY b.Orden DESC;
        IF @Tabla IS NULL
          SELECT @Orden = 0, @Cursor = @Primero;
        ELSE
        BEGIN
          WHILE @Hechas < @Maximo AND @Acabada = 0
          BEGIN
            SET @Cupo = CASE WHEN @Maximo - @Hechas < 2000 THEN @Maximo - @Hechas ELSE 2000 END;
            EXEC logs.sp_Backfill_Deshacer @Tabla = @Tabla, @Desde = @Cursor, @Maximo = @Cupo, @Filas = @Escritas OUTPUT,
              @Hasta = @Hasta OUTPUT;
            SELECT
              @Acabada = CASE WHEN @Escritas < @Cupo THEN 1 ELSE 0 END, @Hechas += @Escritas, @Cursor = COALESCE(@Hasta, @Cursor),
              @Mayor = CASE WHEN @Escritas > @Mayor THEN @Escritas ELSE @Mayor END;
          END;
          UPDATE logs.Backfill_Medidas
          SET Cambiadas = CASE WHEN Cambiadas > @Hechas THEN Cambiadas - @Hechas ELSE 0 END
          WHERE Tabla = @Tabla;
          IF @Acabada = 1
            SELECT @Orden = @Orden - 1, @Cursor = @Primero;
        END;
      END
      ELSE IF @Orden = 0
      BEGIN
        -- las ejecuciones nuevas ya no tienen filas
        INSERT INTO @IDs (ID)
        SELECT TOP (@Cupo) m.ID_Ejecucion_Nuevo
        FROM logs.Backfill_Mapa AS m
        INNER JOIN logs.Ejecuciones AS x ON x.ID_Ejecucion = m.ID_Ejecucion_Nuevo
        WHERE m.ID_Ejecucion_Nuevo > @Cursor
        ORDER BY m.ID_Ejecucion_Nuevo;
        SET @Hechas = @@ROWCOUNT;
        DELETE x
        FROM @IDs AS i
        INNER LOOP JOIN logs.Ejecuciones AS x WITH (ROWLOCK, FORCESEEK) ON x.ID_Ejecucion = i.ID
        OPTION (FORCE ORDER);
        IF @Hechas < @Cupo
          SELECT @Orden = -1, @Cursor = @Primero;
        ELSE
          SELECT @Cursor = MAX(i.ID) FROM @IDs AS i;
      END
      ELSE
      BEGIN
        -- primero sueltas: borrar el proceso se llevaria por la cascada lo que aun fuera suyo
        INSERT INTO @IDs (ID)
        SELECT TOP (@Cupo) b.ID_Ejecucion
        FROM logs.Backfill_Ejecuciones AS b
        WHERE b.Hecho = 1 AND b.ID_Ejecucion > @Cursor
        ORDER BY b.ID_Ejecucion;
        SET @Hechas = @@ROWCOUNT;
        UPDATE x
        SET ID_Proceso = NULL
        FROM @IDs AS i
        INNER LOOP JOIN logs.Ejecuciones AS x WITH (ROWLOCK, FORCESEEK) ON x.ID_Ejecucion = i.ID
        WHERE x.ID_Fund IS NULL
        OPTION (FORCE ORDER);
        DELETE p
        FROM @IDs AS i
        INNER LOOP JOIN logs.Backfill_Ejecuciones AS b WITH (FORCESEEK) ON b.ID_Ejecucion = i.ID
        INNER LOOP JOIN logs.Procesos AS p WITH (ROWLOCK, FORCESEEK) ON p.ID_Proceso = b.ID_Proceso
        WHERE p.Arquitectura = 'LEGADO'
          AND NOT EXISTS (SELECT 1 FROM logs.Ejecuciones AS x WHERE x.ID_Proceso = p.ID_Proceso)
        OPTION (FORCE ORDER);
        UPDATE b
        SET Hecho = 0
        FROM @IDs AS i
        INNER LOOP JOIN logs.Backfill_Ejecuciones AS b WITH (ROWLOCK, FORCESEEK) ON b.ID_Ejecucion = i.ID
        OPTION (FORCE ORDER);
        IF @Hechas < @Cupo
          SELECT @Fase = 'REVERTIDO', @Orden = 0, @Cursor = @Primero, @Fin = SYSUTCDATETIME();
        ELSE
          SELECT @Cursor = MAX(i.ID) FROM @IDs AS i;
      END;
      IF @Tabla IS NULL AND @Hechas > @Mayor
        SET @Mayor = @Hechas;

      SET @Lotes += 1;
      UPDATE logs.Backfill_Estado
      SET
        Fase = @Fase, Orden = @Orden, Cursor_ID = @Cursor, Lotes = @Lotes, Mayor_Sentencia = @Mayor, Inicio = @Inicio, Fin = @Fin,
        Ultimo = SYSUTCDATETIME(), Verificado = NULL, Verificacion_Orden = NULL, Verificacion_Cursor = NULL
      WHERE ID = 1;
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  SELECT
    @Fase AS Fase, @Tabla AS Tabla, @Hechas AS Filas,
    CONVERT(bit, CASE WHEN @Fase IN ('NUEVO', 'REVERTIDO') THEN 1 ELSE 0 END) AS Terminado, @Lotes AS Lotes;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Backfill_Revertir TO carril_dba;
GO
