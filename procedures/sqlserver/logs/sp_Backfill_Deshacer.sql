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
    @Nombre nvarchar(600), @Anterior nvarchar(300), @Tipo varchar(10), @Cambio nvarchar(max), @Columna nvarchar(400) = N'',
    @Par nvarchar(100) = N'', @Consulta nvarchar(max), @Mensaje nvarchar(2048);
  SELECT @Filas = 0, @Hasta = NULL;

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
  SET @Cambio = CASE WHEN @Tipo = 'FECHA' THEN N'NULL' ELSE N'lote.ID_Antes' END;
  IF @Tipo = 'CLAVE'
    SET @Par = N' AND s.ID_Fund = m.ID_Fund';
  IF @Anterior IS NOT NULL
    SELECT
      @Columna = CONCAT(N', s.ID_Fund, s.', @Anterior),
      @Cambio = CONCAT(@Cambio, N',
    ', @Anterior, N' = COALESCE((
      SELECT a.ID_Ejecucion FROM logs.Backfill_Mapa AS a
      WHERE a.ID_Ejecucion_Nuevo = lote.', @Anterior, N' AND a.ID_Fund = lote.ID_Fund), lote.', @Anterior, N')');

  -- del mapa a la tabla por sus claves nuevas, en orden, hasta las que caben; lo devuelto ya no esta en su clave
  SET @Consulta = CONCAT(N'
  DECLARE @Devueltas TABLE (ID_Ejecucion bigint NOT NULL);

  WITH lote AS (
    SELECT TOP (@Maximo) s.ID_Ejecucion', @Columna, N', m.ID_Ejecucion AS ID_Antes
    FROM logs.Backfill_Mapa AS m WITH (FORCESEEK (UQ_Backfill_Mapa_Nuevo (ID_Ejecucion_Nuevo)))
    INNER LOOP JOIN ', @Nombre, N' AS s WITH (ROWLOCK, FORCESEEK) ON s.ID_Ejecucion = m.ID_Ejecucion_Nuevo', @Par, N'
    WHERE m.ID_Ejecucion_Nuevo >= @Desde
    ORDER BY m.ID_Ejecucion_Nuevo
  )
  UPDATE lote
  SET ID_Ejecucion = ', @Cambio, N'
  OUTPUT deleted.ID_Ejecucion INTO @Devueltas (ID_Ejecucion)
  OPTION (FORCE ORDER);

  SELECT @Filas = COUNT(*), @Hasta = MAX(d.ID_Ejecucion) FROM @Devueltas AS d;');
  EXEC sys.sp_executesql @Consulta, N'@Desde bigint, @Maximo int, @Filas int OUTPUT, @Hasta bigint OUTPUT',
    @Desde = @Desde, @Maximo = @Maximo, @Filas = @Filas OUTPUT, @Hasta = @Hasta OUTPUT;
END;
GO
