SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Copies rows of a table keyed by (ID_Ejecucion, ID_Fund) that no execution of a fund is for to logs.Backfill_Apartados, with the
  reason: SIN_EJECUCION (logs.Ejecuciones does not know it) or SIN_FONDO (it knows no such fund). The rows stay as they are.

  Returns: output
    Filas  int  not null
  Errors: 50404, 50409
  Touches: logs.Backfill_Ejecuciones read, logs.Backfill_Mapa read, logs.Ejecuciones read, the table read, logs.Backfill_Apartados write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Backfill_Apartar
  @Tabla nvarchar(257),
  @Desde bigint,
  @Hasta bigint,
  @Maximo int,
  @Filas int = NULL OUTPUT
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE
    @Nombre nvarchar(600), @Clave nvarchar(max), @Columnas nvarchar(max), @Consulta nvarchar(max), @Mensaje nvarchar(2048);
  SET @Filas = 0;

  IF @@TRANCOUNT = 0
    THROW 50409, N'logs.sp_Backfill_Apartar es un paso: se llama dentro de la transaccion de quien lo ejecuta.', 1;

  SET @Nombre = QUOTENAME(PARSENAME(@Tabla, 2)) + N'.' + QUOTENAME(PARSENAME(@Tabla, 1));
  IF NOT EXISTS (SELECT 1 FROM logs.Backfill_Tablas AS b WHERE b.Tabla = @Tabla AND b.Tipo = 'CLAVE')
    OR OBJECT_ID(@Nombre, N'U') IS NULL
  BEGIN
    SET @Mensaje = CONCAT(N'la tabla ', REPLACE(@Tabla, N'%', N'%%'), N' no existe o no esta en logs.Backfill_Tablas');
    THROW 50404, @Mensaje, 1;
  END;

  SELECT @Clave = CONCAT(N'CONCAT_WS(N''|'', ',
    STRING_AGG(CONVERT(nvarchar(max), N't.' + QUOTENAME(c.name)), N', ') WITHIN GROUP (ORDER BY k.key_ordinal), N')')
  FROM sys.indexes AS i
  INNER JOIN sys.index_columns AS k ON k.object_id = i.object_id AND k.index_id = i.index_id AND k.key_ordinal > 0
  INNER JOIN sys.columns AS c ON c.object_id = k.object_id AND c.column_id = k.column_id
  WHERE i.object_id = OBJECT_ID(@Nombre) AND i.is_primary_key = 1
  HAVING COUNT(*) > 0;

  SELECT @Columnas = STRING_AGG(CONVERT(nvarchar(max), N't.' + QUOTENAME(c.name)), N', ') WITHIN GROUP (ORDER BY c.column_id)
  FROM sys.columns AS c
  WHERE c.object_id = OBJECT_ID(@Nombre);
  IF @Clave IS NULL
  BEGIN
    SET @Mensaje = CONCAT(N'la tabla ', REPLACE(@Tabla, N'%', N'%%'), N' no tiene clave primaria');
    THROW 50404, @Mensaje, 1;
  END;

  SET @Consulta = CONCAT(N'
  INSERT INTO logs.Backfill_Apartados (Tabla, Clave, Motivo, Fila)
  SELECT TOP (@Maximo) @Tabla, k.Clave,
    CASE
      WHEN EXISTS (SELECT 1 FROM logs.Ejecuciones AS e WHERE e.ID_Ejecucion = t.ID_Ejecucion) THEN ''SIN_FONDO''
      ELSE ''SIN_EJECUCION''
    END,
    (SELECT ', @Columnas, N' FOR JSON PATH, INCLUDE_NULL_VALUES, WITHOUT_ARRAY_WRAPPER)
  FROM ', @Nombre, N' AS t WITH (FORCESEEK)
  CROSS APPLY (SELECT ', @Clave, N' AS Clave) AS k
  WHERE t.ID_Ejecucion > @Desde AND t.ID_Ejecucion <= @Hasta
    AND NOT EXISTS (
      SELECT 1 FROM logs.Backfill_Mapa AS m WHERE m.ID_Ejecucion = t.ID_Ejecucion AND m.ID_Fund = t.ID_Fund)
    AND NOT EXISTS (
      SELECT 1 FROM logs.Backfill_Mapa AS n WHERE n.ID_Ejecucion_Nuevo = t.ID_Ejecucion AND n.ID_Fund = t.ID_Fund)
    AND (EXISTS (SELECT 1 FROM logs.Backfill_Ejecuciones AS b WHERE b.ID_Ejecucion = t.ID_Ejecucion)
      OR NOT EXISTS (SELECT 1 FROM logs.Ejecuciones AS e WHERE e.ID_Ejecucion = t.ID_Ejecucion))
    AND NOT EXISTS (SELECT 1 FROM logs.Backfill_Apartados AS a WHERE a.Tabla = @Tabla AND a.Clave = k.Clave);
  SET @Filas = @@ROWCOUNT;');
  EXEC sys.sp_executesql @Consulta,
    N'@Tabla nvarchar(257), @Desde bigint, @Hasta bigint, @Maximo int, @Filas int OUTPUT',
    @Tabla = @Tabla, @Desde = @Desde, @Hasta = @Hasta, @Maximo = @Maximo, @Filas = @Filas OUTPUT;
END;
GO
