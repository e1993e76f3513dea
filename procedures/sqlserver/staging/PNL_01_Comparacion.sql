SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Puts the fund's positions of the date beside those of its previous date in staging.PNL_WorkTable, one row per InvestID that
  either has, cash included; what a date does not have counts as 0. The previous date is the latest before this one of which
  the fund has a completed execution that left IPA rows, and of that date the execution that began last. On the fund's first
  date ID_Ejecucion_Anterior and FechaAnterior are NULL. No rows when the date itself has no IPA rows: that is a fund whose
  file was not loaded, not one that sold everything. While a backfill moves the previous date's rows from the shared execution to
  the fund's own, they are read from both. Deletes the fund's rows first.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Backfill_Mapa read, logs.Backfill_Estado read, staging.IPA_Final read, staging.PNL_WorkTable write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR ALTER PROCEDURE staging.PNL_01_Comparacion
  @ID_Ejecucion bigint,
  @FechaReporte date,
  @ID_Fund int,
  @Portfolio_Geneva varchar(50)
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  DECLARE
    @ID_Ejecucion_IPA bigint, @ID_Ejecucion_Anterior bigint, @FechaAnterior date, @Ayer date = DATEADD(DAY, -1, @FechaReporte),
    @Desde int = 0, @Filas int, @Borradas int = 2000;

  EXEC staging.sp_Comprobar_Paso @ID_Ejecucion, @FechaReporte, @ID_Fund, @Portfolio_Geneva;

  WHILE @Borradas = 2000
  BEGIN
    DELETE TOP (2000) FROM staging.PNL_WorkTable WITH (ROWLOCK, FORCESEEK)
    WHERE ID_Ejecucion = @ID_Ejecucion AND ID_Fund = @ID_Fund;
    SET @Borradas = @@ROWCOUNT;
  END;

  EXEC staging.sp_Ejecucion_IPA
    @ID_Ejecucion = @ID_Ejecucion, @FechaReporte = @FechaReporte, @ID_Fund = @ID_Fund,
    @ID_Ejecucion_IPA = @ID_Ejecucion_IPA OUTPUT;
  IF @ID_Ejecucion_IPA IS NULL
    RETURN;
  EXEC staging.sp_Buscar_IPA
    @ID_Fund = @ID_Fund, @Desde = '00010101', @Hasta = @Ayer, @ID_Ejecucion_IPA = @ID_Ejecucion_Anterior OUTPUT,
    @FechaReporte = @FechaAnterior OUTPUT;

  DECLARE @Comparadas TABLE
  (
    N                     int            NOT NULL PRIMARY KEY,
    InvestID              nvarchar(100)  NOT NULL,
    Cantidad              decimal(28, 8) NOT NULL,
    ValorMercado          decimal(19, 4) NOT NULL,
    Cantidad_Anterior     decimal(28, 8) NOT NULL,
    ValorMercado_Anterior decimal(19, 4) NOT NULL
  );

  INSERT INTO @Comparadas (N, InvestID, Cantidad, ValorMercado, Cantidad_Anterior, ValorMercado_Anterior)
  SELECT
    ROW_NUMBER() OVER (ORDER BY COALESCE(h.InvestID, a.InvestID)), COALESCE(h.InvestID, a.InvestID),
    COALESCE(h.Cantidad, 0), COALESCE(h.ValorMercado, 0), COALESCE(a.Cantidad, 0), COALESCE(a.ValorMercado, 0)
  FROM (
    SELECT i.InvestID, i.Cantidad, i.ValorMercado
    FROM staging.IPA_Final AS i
    WHERE i.ID_Ejecucion = @ID_Ejecucion_IPA AND i.ID_Fund = @ID_Fund
  ) AS h
  FULL OUTER JOIN (
    SELECT i.InvestID, i.Cantidad, i.ValorMercado
    FROM (
      -- una fila heredada esta en la ejecucion compartida o en la del fondo, nunca en las dos
      SELECT @ID_Ejecucion_Anterior AS ID_Ejecucion
      UNION ALL
      SELECT m.ID_Ejecucion_Nuevo FROM logs.Backfill_Mapa AS m WHERE m.ID_Ejecucion = @ID_Ejecucion_Anterior AND m.ID_Fund = @ID_Fund
      UNION ALL
      SELECT m.ID_Ejecucion FROM logs.Backfill_Mapa AS m WHERE m.ID_Ejecucion_Nuevo = @ID_Ejecucion_Anterior AND m.ID_Fund = @ID_Fund
    ) AS x
    INNER JOIN staging.IPA_Final AS i ON i.ID_Ejecucion = x.ID_Ejecucion
    WHERE i.ID_Fund = @ID_Fund
  ) AS a ON a.InvestID = h.InvestID;
  SET @Filas = @@ROWCOUNT;

  WHILE @Desde < @Filas
  BEGIN
    INSERT INTO staging.PNL_WorkTable WITH (ROWLOCK) (
      ID_Ejecucion, ID_Fund, InvestID, FechaReporte, ID_Ejecucion_Anterior, FechaAnterior, Cantidad, ValorMercado,
      Cantidad_Anterior, ValorMercado_Anterior)
    SELECT
      @ID_Ejecucion, @ID_Fund, c.InvestID, @FechaReporte, @ID_Ejecucion_Anterior, @FechaAnterior, c.Cantidad,
      c.ValorMercado, c.Cantidad_Anterior, c.ValorMercado_Anterior
    FROM @Comparadas AS c
    WHERE c.N > @Desde AND c.N <= @Desde + 2000;

    SET @Desde += 2000;
  END;
END;
