SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  One bounded batch of the backfill: takes it up where the last call left it, writes at most @Maximo rows (while it measures, reads
  that many or one execution's), and says how far it is. To be called until Terminado. Phases: LIMPIEZA (what an earlier backfill
  left), INVENTARIO (legacy executions and the map), MEDICION (counts and checksums before; what belongs to no fund is set aside),
  PROCESOS (a process an execution, an execution a fund), FILAS (logs, staging and extract rows are re-keyed), COMPLETO.

  Runs of the old way that have not ended (younger than logs.Ajustes BACKFILL_EN_CURSO_H, 24 hours) are left for later: with
  @Otra_Vuelta a backfill that is complete and verified looks again for them and for rows whose fund is known by now. Nothing that a
  process of the new way writes is ever touched. One call at a time: a second one waits up to 15 s.

  Returns: one
    Fase       varchar(20)    not null
    Tabla      nvarchar(257)  null
    Filas      int            not null  rows that this call treated
    Terminado  bit            not null
    Lotes      bigint         not null  calls that did something, of all sessions
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: logs.Backfill_Estado write, logs.Backfill_Medidas write, logs.Backfill_Ejecuciones write, logs.Backfill_Mapa write, logs.Procesos write, logs.Ejecuciones write, logs.Ejecucion_Fondos write, the tables of logs.Backfill_Tablas write, logs.Backfill_Apartados write
  Batch: 2000
  Entry: carril_dba
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Backfill_Lote
  @Maximo int = 10000,
  @Otra_Vuelta bit = 0
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  -- las filas que cambia no las usa nadie mas; si alguien las tuviera, el lote se retira en vez de hacer cola
  SET LOCK_TIMEOUT 2000;
  DECLARE
    @Fase varchar(20), @Orden int, @Cursor bigint, @Cursor_Fund int, @Vuelta int, @Lotes bigint, @Mayor int,
    @Verificado datetime2(3), @Terminado datetime2(3), @Inicio datetime2(3), @Fin datetime2(3), @Antes datetime2(3),
    @Primero bigint = -9223372036854775808, @Primer_Fund int = -2147483648, @Nada bit = 0, @Hechas int = 0, @Vistas int = 0,
    @Escritas int, @Apartadas int, @Cupo int, @ID bigint, @Fondo int, @Acabada bit = 0, @Tabla nvarchar(257),
    @Tipo varchar(10), @Tope bigint, @Nombre nvarchar(600), @Consulta nvarchar(max), @Medida_Filas bigint, @S1 varchar(40),
    @S2 varchar(40), @Apartar bigint, @Pendientes bigint, @Hasta bigint, @Limite bigint;
  DECLARE @Elegidas TABLE
  (
    ID_Ejecucion bigint NOT NULL,
    ID_Fund      int    NOT NULL DEFAULT (0),
    ID_Nuevo     bigint NULL,
    ID_Proceso   bigint NULL,
    FechaReporte date   NULL,
    PRIMARY KEY (ID_Ejecucion, ID_Fund)
  );

  IF @Maximo IS NULL OR @Maximo NOT BETWEEN 1 AND 20000
    THROW 50400, N'@Maximo debe estar entre 1 y 20000', 1;

  BEGIN TRY
    BEGIN TRANSACTION;

    EXEC trabajo.sp_Bloquear @Recurso = N'carril:backfill', @Modo = 'Exclusive', @Espera_ms = 15000;
    SELECT
      @Fase = x.Fase, @Orden = x.Orden, @Cursor = x.Cursor_ID, @Cursor_Fund = x.Cursor_Fund, @Vuelta = x.Vuelta, @Lotes = x.Lotes,
      @Mayor = x.Mayor_Sentencia, @Verificado = x.Verificado, @Terminado = x.Terminado, @Inicio = x.Inicio, @Fin = x.Fin
    FROM logs.Backfill_Estado AS x WITH (READCOMMITTEDLOCK)
    WHERE x.ID = 1;

    IF @Fase = 'REVIRTIENDO'
      THROW 50409, N'el backfill se esta revirtiendo: termine con carril backfill revert antes de volver a empezar', 1;

    -- los que corrian hace poco pueden seguir corriendo
    SELECT @Antes = DATEADD(HOUR, -COALESCE((
      SELECT CONVERT(int, a.Valor) FROM logs.Ajustes AS a WHERE a.Ajuste = 'BACKFILL_EN_CURSO_H' AND a.ID_Fund IS NULL), 24),
      SYSUTCDATETIME());

    IF @Fase = 'COMPLETO' AND (COALESCE(@Otra_Vuelta, 0) = 0 OR @Verificado IS NULL OR @Terminado IS NOT NULL OR (
      NOT EXISTS (SELECT 1 FROM logs.Backfill_Apartados AS a WHERE a.Motivo <> 'SIN_FONDOS')
      AND NOT EXISTS (
        SELECT 1 FROM logs.Ejecuciones AS x
        WHERE x.ID_Proceso IS NULL AND x.ID_Fund IS NULL
          AND NOT (x.Estado IN ('PENDIENTE', 'EN_PROGRESO') AND x.FechaFin IS NULL AND x.FechaInicio IS NOT NULL AND x.FechaInicio >= @Antes))))
      SET @Nada = 1;
    -- los apartados se copian otra vez; mapa y lista solo se borran si la historia esta como antes
    IF @Nada = 0 AND @Fase IN ('NUEVO', 'REVERTIDO', 'COMPLETO')
      SELECT
        @Vuelta = CASE WHEN @Fase = 'COMPLETO' THEN @Vuelta + 1 ELSE 0 END, @Fase = 'LIMPIEZA', @Inicio = SYSUTCDATETIME(),
        @Fin = NULL, @Mayor = 0;
    SET @Cupo = CASE WHEN @Maximo < 2000 THEN @Maximo ELSE 2000 END;

    IF @Nada = 1
      SET @Acabada = 1;

    ELSE IF @Fase = 'LIMPIEZA'
    BEGIN
      DELETE TOP (@Cupo) FROM logs.Backfill_Apartados;
      SET @Escritas = @@ROWCOUNT;
      SELECT @Hechas += @Escritas, @Mayor = CASE WHEN @Escritas > @Mayor THEN @Escritas ELSE @Mayor END;
      IF @Vuelta = 0
      BEGIN
        DELETE TOP (@Cupo) FROM logs.Backfill_Mapa;
        SET @Escritas = @@ROWCOUNT;
        SELECT @Hechas += @Escritas, @Mayor = CASE WHEN @Escritas > @Mayor THEN @Escritas ELSE @Mayor END;
        DELETE TOP (@Cupo) FROM logs.Backfill_Ejecuciones;
        SET @Escritas = @@ROWCOUNT;
        SELECT @Hechas += @Escritas, @Mayor = CASE WHEN @Escritas > @Mayor THEN @Escritas ELSE @Mayor END;
      END;
      IF @Hechas = 0
      BEGIN
        DELETE FROM logs.Backfill_Medidas;
        SELECT @Fase = 'INVENTARIO', @Orden = 0, @Cursor = @Primero, @Cursor_Fund = @Primer_Fund;
      END;
    END

    ELSE IF @Fase = 'INVENTARIO'
    BEGIN
      IF @Orden = 0
      BEGIN
        -- el proceso lleva el numero de la ejecucion: quien pregunta por el ID de antes lo encuentra, y la historia no se pone
        -- por delante de lo nuevo. Si otro proceso ya lo tuviera, uno de la secuencia
        INSERT INTO @Elegidas (ID_Ejecucion, ID_Proceso, FechaReporte)
        SELECT TOP (@Cupo) x.ID_Ejecucion, x.ID_Ejecucion, x.FechaReporte
        FROM logs.Ejecuciones AS x
        WHERE x.ID_Ejecucion > @Cursor AND x.ID_Proceso IS NULL AND x.ID_Fund IS NULL
          AND NOT (x.Estado IN ('PENDIENTE', 'EN_PROGRESO') AND x.FechaFin IS NULL AND x.FechaInicio IS NOT NULL AND x.FechaInicio >= @Antes)
        ORDER BY x.ID_Ejecucion;
        SET @Escritas = @@ROWCOUNT;
        UPDATE c
        SET ID_Proceso = NEXT VALUE FOR logs.Seq_ID
        FROM @Elegidas AS c
        WHERE EXISTS (SELECT 1 FROM logs.Procesos AS p WHERE p.ID_Proceso = c.ID_Ejecucion);
        INSERT INTO logs.Backfill_Ejecuciones (ID_Ejecucion, ID_Proceso, FechaReporte)
        SELECT c.ID_Ejecucion, c.ID_Proceso, c.FechaReporte FROM @Elegidas AS c;
      END
      ELSE IF @Orden = 1
      BEGIN
        INSERT INTO @Elegidas (ID_Ejecucion, ID_Fund, ID_Proceso, FechaReporte)
        SELECT TOP (@Cupo) f.ID_Ejecucion, f.ID_Fund, b.ID_Proceso, b.FechaReporte
        FROM logs.Backfill_Ejecuciones AS b
        INNER JOIN logs.Ejecucion_Fondos AS f ON f.ID_Ejecucion = b.ID_Ejecucion
        WHERE b.ID_Ejecucion >= @Cursor AND (f.ID_Ejecucion > @Cursor OR f.ID_Fund > @Cursor_Fund)
          AND NOT EXISTS (
            SELECT 1 FROM logs.Backfill_Mapa AS m WHERE m.ID_Ejecucion = f.ID_Ejecucion AND m.ID_Fund = f.ID_Fund)
        ORDER BY f.ID_Ejecucion, f.ID_Fund;
        SET @Escritas = @@ROWCOUNT;
        INSERT INTO logs.Backfill_Mapa (ID_Ejecucion, ID_Fund, ID_Ejecucion_Nuevo, ID_Proceso, FechaReporte)
        SELECT
          c.ID_Ejecucion, c.ID_Fund, NEXT VALUE FOR logs.Seq_ID OVER (ORDER BY c.ID_Ejecucion, c.ID_Fund), c.ID_Proceso,
          c.FechaReporte
        FROM @Elegidas AS c;
      END
      ELSE
      BEGIN
        INSERT INTO @Elegidas (ID_Ejecucion)
        SELECT TOP (@Cupo) b.ID_Ejecucion
        FROM logs.Backfill_Ejecuciones AS b
        WHERE b.ID_Ejecucion > @Cursor
          AND NOT EXISTS (SELECT 1 FROM logs.Backfill_Mapa AS m WHERE m.ID_Ejecucion = b.ID_Ejecucion)
        ORDER BY b.ID_Ejecucion;
        SET @Escritas = @@ROWCOUNT;
        INSERT INTO logs.Backfill_Apartados (Tabla, Clave, Motivo, Fila)
        SELECT N'logs.Ejecuciones', CONVERT(nvarchar(20), c.ID_Ejecucion), 'SIN_FONDOS',
          (SELECT x.* FOR JSON PATH, INCLUDE_NULL_VALUES, WITHOUT_ARRAY_WRAPPER)
        FROM @Elegidas AS c
        INNER JOIN logs.Ejecuciones AS x ON x.ID_Ejecucion = c.ID_Ejecucion
        WHERE NOT EXISTS (
          SELECT 1 FROM logs.Backfill_Apartados AS a
          WHERE a.Tabla = N'logs.Ejecuciones' AND a.Clave = CONVERT(nvarchar(20), c.ID_Ejecucion));
      END;
      SELECT @Hechas = @Escritas, @Mayor = CASE WHEN @Escritas > @Mayor THEN @Escritas ELSE @Mayor END;
      IF @Escritas = @Cupo
        SELECT TOP (1) @Cursor = c.ID_Ejecucion, @Cursor_Fund = c.ID_Fund
        FROM @Elegidas AS c
        ORDER BY c.ID_Ejecucion DESC, c.ID_Fund DESC;
      ELSE
      BEGIN
        SELECT @Orden += 1, @Cursor = @Primero, @Cursor_Fund = @Primer_Fund;
        IF @Orden = 3
          SELECT @Fase = 'MEDICION', @Orden = 0;
      END;
    END

    ELSE IF @Fase = 'MEDICION'
    BEGIN
      SELECT TOP (1) @Tabla = b.Tabla, @Tipo = b.Tipo, @Orden = b.Orden
      FROM logs.Backfill_Tablas AS b
      WHERE b.Orden >= @Orden
      ORDER BY b.Orden;
      IF @Tabla IS NULL
        SELECT @Fase = 'PROCESOS', @Orden = 0, @Cursor = @Primero;
      ELSE
      BEGIN
        IF @Cursor = @Primero
        BEGIN
          IF @Tipo = 'FECHA'
          BEGIN
            SET @Nombre = QUOTENAME(PARSENAME(@Tabla, 2)) + N'.' + QUOTENAME(PARSENAME(@Tabla, 1));
            SET @Consulta = CONCAT(N'SELECT @Tope = COALESCE(MAX(x.ID), 0) FROM ', @Nombre, N' AS x;');
            EXEC sys.sp_executesql @Consulta, N'@Tope bigint OUTPUT', @Tope = @Tope OUTPUT;
          END;
          INSERT INTO logs.Backfill_Medidas (Tabla, Tope)
          SELECT @Tabla, @Tope
          WHERE NOT EXISTS (SELECT 1 FROM logs.Backfill_Medidas AS m WHERE m.Tabla = @Tabla);
        END;
        EXEC logs.sp_Backfill_Medir @Tabla = @Tabla, @Desde = @Cursor, @Ventana = @Maximo, @Filas = @Medida_Filas OUTPUT,
          @S1 = @S1 OUTPUT, @S2 = @S2 OUTPUT, @Apartar = @Apartar OUTPUT, @Pendientes = @Pendientes OUTPUT, @Hasta = @Hasta OUTPUT;
        UPDATE logs.Backfill_Medidas
        SET
          Antes_Filas += @Medida_Filas, Antes_S1 += CONVERT(decimal(38, 0), @S1), Antes_S2 += CONVERT(decimal(38, 0), @S2)
        WHERE Tabla = @Tabla;
        SET @Hechas = CONVERT(int, @Medida_Filas);
        SET @Limite = COALESCE(@Hasta, 9223372036854775807);
        SET @Escritas = 2000;
        WHILE @Apartar > 0 AND @Escritas = 2000
        BEGIN
          EXEC logs.sp_Backfill_Apartar @Tabla = @Tabla, @Desde = @Cursor, @Hasta = @Limite, @Maximo = 2000,
            @Filas = @Escritas OUTPUT;
          SET @Mayor = CASE WHEN @Escritas > @Mayor THEN @Escritas ELSE @Mayor END;
        END;
        IF @Hasta IS NULL
          SELECT @Orden += 1, @Cursor = @Primero;
        ELSE
          SET @Cursor = @Hasta;
      END;
    END

    ELSE IF @Fase = 'PROCESOS'
    BEGIN
      IF @Orden = 0
      BEGIN
        INSERT INTO @Elegidas (ID_Ejecucion, ID_Proceso)
        SELECT TOP (@Cupo) b.ID_Ejecucion, b.ID_Proceso
        FROM logs.Backfill_Ejecuciones AS b
        WHERE b.Hecho = 0 AND b.ID_Ejecucion > @Cursor
        ORDER BY b.ID_Ejecucion;
        SET @Escritas = @@ROWCOUNT;
        SELECT @ID = MAX(c.ID_Ejecucion) FROM @Elegidas AS c;
        INSERT INTO logs.Procesos (ID_Proceso, FechaReporte, Estado, Etapa_Actual, Usuario, Arquitectura, FechaInicio, FechaFin,
          TotalFondos, FondosExitosos, FondosFallidos, FondosOmitidos)
        SELECT
          c.ID_Proceso, x.FechaReporte, x.Estado, x.Etapa_Actual, x.Usuario, 'LEGADO',
          COALESCE(x.FechaInicio, CONVERT(datetime2(3), x.FechaReporte)), x.FechaFin,
          COALESCE(x.TotalFondos, (SELECT COUNT(*) FROM logs.Backfill_Mapa AS m WHERE m.ID_Ejecucion = x.ID_Ejecucion)),
          COALESCE(x.FondosExitosos, 0), COALESCE(x.FondosFallidos, 0), COALESCE(x.FondosOmitidos, 0)
        FROM @Elegidas AS c
        INNER JOIN logs.Ejecuciones AS x ON x.ID_Ejecucion = c.ID_Ejecucion;
        UPDATE x
        SET ID_Proceso = c.ID_Proceso
        FROM @Elegidas AS c
        INNER LOOP JOIN logs.Ejecuciones AS x WITH (ROWLOCK, FORCESEEK) ON x.ID_Ejecucion = c.ID_Ejecucion
        OPTION (FORCE ORDER);
        UPDATE b
        SET Hecho = 1
        FROM @Elegidas AS c
        INNER LOOP JOIN logs.Backfill_Ejecuciones AS b WITH (ROWLOCK, FORCESEEK) ON b.ID_Ejecucion = c.ID_Ejecucion
        OPTION (FORCE ORDER);
      END
      ELSE
      BEGIN
        -- de un fondo se sabe lo que dicen sus servicios; si no lo dicen todo, vale lo que decia la ejecucion
        INSERT INTO @Elegidas (ID_Ejecucion, ID_Fund, ID_Nuevo, ID_Proceso)
        SELECT TOP (@Cupo) m.ID_Ejecucion, m.ID_Fund, m.ID_Ejecucion_Nuevo, m.ID_Proceso
        FROM logs.Backfill_Mapa AS m
        WHERE m.ID_Ejecucion_Nuevo > @Cursor
          AND NOT EXISTS (SELECT 1 FROM logs.Ejecuciones AS x WHERE x.ID_Ejecucion = m.ID_Ejecucion_Nuevo)
        ORDER BY m.ID_Ejecucion_Nuevo;
        SET @Escritas = @@ROWCOUNT;
        SELECT @ID = MAX(c.ID_Nuevo) FROM @Elegidas AS c;
        INSERT INTO logs.Ejecuciones (ID_Ejecucion, ID_Proceso, ID_Fund, FechaReporte, Estado, Usuario, FechaInicio, FechaFin,
          TotalFondos, FondosExitosos, FondosFallidos, FondosOmitidos)
        SELECT
          c.ID_Nuevo, c.ID_Proceso, c.ID_Fund, x.FechaReporte, d.Estado, x.Usuario, COALESCE(f.FechaInicio, x.FechaInicio),
          COALESCE(f.FechaFin, x.FechaFin), 1,
          CASE WHEN d.Estado = 'COMPLETADO' THEN 1 ELSE 0 END,
          CASE WHEN d.Estado IN ('ERROR', 'COMPLETADO_CON_ERRORES') THEN 1 ELSE 0 END,
          CASE WHEN d.Estado IN ('OMITIDO', 'CANCELADO', 'REVERTIDO') THEN 1 ELSE 0 END
        FROM @Elegidas AS c
        INNER JOIN logs.Ejecuciones AS x ON x.ID_Ejecucion = c.ID_Ejecucion
        INNER JOIN logs.Ejecucion_Fondos AS f ON f.ID_Ejecucion = c.ID_Ejecucion AND f.ID_Fund = c.ID_Fund
        CROSS APPLY (
          SELECT
            SUM(CASE WHEN v.Estado IN ('ERROR', 'COMPLETADO_CON_ERRORES') THEN 1 ELSE 0 END) AS Fallidos,
            SUM(CASE WHEN v.Estado = 'COMPLETADO' THEN 1 ELSE 0 END) AS Completados,
            SUM(CASE WHEN v.Estado = 'OMITIDO' THEN 1 ELSE 0 END) AS Omitidos,
            COUNT(*) AS Total
          FROM (VALUES
            (f.Estado_Process_IPA), (f.Estado_Process_CAPM), (f.Estado_Process_PosModRF), (f.Estado_Process_SONA),
            (f.Estado_Process_Derivados), (f.Estado_Process_UBS), (f.Estado_Process_PNL)) AS v (Estado)
        ) AS s
        CROSS APPLY (
          SELECT CASE
            WHEN s.Fallidos > 0 THEN 'ERROR'
            WHEN s.Omitidos = s.Total THEN 'OMITIDO'
            WHEN s.Completados + s.Omitidos = s.Total THEN 'COMPLETADO'
            ELSE x.Estado
          END AS Estado
        ) AS d;
      END;
      SELECT @Hechas = @Escritas, @Mayor = CASE WHEN @Escritas > @Mayor THEN @Escritas ELSE @Mayor END;
      IF @Escritas = @Cupo
        SET @Cursor = @ID;
      ELSE
      BEGIN
        SELECT @Orden += 1, @Cursor = @Primero;
        IF @Orden = 2
          SELECT @Fase = 'FILAS', @Orden = 0, @Cursor_Fund = @Primer_Fund;
      END;
    END

    ELSE
    BEGIN
      SELECT TOP (1) @Tabla = b.Tabla, @Tipo = b.Tipo, @Orden = b.Orden
      FROM logs.Backfill_Tablas AS b
      WHERE b.Orden >= @Orden AND b.Tipo <> 'PADRE'
      ORDER BY b.Orden;
      IF @Tabla IS NULL
        SELECT @Fase = 'COMPLETO', @Orden = 0, @Cursor = @Primero, @Fin = SYSUTCDATETIME();
      ELSE
      BEGIN
        SELECT @Tope = m.Tope FROM logs.Backfill_Medidas AS m WHERE m.Tabla = @Tabla;
        -- las que solo se miran tambien cuentan: el lote se acaba aunque no haya nada que cambiar
        WHILE @Vistas < @Maximo AND @Acabada = 0
        BEGIN
          SET @Cupo = CASE WHEN @Maximo - @Vistas < 2000 THEN @Maximo - @Vistas ELSE 2000 END;
          IF @Tipo = 'CLAVE'
          BEGIN
            EXEC logs.sp_Backfill_Clave @Tabla = @Tabla, @Desde_ID = @Cursor, @Desde_Fund = @Cursor_Fund, @Maximo = @Cupo,
              @Filas = @Escritas OUTPUT, @Hasta_ID = @ID OUTPUT, @Hasta_Fund = @Fondo OUTPUT;
            -- los pares van enteros: lo que no cupo no da otra sentencia para unas pocas filas
            SELECT
              @Acabada = CASE WHEN @ID IS NULL THEN 1 ELSE 0 END, @Vistas += @Cupo, @Hechas += @Escritas,
              @Cursor = COALESCE(@ID, @Cursor), @Cursor_Fund = COALESCE(@Fondo, @Cursor_Fund);
          END
          ELSE
          BEGIN
            EXEC logs.sp_Backfill_Fecha @Tabla = @Tabla, @Desde = @Cursor, @Tope = @Tope, @Maximo = @Cupo,
              @Cambiadas = @Escritas OUTPUT, @Apartadas = @Apartadas OUTPUT, @Hasta = @ID OUTPUT;
            SELECT
              @Acabada = CASE WHEN @ID IS NULL THEN 1 ELSE 0 END, @Vistas += @Cupo, @Hechas += @Escritas,
              @Cursor = COALESCE(@ID, @Cursor);
            IF @Apartadas > @Escritas
              SET @Escritas = @Apartadas;
          END;
          SET @Mayor = CASE WHEN @Escritas > @Mayor THEN @Escritas ELSE @Mayor END;
        END;
        UPDATE logs.Backfill_Medidas SET Cambiadas += @Hechas WHERE Tabla = @Tabla;
        IF @Acabada = 1
          SELECT @Orden += 1, @Cursor = @Primero, @Cursor_Fund = @Primer_Fund;
      END;
    END;

    IF @Nada = 0
    BEGIN
      SET @Lotes += 1;
      UPDATE logs.Backfill_Estado
      SET
        Fase = @Fase, Orden = @Orden, Cursor_ID = @Cursor, Cursor_Fund = @Cursor_Fund, Vuelta = @Vuelta, Lotes = @Lotes,
        Mayor_Sentencia = @Mayor, Inicio = @Inicio, Fin = @Fin, Ultimo = SYSUTCDATETIME(), Verificado = NULL,
        Verificacion_Orden = NULL, Verificacion_Cursor = NULL
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
    @Fase AS Fase, @Tabla AS Tabla, @Hechas AS Filas, CONVERT(bit, CASE WHEN @Fase = 'COMPLETO' THEN 1 ELSE 0 END) AS Terminado,
    @Lotes AS Lotes;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Backfill_Lote TO carril_dba;
GO
