SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Re-keys rows of a table keyed by (ID_Ejecucion, ID_Fund): from the shared execution to the fund's own, in the order of the map,
  from a pair on. Hasta_ID null: that was the last.

  Returns: output
    Filas       int     not null
    Hasta_ID    bigint  null      the pair to go on with
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
    @Nombre nvarchar(600), @Anterior nvarchar(300), @Cambio nvarchar(max) = N'', @Consulta nvarchar(max), @Mensaje nvarchar(2048),
    @Tope bigint;
  SELECT @Filas = 0, @Hasta_ID = NULL, @Hasta_Fund = NULL;

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

  -- los pares de las filas que siguen, y sus filas: enteros los que caben. El par en que cae la primera que no cabe queda para la
  -- proxima vez, salvo que sea el unico: ese va por partes. Cada tramo busca por la clave y para en su TOP, sin pasar por lo ya
  -- cambiado de otros pares; las claves nuevas estan mas alla del tope, o no estan en el mapa. Los pares van en una variable del
  -- mismo lote: el plan de un tramo sirve para el siguiente, y su orden esta escrito, sin estadisticas que acaben de quedar viejas
  SET @Consulta = CONCAT(N'
  DECLARE @Pares TABLE (ID_Ejecucion bigint NOT NULL, ID_Fund int NOT NULL, Filas int NOT NULL, PRIMARY KEY (ID_Ejecucion, ID_Fund));
  DECLARE @Unico bit = 0;

  INSERT INTO @Pares (ID_Ejecucion, ID_Fund, Filas)
  SELECT v.ID_Ejecucion, v.ID_Fund, COUNT(*)
  FROM (
    SELECT TOP (@Maximo + 1) u.ID_Ejecucion, u.ID_Fund
    FROM (
      SELECT a.ID_Ejecucion, a.ID_Fund
      FROM (
        SELECT TOP (@Maximo + 1) s.ID_Ejecucion, s.ID_Fund
        FROM ', @Nombre, N' AS s WITH (FORCESEEK)
        WHERE s.ID_Ejecucion = @Desde_ID AND s.ID_Fund >= @Desde_Fund
        ORDER BY s.ID_Ejecucion, s.ID_Fund
      ) AS a
      UNION ALL
      SELECT b.ID_Ejecucion, b.ID_Fund
      FROM (
        SELECT TOP (@Maximo + 1) s.ID_Ejecucion, s.ID_Fund
        FROM ', @Nombre, N' AS s WITH (FORCESEEK)
        WHERE s.ID_Ejecucion > @Desde_ID AND s.ID_Ejecucion <= @Tope
        ORDER BY s.ID_Ejecucion, s.ID_Fund
      ) AS b
    ) AS u
    ORDER BY u.ID_Ejecucion, u.ID_Fund
  ) AS v
  GROUP BY v.ID_Ejecucion, v.ID_Fund;

  IF (SELECT SUM(p.Filas) FROM @Pares AS p) > @Maximo
  BEGIN
    SELECT TOP (1) @Hasta_ID = p.ID_Ejecucion, @Hasta_Fund = p.ID_Fund
    FROM @Pares AS p
    ORDER BY p.ID_Ejecucion DESC, p.ID_Fund DESC;
    IF (SELECT COUNT(*) FROM @Pares AS p) = 1
      SET @Unico = 1;
    ELSE
      DELETE FROM @Pares WHERE ID_Ejecucion = @Hasta_ID AND ID_Fund = @Hasta_Fund;
  END;

  UPDATE TOP (@Maximo) s
  SET ID_Ejecucion = m.ID_Ejecucion_Nuevo', @Cambio, N'
  FROM @Pares AS p
  INNER LOOP JOIN logs.Backfill_Mapa AS m ON m.ID_Ejecucion = p.ID_Ejecucion AND m.ID_Fund = p.ID_Fund
  INNER LOOP JOIN ', @Nombre, N' AS s WITH (ROWLOCK, FORCESEEK) ON s.ID_Ejecucion = p.ID_Ejecucion AND s.ID_Fund = p.ID_Fund
  OPTION (FORCE ORDER);
  SET @Filas = @@ROWCOUNT;

  -- no esta en el mapa: se queda como esta
  IF @Unico = 1 AND @Filas = 0
    SET @Hasta_Fund = @Hasta_Fund + 1;');

  SELECT @Tope = MAX(m.ID_Ejecucion) FROM logs.Backfill_Mapa AS m;
  IF @Tope IS NULL
    RETURN;
  EXEC sys.sp_executesql @Consulta,
    N'@Desde_ID bigint, @Desde_Fund int, @Tope bigint, @Maximo int, @Filas int OUTPUT, @Hasta_ID bigint OUTPUT, @Hasta_Fund int OUTPUT',
    @Desde_ID = @Desde_ID, @Desde_Fund = @Desde_Fund, @Tope = @Tope, @Maximo = @Maximo, @Filas = @Filas OUTPUT,
    @Hasta_ID = @Hasta_ID OUTPUT, @Hasta_Fund = @Hasta_Fund OUTPUT;
END;
GO
