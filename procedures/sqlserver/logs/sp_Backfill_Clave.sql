SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Re-keys rows of a table keyed by (ID_Ejecucion, ID_Fund): from the shared execution to the fund's own, in the order of the map,
  from a pair on. Filas less than @Maximo: that was the last.

  Returns: output
    Filas       int     not null
    Hasta_ID    bigint  null      the last pair that it touched, which may have more rows
    Hasta_Fund  int     null
  Errors: 50404, 50409
  Touches: logs.Backfill_Tablas read, logs.Backfill_Mapa read, the table write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Backfill_Clave
  @Tabla nvarchar(257),
  @Desde_ID bigint,
  @Desde_Fund int,
  @Maximo int,
  @Filas int = NULL OUTPUT,
  @Hasta_ID bigint = NULL OUTPUT,
  @Hasta_Fund int = NULL OUTPUT
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE
    @Nombre nvarchar(600), @Anterior sysname, @Cambio nvarchar(max) = N'', @Consulta nvarchar(max), @Mensaje nvarchar(2048),
    @Fin_ID bigint, @Fin_Fund int, @Cupo int, @Escritas int;
  SELECT @Filas = 0, @Hasta_ID = @Desde_ID, @Hasta_Fund = @Desde_Fund;

  IF @@TRANCOUNT = 0
    THROW 50409, N'logs.sp_Backfill_Clave es un paso: se llama dentro de la transaccion de quien lo ejecuta.', 1;

  SET @Nombre = QUOTENAME(PARSENAME(@Tabla, 2)) + N'.' + QUOTENAME(PARSENAME(@Tabla, 1));
  IF NOT EXISTS (SELECT 1 FROM logs.Backfill_Tablas AS b WHERE b.Tabla = @Tabla AND b.Tipo = 'CLAVE')
    OR OBJECT_ID(@Nombre, N'U') IS NULL
  BEGIN
    SET @Mensaje = CONCAT(N'la tabla ', REPLACE(@Tabla, N'%', N'%%'), N' no existe o no esta en logs.Backfill_Tablas');
    THROW 50404, @Mensaje, 1;
  END;

  -- una que ya no existe, o que nunca paso por el mapa, se queda como estaba
  SELECT @Anterior = QUOTENAME(b.Columna_Anterior) FROM logs.Backfill_Tablas AS b WHERE b.Tabla = @Tabla;
  IF @Anterior IS NOT NULL
    SET @Cambio = CONCAT(N',
    ', @Anterior, N' = COALESCE((
      SELECT a.ID_Ejecucion_Nuevo FROM logs.Backfill_Mapa AS a
      WHERE a.ID_Ejecucion = s.', @Anterior, N' AND a.ID_Fund = s.ID_Fund), s.', @Anterior, N')');

  -- del mapa a la tabla, par por par; lo cambiado ya no esta en su par, asi que un mismo tramo se repite hasta vaciarlo
  SET @Consulta = CONCAT(N'
  UPDATE TOP (@Cupo) s
  SET ID_Ejecucion = m.ID_Ejecucion_Nuevo', @Cambio, N'
  FROM logs.Backfill_Mapa AS m
  INNER LOOP JOIN ', @Nombre, N' AS s WITH (ROWLOCK, FORCESEEK)
    ON s.ID_Ejecucion = m.ID_Ejecucion AND s.ID_Fund = m.ID_Fund
  WHERE m.ID_Ejecucion BETWEEN @Desde_ID AND @Fin_ID
    AND (m.ID_Ejecucion > @Desde_ID OR m.ID_Fund >= @Desde_Fund)
    AND (m.ID_Ejecucion < @Fin_ID OR m.ID_Fund <= @Fin_Fund)
  OPTION (FORCE ORDER);
  SET @Escritas = @@ROWCOUNT;');

  WHILE @Filas < @Maximo
  BEGIN
    SELECT @Fin_ID = NULL, @Cupo = @Maximo - @Filas;
    SELECT TOP (1) @Fin_ID = t.ID_Ejecucion, @Fin_Fund = t.ID_Fund
    FROM (
      SELECT TOP (200) m.ID_Ejecucion, m.ID_Fund
      FROM logs.Backfill_Mapa AS m
      WHERE m.ID_Ejecucion >= @Hasta_ID AND (m.ID_Ejecucion > @Hasta_ID OR m.ID_Fund >= @Hasta_Fund)
      ORDER BY m.ID_Ejecucion, m.ID_Fund
    ) AS t
    ORDER BY t.ID_Ejecucion DESC, t.ID_Fund DESC;
    IF @Fin_ID IS NULL
      BREAK;

    EXEC sys.sp_executesql @Consulta,
      N'@Cupo int, @Desde_ID bigint, @Desde_Fund int, @Fin_ID bigint, @Fin_Fund int, @Escritas int OUTPUT',
      @Cupo = @Cupo, @Desde_ID = @Hasta_ID, @Desde_Fund = @Hasta_Fund, @Fin_ID = @Fin_ID, @Fin_Fund = @Fin_Fund,
      @Escritas = @Escritas OUTPUT;
    SET @Filas += @Escritas;
    -- vacio: detras de su ultimo par
    IF @Escritas < @Cupo
      SELECT @Hasta_ID = @Fin_ID, @Hasta_Fund = @Fin_Fund + 1;
  END;
END;
GO
