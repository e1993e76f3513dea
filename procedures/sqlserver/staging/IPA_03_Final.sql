SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Leaves one row per InvestID in staging.IPA_Final: quantities and values added up; description, currency and price of the line
  with the largest absolute value (the first of several); weights with 10 decimals, rounded half away from zero, that sum to
  exactly 100: the largest absolute value takes what rounding left over, of several the lowest InvestID. A fund whose total is
  zero has weights of 0. 50409 when the total is so small beside a position that a weight would reach 100,000,000 %.
  Deletes the fund's rows first.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.IPA_WorkTable read, staging.IPA_Final write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR ALTER PROCEDURE staging.IPA_03_Final
  @ID_Ejecucion bigint,
  @FechaReporte date,
  @ID_Fund int,
  @Portfolio_Geneva varchar(50)
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  DECLARE
    @Mensaje nvarchar(2048), @Total decimal(28, 4), @Mayor decimal(19, 4), @Resto decimal(18, 10),
    @Desde int = 0, @Filas int, @Borradas int = 2000;

  EXEC staging.sp_Comprobar_Paso @ID_Ejecucion, @FechaReporte, @ID_Fund, @Portfolio_Geneva;

  -- aparte, para repartir el redondeo antes de escribir; una variable de tabla usa la intercalacion de la base
  DECLARE @Final TABLE
  (
    N            int            NOT NULL PRIMARY KEY, -- de mayor a menor valor absoluto
    InvestID     nvarchar(100)  NOT NULL,
    Descripcion  nvarchar(200)  NOT NULL,
    Moneda       char(3)        NOT NULL,
    Cantidad     decimal(28, 8) NOT NULL,
    PrecioLocal  decimal(28, 8) NULL,
    ValorMercado decimal(19, 4) NOT NULL,
    Peso         decimal(18, 10) NOT NULL,
    Lineas       int            NOT NULL,
    Repreciadas  int            NOT NULL,
    Es_Efectivo  bit            NOT NULL
  );

  WITH lineas AS (
    SELECT
      w.InvestID, w.Descripcion, w.Moneda, w.Cantidad, w.PrecioLocal, w.Origen_Precio, w.ValorMercado, w.Es_Efectivo,
      ROW_NUMBER() OVER (PARTITION BY w.InvestID ORDER BY ABS(w.ValorMercado) DESC, w.ID_Linea) AS Puesto
    FROM staging.IPA_WorkTable AS w
    WHERE w.ID_Ejecucion = @ID_Ejecucion AND w.ID_Fund = @ID_Fund
  ),
  posiciones AS (
    -- descripcion, moneda y precio salen de una misma linea: la moneda de una con el precio de otra no diria nada
    SELECT
      MAX(CASE WHEN l.Puesto = 1 THEN l.InvestID END) AS InvestID,
      MAX(CASE WHEN l.Puesto = 1 THEN l.Descripcion END) AS Descripcion,
      MAX(CASE WHEN l.Puesto = 1 THEN l.Moneda END) AS Moneda,
      CAST(SUM(l.Cantidad) AS decimal(28, 8)) AS Cantidad,
      MAX(CASE WHEN l.Puesto = 1 THEN l.PrecioLocal END) AS PrecioLocal,
      CAST(SUM(l.ValorMercado) AS decimal(19, 4)) AS ValorMercado,
      COUNT(*) AS Lineas,
      SUM(CASE WHEN l.Origen_Precio IN ('ULTIMO_CONOCIDO', 'CALCULADO') THEN 1 ELSE 0 END) AS Repreciadas,
      MIN(CAST(l.Es_Efectivo AS int)) AS Es_Efectivo
    FROM lineas AS l
    GROUP BY l.InvestID
  )
  INSERT INTO @Final (
    N, InvestID, Descripcion, Moneda, Cantidad, PrecioLocal, ValorMercado, Peso, Lineas, Repreciadas, Es_Efectivo)
  SELECT
    ROW_NUMBER() OVER (ORDER BY ABS(p.ValorMercado) DESC, p.InvestID COLLATE Latin1_General_100_BIN2),
    p.InvestID, p.Descripcion, p.Moneda, p.Cantidad, p.PrecioLocal, p.ValorMercado, 0,
    p.Lineas, p.Repreciadas, p.Es_Efectivo
  FROM posiciones AS p;
  SET @Filas = @@ROWCOUNT;

  SELECT @Total = SUM(f.ValorMercado), @Mayor = MAX(ABS(f.ValorMercado)) FROM @Final AS f;

  IF @Total <> 0
  BEGIN
    IF @Mayor >= ABS(@Total) * 1000000
    BEGIN
      SET @Mensaje = CONCAT(N'El total del fondo ', @ID_Fund, N' (', @Total, N') es tan pequeno frente a una posicion de ',
        @Mayor, N' que los pesos no caben: revise sus lineas.');
      THROW 50409, @Mensaje, 1;
    END;

    -- decimal(21,4) / decimal(28,4) es decimal(38,17), y la division trunca: quedan siete cifras mas que las diez que se
    -- guardan, asi que el CAST redondea lo mismo que redondearia el cociente exacto. Sin los CAST, 100 * valor / total
    -- tendria otra escala segun el tipo que T-SQL dedujera.
    UPDATE f
    SET Peso = CAST(CAST(f.ValorMercado * 100 AS decimal(21, 4)) / @Total AS decimal(18, 10))
    FROM @Final AS f;

    SELECT @Resto = 100 - SUM(f.Peso) FROM @Final AS f;
    UPDATE f SET Peso = f.Peso + @Resto FROM @Final AS f WHERE f.N = 1;
  END;

  WHILE @Borradas = 2000
  BEGIN
    DELETE TOP (2000) FROM staging.IPA_Final WITH (ROWLOCK, FORCESEEK)
    WHERE ID_Ejecucion = @ID_Ejecucion AND ID_Fund = @ID_Fund;
    SET @Borradas = @@ROWCOUNT;
  END;

  WHILE @Desde < @Filas
  BEGIN
    INSERT INTO staging.IPA_Final WITH (ROWLOCK) (
      ID_Ejecucion, ID_Fund, InvestID, FechaReporte, Descripcion, Moneda, Cantidad, PrecioLocal, ValorMercado, Peso,
      Lineas, Repreciadas, Es_Efectivo)
    SELECT
      @ID_Ejecucion, @ID_Fund, f.InvestID, @FechaReporte, f.Descripcion, f.Moneda, f.Cantidad, f.PrecioLocal,
      f.ValorMercado, f.Peso, f.Lineas, f.Repreciadas, f.Es_Efectivo
    FROM @Final AS f
    WHERE f.N > @Desde AND f.N <= @Desde + 2000;

    SET @Desde += 2000;
  END;
END;
