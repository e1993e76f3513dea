SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Gives rows of a table without ID_Ejecucion theirs: the fund whose code in dimensionales.BD_Funds is their Portfolio, and the one
  backfilled execution of that fund and date. Where there is none, or more than one, the row is copied to logs.Backfill_Apartados
  with the reason and stays as it is. Rows of a date that a run of the old way is writing right now are left for later.

  Returns: output
    Cambiadas  int     not null
    Apartadas  int     not null
    Hasta      bigint  null      the last ID that it looked at; null: there are no more
  Errors: 50404, 50409
  Touches: logs.Backfill_Tablas read, dimensionales.BD_Funds read, logs.Backfill_Mapa read, logs.Ejecuciones read, the table write, logs.Backfill_Apartados write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Backfill_Fecha
  @Tabla nvarchar(257),
  @Desde bigint,
  @Tope bigint,
  @Maximo int,
  @Cambiadas int = NULL OUTPUT,
  @Apartadas int = NULL OUTPUT,
  @Hasta bigint = NULL OUTPUT
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE
    @Nombre nvarchar(600), @Columna nvarchar(300), @Columnas nvarchar(max), @Consulta nvarchar(max), @Mensaje nvarchar(2048);
  SELECT @Cambiadas = 0, @Apartadas = 0, @Hasta = NULL;

  IF @@TRANCOUNT = 0
    THROW 50409, N'logs.sp_Backfill_Fecha es un paso: se llama dentro de la transaccion de quien lo ejecuta.', 1;

  SET @Nombre = QUOTENAME(PARSENAME(@Tabla, 2)) + N'.' + QUOTENAME(PARSENAME(@Tabla, 1));
  IF NOT EXISTS (SELECT 1 FROM logs.Backfill_Tablas AS b WHERE b.Tabla = @Tabla AND b.Tipo = 'FECHA')
    OR OBJECT_ID(@Nombre, N'U') IS NULL
  BEGIN
    SET @Mensaje = CONCAT(N'la tabla ', REPLACE(@Tabla, N'%', N'%%'), N' no existe o no esta en logs.Backfill_Tablas');
    THROW 50404, @Mensaje, 1;
  END;

  SELECT @Columna = QUOTENAME(b.Columna_Portfolio) FROM logs.Backfill_Tablas AS b WHERE b.Tabla = @Tabla;
  SELECT @Columnas = STRING_AGG(CONVERT(nvarchar(max), N'x.' + QUOTENAME(c.name)), N', ') WITHIN GROUP (ORDER BY c.column_id)
  FROM sys.columns AS c
  WHERE c.object_id = OBJECT_ID(@Nombre);

  -- todo en un lote: el plan de un tramo sirve para el siguiente. @Destino dice adonde va cada (fecha, portfolio) del tramo, y
  -- MIN() solo se usa cuando hay uno. Las filas se recorren por su clave y preguntan por su par, no al reves
  SET @Consulta = CONCAT(N'
  DECLARE @Destino TABLE
  (
    FechaReporte date        NULL,
    Portfolio    varchar(50) COLLATE DATABASE_DEFAULT NULL,
    Nuevo        bigint      NULL,
    Motivo       varchar(30) COLLATE DATABASE_DEFAULT NULL,
    UNIQUE CLUSTERED (FechaReporte, Portfolio)
  );

  SELECT @Hasta = MAX(t.ID)
  FROM (
    SELECT TOP (@Maximo) x.ID FROM ', @Nombre, N' AS x WHERE x.ID > @Desde AND x.ID <= @Tope ORDER BY x.ID
  ) AS t;
  IF @Hasta IS NULL
    RETURN;

  INSERT INTO @Destino (FechaReporte, Portfolio, Nuevo, Motivo)
  SELECT
    p.FechaReporte, p.Portfolio,
    CASE WHEN f.Fondos = 1 AND d.Ejecuciones = 1 THEN d.Nuevo END,
    CASE
      WHEN p.FechaReporte IS NULL THEN ''SIN_FECHA''
      WHEN f.Fondos = 0 THEN ''SIN_FONDO''
      WHEN f.Fondos > 1 THEN ''VARIOS_FONDOS''
      WHEN d.Ejecuciones = 0 THEN ''SIN_EJECUCION''
      WHEN d.Ejecuciones > 1 THEN ''VARIAS_EJECUCIONES''
    END
  FROM (
    SELECT DISTINCT x.FechaReporte, x.Portfolio
    FROM ', @Nombre, N' AS x WITH (INDEX (1), FORCESEEK)
    WHERE x.ID > @Desde AND x.ID <= @Hasta AND x.ID_Ejecucion IS NULL
  ) AS p
  CROSS APPLY (
    SELECT COUNT(*) AS Fondos, MIN(b.ID_Fund) AS ID_Fund
    FROM dimensionales.BD_Funds AS b WHERE b.', @Columna, N' = p.Portfolio
  ) AS f
  CROSS APPLY (
    SELECT COUNT(*) AS Ejecuciones, MIN(m.ID_Ejecucion_Nuevo) AS Nuevo
    FROM logs.Backfill_Mapa AS m WHERE m.FechaReporte = p.FechaReporte AND m.ID_Fund = f.ID_Fund
  ) AS d
  WHERE NOT EXISTS (
    SELECT 1 FROM logs.Ejecuciones AS e
    WHERE e.FechaReporte = p.FechaReporte AND e.ID_Proceso IS NULL AND e.ID_Fund IS NULL);

  UPDATE x
  SET ID_Ejecucion = d.Nuevo
  FROM ', @Nombre, N' AS x WITH (ROWLOCK, INDEX (1), FORCESEEK)
  INNER LOOP JOIN @Destino AS d ON d.FechaReporte = x.FechaReporte AND d.Portfolio = x.Portfolio
  WHERE x.ID > @Desde AND x.ID <= @Hasta AND x.ID_Ejecucion IS NULL AND d.Nuevo IS NOT NULL
  OPTION (FORCE ORDER);
  SET @Cambiadas = @@ROWCOUNT;

  INSERT INTO logs.Backfill_Apartados (Tabla, Clave, Motivo, Fila)
  SELECT @Tabla, CONVERT(nvarchar(20), x.ID), d.Motivo,
    (SELECT ', @Columnas, N' FOR JSON PATH, INCLUDE_NULL_VALUES, WITHOUT_ARRAY_WRAPPER)
  FROM ', @Nombre, N' AS x WITH (INDEX (1), FORCESEEK)
  INNER JOIN @Destino AS d
    ON EXISTS (SELECT d.FechaReporte, d.Portfolio INTERSECT SELECT x.FechaReporte, x.Portfolio)
  WHERE x.ID > @Desde AND x.ID <= @Hasta AND x.ID_Ejecucion IS NULL AND d.Motivo IS NOT NULL
    AND NOT EXISTS (
      SELECT 1 FROM logs.Backfill_Apartados AS a WHERE a.Tabla = @Tabla AND a.Clave = CONVERT(nvarchar(20), x.ID));
  SET @Apartadas = @@ROWCOUNT;');
  EXEC sys.sp_executesql @Consulta,
    N'@Tabla nvarchar(257), @Desde bigint, @Tope bigint, @Maximo int, @Cambiadas int OUTPUT, @Apartadas int OUTPUT,
      @Hasta bigint OUTPUT',
    @Tabla = @Tabla, @Desde = @Desde, @Tope = @Tope, @Maximo = @Maximo, @Cambiadas = @Cambiadas OUTPUT,
    @Apartadas = @Apartadas OUTPUT, @Hasta = @Hasta OUTPUT;
END;
GO
