SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Brings the fund's extracted positions to staging.IPA_WorkTable, with a price for each: its own, else the latest known one of
  its InvestID at or before the date (any portfolio; on one date the lowest portfolio, then the first line), else
  ValorMercado / Cantidad rounded half away from zero to 8 decimals, else none. Origen_Precio says which. Marks cash: a line
  without a ticker whose value is its quantity. Deletes the fund's rows first.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, homol.IPA read, extract.IPA read, staging.IPA_WorkTable write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR ALTER PROCEDURE staging.IPA_01_RescatarLocalPrice_v2
  @ID_Ejecucion bigint,
  @FechaReporte date,
  @ID_Fund int,
  @Portfolio_Geneva varchar(50)
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  DECLARE @Desde bigint = 0, @Hasta bigint, @Hechas bigint = 0, @Borradas int = 2000;

  EXEC staging.sp_Comprobar_Paso @ID_Ejecucion, @FechaReporte, @ID_Fund, @Portfolio_Geneva;

  WHILE @Borradas = 2000
  BEGIN
    DELETE TOP (2000) FROM staging.IPA_WorkTable WITH (ROWLOCK, FORCESEEK)
    WHERE ID_Ejecucion = @ID_Ejecucion AND ID_Fund = @ID_Fund;
    SET @Borradas = @@ROWCOUNT;
  END;

  WHILE 1 = 1
  BEGIN
    SELECT @Hasta = MAX(t.ID)
    FROM (
      SELECT TOP (2000) x.ID
      FROM extract.vw_IPA AS x
      WHERE x.ID_Ejecucion = @ID_Ejecucion AND x.Portfolio = @Portfolio_Geneva AND x.ID > @Desde
      ORDER BY x.ID
    ) AS t;
    IF @Hasta IS NULL BREAK;

    -- ID_Linea cuenta desde 1 en cada fondo: no depende de los ID de extract, que cambian al repetir la extraccion
    INSERT INTO staging.IPA_WorkTable WITH (ROWLOCK) (
      ID_Ejecucion, ID_Fund, ID_Linea, FechaReporte, Portfolio, InvestID, Ticker, Descripcion, Moneda,
      Cantidad, PrecioLocal, Origen_Precio, ValorMercado, Peso, Es_Efectivo)
    SELECT
      @ID_Ejecucion, @ID_Fund, @Hechas + ROW_NUMBER() OVER (ORDER BY x.ID), x.FechaReporte, x.Portfolio,
      x.InvestID, x.Ticker, x.Descripcion, x.Moneda, x.Cantidad,
      CASE WHEN x.PrecioLocal <> 0 THEN x.PrecioLocal ELSE ISNULL(conocido.PrecioLocal, calculado.PrecioLocal) END,
      CASE
        WHEN x.PrecioLocal <> 0 THEN 'ORIGEN'
        WHEN conocido.PrecioLocal IS NOT NULL THEN 'ULTIMO_CONOCIDO'
        WHEN calculado.PrecioLocal IS NOT NULL THEN 'CALCULADO'
        ELSE 'SIN_PRECIO'
      END,
      x.ValorMercado, x.Peso,
      CASE WHEN ISNULL(x.Ticker, N'') = N'' AND x.ValorMercado = x.Cantidad THEN 1 ELSE 0 END
    FROM extract.vw_IPA AS x
    -- Primero la fecha, que el indice filtrado da con una sola busqueda, y despues el desempate dentro de ella, en
    -- binario: el menor portfolio no depende de la intercalacion de la base.
    OUTER APPLY (
      SELECT TOP (1) h.FechaReporte
      FROM homol.IPA AS h
      WHERE (x.PrecioLocal IS NULL OR x.PrecioLocal = 0)
        AND h.InvestID = x.InvestID AND h.FechaReporte <= @FechaReporte AND h.PrecioLocal > 0
      ORDER BY h.FechaReporte DESC
    ) AS ultima
    OUTER APPLY (
      SELECT TOP (1) h.PrecioLocal
      FROM homol.IPA AS h
      WHERE h.InvestID = x.InvestID AND h.FechaReporte = ultima.FechaReporte AND h.PrecioLocal > 0
      ORDER BY h.Portfolio COLLATE Latin1_General_100_BIN2, h.ID_Linea
    ) AS conocido
    -- decimal(19,4) / decimal(28,8) es decimal(38,15), y la division trunca: quedan siete cifras mas que las ocho que se
    -- guardan, asi que el CAST redondea lo mismo que redondearia el cociente exacto. Sin lugar para el, no hay precio.
    CROSS APPLY (VALUES
      (TRY_CAST(CAST(x.ValorMercado AS decimal(19, 4)) / NULLIF(CAST(x.Cantidad AS decimal(28, 8)), 0) AS decimal(28, 8)))
    ) AS calculado (PrecioLocal)
    WHERE x.ID_Ejecucion = @ID_Ejecucion AND x.Portfolio = @Portfolio_Geneva AND x.ID > @Desde AND x.ID <= @Hasta;

    SET @Hechas += @@ROWCOUNT;
    SET @Desde = @Hasta;
  END;
END;
