SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Counts the legacy rows of a window of a table, and adds up slices of each row's SHA-256, over all columns and with every ID that
  the backfill gave turned back into what it was: the same before, in the middle, afterwards and reverted. Only rows of the old way
  count: neither a process of the new way nor a run that is not in the inventory (it had not ended) changes the sums.

  Returns: output
    Filas       bigint       not null
    S1          varchar(40)  not null  sum of the first 8 bytes of each hash, as a signed number
    S2          varchar(40)  not null  of the next 8
    Apartar     bigint       not null  rows keyed by execution that no execution of a fund is for, and that are not set aside yet
    Pendientes  bigint       not null  rows neither re-keyed nor set aside
    Hasta       bigint       null      end of the window; null: it was the last
  Errors: 50404, 50409
  Touches: logs.Backfill_Tablas read, logs.Backfill_Medidas read, logs.Backfill_Ejecuciones read, logs.Backfill_Mapa read, logs.Ejecuciones read, logs.Backfill_Apartados read, the table read
  Batch: none
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Backfill_Medir
  @Tabla nvarchar(257),
  @Desde bigint,
  @Ventana int,
  @Filas bigint = NULL OUTPUT,
  @S1 varchar(40) = NULL OUTPUT,
  @S2 varchar(40) = NULL OUTPUT,
  @Apartar bigint = NULL OUTPUT,
  @Pendientes bigint = NULL OUTPUT,
  @Hasta bigint = NULL OUTPUT
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE
    @Nombre nvarchar(600), @Tipo varchar(10), @Anterior sysname, @ID sysname, @Tope bigint, @Fin bigint, @Fila nvarchar(max),
    @Resumen nvarchar(max), @Clave nvarchar(max), @Heredadas nvarchar(max), @Consulta nvarchar(max), @Mensaje nvarchar(2048);
  SELECT @Filas = 0, @S1 = '0', @S2 = '0', @Apartar = 0, @Pendientes = 0, @Hasta = NULL;

  IF @@TRANCOUNT = 0
    THROW 50409, N'logs.sp_Backfill_Medir es un paso: se llama dentro de la transaccion de quien lo ejecuta.', 1;

  SET @Nombre = QUOTENAME(PARSENAME(@Tabla, 2)) + N'.' + QUOTENAME(PARSENAME(@Tabla, 1));
  IF NOT EXISTS (SELECT 1 FROM logs.Backfill_Tablas AS b WHERE b.Tabla = @Tabla AND b.Tipo IN ('PADRE', 'CLAVE', 'FECHA'))
    OR OBJECT_ID(@Nombre, N'U') IS NULL
  BEGIN
    SET @Mensaje = CONCAT(N'la tabla ', REPLACE(@Tabla, N'%', N'%%'), N' no existe o no esta en logs.Backfill_Tablas');
    THROW 50404, @Mensaje, 1;
  END;

  SELECT @Tipo = b.Tipo, @Anterior = b.Columna_Anterior, @Tope = m.Tope
  FROM logs.Backfill_Tablas AS b
  LEFT JOIN logs.Backfill_Medidas AS m ON m.Tabla = b.Tabla
  WHERE b.Tabla = @Tabla;
  SET @ID = CASE WHEN @Tipo = 'FECHA' THEN N'ID' ELSE N'ID_Ejecucion' END;

  -- hasta donde llega la ventana; las filas de un mismo ID no se reparten
  SET @Consulta = CONCAT(N'
  SELECT @Hasta = t.', @ID, N'
  FROM ', @Nombre, N' AS t
  WHERE t.', @ID, N' > @Desde
  ORDER BY t.', @ID, N' OFFSET @Ventana - 1 ROWS FETCH NEXT 1 ROWS ONLY;');
  EXEC sys.sp_executesql @Consulta, N'@Desde bigint, @Ventana int, @Hasta bigint OUTPUT',
    @Desde = @Desde, @Ventana = @Ventana, @Hasta = @Hasta OUTPUT;
  IF @Tipo = 'FECHA' AND @Hasta >= @Tope
    SET @Hasta = NULL;
  SET @Fin = COALESCE(@Hasta, CASE WHEN @Tipo = 'FECHA' THEN @Tope END, 9223372036854775807);

  -- la fila con los ID de antes, en JSON: distingue NULL de vacio, y donde acaba cada columna
  SELECT @Fila = STRING_AGG(CONVERT(nvarchar(max), CONCAT(
    CASE
      WHEN @Tipo = 'PADRE' AND c.name = N'ID_Proceso' THEN N'CONVERT(bigint, NULL)'
      WHEN @Tipo = 'FECHA' AND c.name = N'ID_Ejecucion' THEN N'CONVERT(bigint, NULL)'
      WHEN @Tipo = 'CLAVE' AND c.name = N'ID_Ejecucion' THEN N'h.ID_Antes'
      WHEN c.name = @Anterior THEN CONCAT(N'COALESCE((SELECT n.ID_Ejecucion FROM logs.Backfill_Mapa AS n ',
        N'WHERE n.ID_Ejecucion_Nuevo = t.', QUOTENAME(c.name), N' AND n.ID_Fund = t.ID_Fund), t.', QUOTENAME(c.name), N')')
      ELSE CONCAT(N't.', QUOTENAME(c.name))
    END, N' AS ', QUOTENAME(c.name))), N', ') WITHIN GROUP (ORDER BY c.column_id)
  FROM sys.columns AS c
  WHERE c.object_id = OBJECT_ID(@Nombre);

  -- los 16 primeros bytes del SHA-256 de su texto
  SET @Resumen = CONCAT(N'CONVERT(binary(16), HASHBYTES(''SHA2_256'', (SELECT ', @Fila,
    N' FOR JSON PATH, INCLUDE_NULL_VALUES, WITHOUT_ARRAY_WRAPPER)))');

  -- quien es cada par se averigua una vez, no por fila
  CREATE TABLE #Heredadas
  (
    ID_Ejecucion bigint NOT NULL,
    ID_Fund      int    NOT NULL,
    ID_Antes     bigint NOT NULL,
    Por_Cambiar  bit    NOT NULL,
    Sin_Destino  bit    NOT NULL,
    PRIMARY KEY CLUSTERED (ID_Ejecucion, ID_Fund)
  );
  -- las fechas en que una corrida de antes, que no esta en el inventario, puede estar escribiendo
  CREATE TABLE #Fechas_En_Curso (FechaReporte date NOT NULL PRIMARY KEY CLUSTERED);
  -- que cada resumen se calcule una vez, aunque se use dos
  CREATE TABLE #Filas_Medidas (H binary(16) NOT NULL, Pendiente bit NOT NULL, Apartar bit NOT NULL);

  IF @Tipo = 'CLAVE'
  BEGIN
    SELECT @Clave = CONCAT(N'CONCAT_WS(N''|'', ',
      STRING_AGG(CONVERT(nvarchar(max), N't.' + QUOTENAME(c.name)), N', ') WITHIN GROUP (ORDER BY k.key_ordinal), N')')
    FROM sys.indexes AS i
    INNER JOIN sys.index_columns AS k ON k.object_id = i.object_id AND k.index_id = i.index_id AND k.key_ordinal > 0
    INNER JOIN sys.columns AS c ON c.object_id = k.object_id AND c.column_id = k.column_id
    WHERE i.object_id = OBJECT_ID(@Nombre) AND i.is_primary_key = 1
    HAVING COUNT(*) > 0;
    IF @Clave IS NULL
    BEGIN
      SET @Mensaje = CONCAT(N'la tabla ', REPLACE(@Tabla, N'%', N'%%'), N' no tiene clave primaria');
      THROW 50409, @Mensaje, 1;
    END;
    SET @Consulta = CONCAT(N'
    INSERT INTO #Heredadas (ID_Ejecucion, ID_Fund, ID_Antes, Por_Cambiar, Sin_Destino)
    SELECT
      p.ID_Ejecucion, p.ID_Fund, COALESCE(n.ID_Ejecucion, p.ID_Ejecucion),
      CASE WHEN n.ID_Ejecucion IS NULL AND m.ID_Ejecucion IS NOT NULL THEN 1 ELSE 0 END,
      CASE WHEN n.ID_Ejecucion IS NULL AND m.ID_Ejecucion IS NULL THEN 1 ELSE 0 END
    FROM (
      SELECT DISTINCT t.ID_Ejecucion, t.ID_Fund FROM ', @Nombre, N' AS t WITH (FORCESEEK)
      WHERE t.ID_Ejecucion > @Desde AND t.ID_Ejecucion <= @Fin
    ) AS p
    LEFT JOIN logs.Backfill_Mapa AS n ON n.ID_Ejecucion_Nuevo = p.ID_Ejecucion AND n.ID_Fund = p.ID_Fund
    LEFT JOIN logs.Backfill_Mapa AS m ON m.ID_Ejecucion = p.ID_Ejecucion AND m.ID_Fund = p.ID_Fund
    WHERE n.ID_Ejecucion IS NOT NULL
      OR EXISTS (SELECT 1 FROM logs.Backfill_Ejecuciones AS b WHERE b.ID_Ejecucion = p.ID_Ejecucion)
      OR NOT EXISTS (SELECT 1 FROM logs.Ejecuciones AS e WHERE e.ID_Ejecucion = p.ID_Ejecucion);');
    EXEC sys.sp_executesql @Consulta, N'@Desde bigint, @Fin bigint', @Desde = @Desde, @Fin = @Fin;

    -- par por par por la clave: recien cambiadas, las estadisticas no conocen las nuevas
    SET @Heredadas = CONCAT(N'
  SELECT ', @Resumen, N', h.Por_Cambiar,
    CASE
      WHEN h.Sin_Destino = 1 AND NOT EXISTS (
        SELECT 1 FROM logs.Backfill_Apartados AS a WHERE a.Tabla = @Tabla AND a.Clave = ', @Clave, N') THEN 1
      ELSE 0
    END
  FROM #Heredadas AS h
  INNER LOOP JOIN ', @Nombre, N' AS t WITH (FORCESEEK) ON t.ID_Ejecucion = h.ID_Ejecucion AND t.ID_Fund = h.ID_Fund
  OPTION (FORCE ORDER);');
  END
  ELSE IF @Tipo = 'PADRE'
    SET @Heredadas = CONCAT(N'
  SELECT ', @Resumen, N', CASE WHEN t.ID_Proceso IS NULL THEN 1 ELSE 0 END, 0
  FROM ', @Nombre, N' AS t
  INNER JOIN logs.Backfill_Ejecuciones AS b ON b.ID_Ejecucion = t.ID_Ejecucion
  WHERE t.ID_Ejecucion > @Desde AND t.ID_Ejecucion <= @Fin;');
  ELSE
  BEGIN
    INSERT INTO #Fechas_En_Curso (FechaReporte)
    SELECT DISTINCT e.FechaReporte
    FROM logs.Ejecuciones AS e
    WHERE e.ID_Proceso IS NULL AND e.ID_Fund IS NULL AND e.FechaReporte IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM logs.Backfill_Ejecuciones AS b WHERE b.ID_Ejecucion = e.ID_Ejecucion);
    SET @Heredadas = CONCAT(N'
  SELECT ', @Resumen, N',
    CASE
      WHEN t.ID_Ejecucion IS NULL AND NOT EXISTS (
        SELECT 1 FROM logs.Backfill_Apartados AS a
        WHERE a.Tabla = @Tabla AND a.Clave = CONVERT(nvarchar(20), t.ID)) THEN 1
      ELSE 0
    END,
    0
  FROM ', @Nombre, N' AS t WITH (INDEX (1), FORCESEEK)
  WHERE t.ID > @Desde AND t.ID <= @Fin
    AND 1 = CASE
      WHEN t.ID_Ejecucion IS NULL THEN
        CASE WHEN EXISTS (SELECT 1 FROM #Fechas_En_Curso AS c WHERE c.FechaReporte = t.FechaReporte) THEN 0 ELSE 1 END
      WHEN EXISTS (SELECT 1 FROM logs.Backfill_Mapa AS n WHERE n.ID_Ejecucion_Nuevo = t.ID_Ejecucion) THEN 1
      ELSE 0
    END;');
  END;

  SET @Consulta = CONCAT(N'
  INSERT INTO #Filas_Medidas (H, Pendiente, Apartar)', @Heredadas);
  EXEC sys.sp_executesql @Consulta, N'@Tabla nvarchar(257), @Desde bigint, @Fin bigint',
    @Tabla = @Tabla, @Desde = @Desde, @Fin = @Fin;

  SELECT
    @Filas = COUNT_BIG(*),
    @S1 = CONVERT(varchar(40), COALESCE(SUM(CONVERT(decimal(38, 0), CONVERT(bigint, SUBSTRING(f.H, 1, 8)))), 0)),
    @S2 = CONVERT(varchar(40), COALESCE(SUM(CONVERT(decimal(38, 0), CONVERT(bigint, SUBSTRING(f.H, 9, 8)))), 0)),
    @Apartar = COALESCE(SUM(CONVERT(bigint, f.Apartar)), 0),
    @Pendientes = COALESCE(SUM(CONVERT(bigint, CASE WHEN f.Pendiente = 1 OR f.Apartar = 1 THEN 1 ELSE 0 END)), 0)
  FROM #Filas_Medidas AS f;
END;
GO
