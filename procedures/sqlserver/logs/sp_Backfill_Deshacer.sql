SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Gives rows of a table back the ID_Ejecucion that they had before the backfill, in the order of the map, from one of its executions
  on. Filas less than @Maximo: that was the last.

  Returns: output
    Filas  int     not null
    Hasta  bigint  null      the last execution that it touched, which may have more rows
  Errors: 50404, 50409
  Touches: logs.Backfill_Tablas read, logs.Backfill_Mapa read, the table write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Backfill_Deshacer
  @Tabla nvarchar(257),
  @Desde bigint,
  @Maximo int,
  @Filas int = NULL OUTPUT,
  @Hasta bigint = NULL OUTPUT
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE
    @Nombre nvarchar(600), @Anterior sysname, @Tipo varchar(10), @Cambio nvarchar(max), @Par nvarchar(100) = N'',
    @Consulta nvarchar(max), @Mensaje nvarchar(2048), @Fin bigint, @Cupo int, @Escritas int;
  SELECT @Filas = 0, @Hasta = @Desde;

  IF @@TRANCOUNT = 0
    THROW 50409, N'logs.sp_Backfill_Deshacer es un paso: se llama dentro de la transaccion de quien lo ejecuta.', 1;

  SET @Nombre = QUOTENAME(PARSENAME(@Tabla, 2)) + N'.' + QUOTENAME(PARSENAME(@Tabla, 1));
  IF NOT EXISTS (SELECT 1 FROM logs.Backfill_Tablas AS b WHERE b.Tabla = @Tabla AND b.Tipo IN ('CLAVE', 'FECHA'))
    OR OBJECT_ID(@Nombre, N'U') IS NULL
  BEGIN
    SET @Mensaje = CONCAT(N'la tabla ', REPLACE(@Tabla, N'%', N'%%'), N' no existe o no esta en logs.Backfill_Tablas');
    THROW 50404, @Mensaje, 1;
  END;

  SELECT @Tipo = b.Tipo, @Anterior = QUOTENAME(b.Columna_Anterior) FROM logs.Backfill_Tablas AS b WHERE b.Tabla = @Tabla;
  SET @Cambio = CASE WHEN @Tipo = 'FECHA' THEN N'NULL' ELSE N'm.ID_Ejecucion' END;
  IF @Tipo = 'CLAVE'
    SET @Par = N' AND s.ID_Fund = m.ID_Fund';
  IF @Anterior IS NOT NULL
    SET @Cambio = CONCAT(@Cambio, N',
    ', @Anterior, N' = COALESCE((
      SELECT a.ID_Ejecucion FROM logs.Backfill_Mapa AS a
      WHERE a.ID_Ejecucion_Nuevo = s.', @Anterior, N' AND a.ID_Fund = s.ID_Fund), s.', @Anterior, N')');

  SET @Consulta = CONCAT(N'
  UPDATE TOP (@Cupo) s
  SET ID_Ejecucion = ', @Cambio, N'
  FROM logs.Backfill_Mapa AS m WITH (FORCESEEK (UQ_Backfill_Mapa_Nuevo (ID_Ejecucion_Nuevo)))
  INNER LOOP JOIN ', @Nombre, N' AS s WITH (ROWLOCK, FORCESEEK)
    ON s.ID_Ejecucion = m.ID_Ejecucion_Nuevo', @Par, N'
  WHERE m.ID_Ejecucion_Nuevo BETWEEN @Desde AND @Fin
  OPTION (FORCE ORDER);
  SET @Escritas = @@ROWCOUNT;');

  WHILE @Filas < @Maximo
  BEGIN
    SET @Cupo = @Maximo - @Filas;
    SELECT @Fin = MAX(t.ID_Ejecucion_Nuevo)
    FROM (
      SELECT TOP (200) m.ID_Ejecucion_Nuevo
      FROM logs.Backfill_Mapa AS m
      WHERE m.ID_Ejecucion_Nuevo >= @Hasta
      ORDER BY m.ID_Ejecucion_Nuevo
    ) AS t;
    IF @Fin IS NULL
      BREAK;

    EXEC sys.sp_executesql @Consulta, N'@Cupo int, @Desde bigint, @Fin bigint, @Escritas int OUTPUT',
      @Cupo = @Cupo, @Desde = @Hasta, @Fin = @Fin, @Escritas = @Escritas OUTPUT;
    SET @Filas += @Escritas;
    IF @Escritas < @Cupo
      SET @Hasta = @Fin + 1;
  END;
END;
GO
