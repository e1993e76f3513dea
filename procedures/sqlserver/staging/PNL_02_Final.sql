SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Leaves the change in value per InvestID in staging.PNL_Final, split into two effects that sum to it exactly. The price
  effect is the quantity held before times the change in price: previous quantity * value / quantity, rounded half away from
  zero to 4 decimals, less the previous value. The quantity effect is the rest. A quantity that did not change leaves all to
  the price. A position that is new, was closed, has no quantity on one of the two dates, or is of the fund's first date is
  all quantity: its price change is not known. Deletes the fund's rows first.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.PNL_WorkTable read, staging.PNL_Final write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR ALTER PROCEDURE staging.PNL_02_Final
  @ID_Ejecucion bigint,
  @FechaReporte date,
  @ID_Fund int,
  @Portfolio_Geneva varchar(50)
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  DECLARE @Desde int = 0, @Filas int, @Borradas int = 2000;

  EXEC staging.sp_Comprobar_Paso @ID_Ejecucion, @FechaReporte, @ID_Fund, @Portfolio_Geneva;

  DECLARE @Final TABLE
  (
    N               int            NOT NULL PRIMARY KEY,
    InvestID        nvarchar(100)  NOT NULL,
    FechaAnterior   date           NULL,
    Cambio_Valor    decimal(19, 4) NOT NULL,
    Efecto_Precio   decimal(19, 4) NOT NULL,
    Efecto_Cantidad decimal(19, 4) NOT NULL
  );

  -- Cantidad_Anterior * ValorMercado / Cantidad pasa de las 38 cifras de un decimal. Se divide como a mano: todo en enteros
  -- (cantidades por 10^8, valor por 10^4), el valor en dos grupos de cifras y el resto del primero delante del segundo. Cada
  -- producto cabe (27 + 10 cifras) y cada division es exacta, porque antes se le quita el resto.
  INSERT INTO @Final (N, InvestID, FechaAnterior, Cambio_Valor, Efecto_Precio, Efecto_Cantidad)
  SELECT
    ROW_NUMBER() OVER (ORDER BY w.InvestID), w.InvestID, w.FechaAnterior, c.Cambio, p.Precio, c.Cambio - p.Precio
  FROM staging.PNL_WorkTable AS w
  CROSS APPLY (VALUES (CAST(w.ValorMercado - w.ValorMercado_Anterior AS decimal(19, 4)))) AS c (Cambio)
  CROSS APPLY (VALUES (
    CAST(ABS(w.Cantidad_Anterior) * CAST(100000000 AS decimal(9, 0)) AS decimal(27, 0)),
    NULLIF(CAST(ABS(w.Cantidad) * CAST(100000000 AS decimal(9, 0)) AS decimal(27, 0)), 0),
    CAST(ABS(w.ValorMercado) * CAST(10000 AS decimal(5, 0)) AS decimal(19, 0)),
    CAST(SIGN(w.Cantidad_Anterior) AS int) * CAST(SIGN(w.Cantidad) AS int) * CAST(SIGN(w.ValorMercado) AS int)
  )) AS e (Anterior, Cantidad, Valor, Signo)
  CROSS APPLY (VALUES (CAST(e.Valor % CAST(10000000000 AS decimal(11, 0)) AS decimal(10, 0)))) AS b (Bajo)
  CROSS APPLY (VALUES (CAST((e.Valor - b.Bajo) / CAST(10000000000 AS decimal(11, 0)) AS decimal(9, 0)))) AS a (Alto)
  CROSS APPLY (VALUES (CAST(e.Anterior * a.Alto AS decimal(37, 0)))) AS d1 (Dividendo)
  CROSS APPLY (VALUES (CAST(d1.Dividendo % e.Cantidad AS decimal(27, 0)))) AS r1 (Resto)
  CROSS APPLY (VALUES (CAST((d1.Dividendo - r1.Resto) / e.Cantidad AS decimal(28, 0)))) AS q1 (Cociente)
  CROSS APPLY (VALUES (
    CAST(r1.Resto * CAST(10000000000 AS decimal(11, 0)) + e.Anterior * b.Bajo AS decimal(38, 0))
  )) AS d2 (Dividendo)
  CROSS APPLY (VALUES (CAST(d2.Dividendo % e.Cantidad AS decimal(27, 0)))) AS r2 (Resto)
  CROSS APPLY (VALUES (CAST((d2.Dividendo - r2.Resto) / e.Cantidad AS decimal(28, 0)))) AS q2 (Cociente)
  CROSS APPLY (VALUES (
    CAST(q1.Cociente * CAST(10000000000 AS decimal(11, 0)) + q2.Cociente
      + CASE WHEN 2 * r2.Resto >= e.Cantidad THEN 1 ELSE 0 END AS decimal(19, 0))
  )) AS v (Diezmilesimas)
  CROSS APPLY (VALUES (
    CASE
      WHEN w.FechaAnterior IS NULL THEN 0
      WHEN w.Cantidad_Anterior = 0 AND w.ValorMercado_Anterior = 0 THEN 0
      WHEN w.Cantidad = 0 AND w.ValorMercado = 0 THEN 0
      WHEN w.Cantidad = w.Cantidad_Anterior THEN c.Cambio
      WHEN w.Cantidad = 0 OR w.Cantidad_Anterior = 0 THEN 0
      ELSE CAST(e.Signo * v.Diezmilesimas * CAST(0.0001 AS decimal(4, 4)) AS decimal(19, 4)) - w.ValorMercado_Anterior
    END
  )) AS p (Precio)
  WHERE w.ID_Ejecucion = @ID_Ejecucion AND w.ID_Fund = @ID_Fund;
  SET @Filas = @@ROWCOUNT;

  WHILE @Borradas = 2000
  BEGIN
    DELETE TOP (2000) FROM staging.PNL_Final WITH (ROWLOCK, FORCESEEK)
    WHERE ID_Ejecucion = @ID_Ejecucion AND ID_Fund = @ID_Fund;
    SET @Borradas = @@ROWCOUNT;
  END;

  WHILE @Desde < @Filas
  BEGIN
    INSERT INTO staging.PNL_Final WITH (ROWLOCK) (
      ID_Ejecucion, ID_Fund, InvestID, FechaReporte, FechaAnterior, Cambio_Valor, Efecto_Precio, Efecto_Cantidad)
    SELECT
      @ID_Ejecucion, @ID_Fund, f.InvestID, @FechaReporte, f.FechaAnterior, f.Cambio_Valor, f.Efecto_Precio,
      f.Efecto_Cantidad
    FROM @Final AS f
    WHERE f.N > @Desde AND f.N <= @Desde + 2000;

    SET @Desde += 2000;
  END;
END;
