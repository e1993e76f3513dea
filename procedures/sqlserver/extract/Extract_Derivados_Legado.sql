SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Copies the date's lines from homol.Derivados to extract.Derivados for all funds of a shared execution at once, without ID_Ejecucion, as the
  extraction was before the plan: what is there of the date and of their Portfolio_Derivados is deleted first, so that a second
  call leaves the same rows. Rows of the hierarchical way (with an ID_Ejecucion) are not touched.

  The locking of before is kept on purpose (document 004, hypothesis 2 and "Los SPs de extraccion son BATCH"): one DELETE and one
  INSERT for all funds, found by FechaReporte and Portfolio.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, homol.Derivados read, extract.Derivados write
  Batch: none
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR ALTER PROCEDURE extract.Extract_Derivados_Legado
  @FechaReporte date,
  @ID_Ejecucion bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  IF @@TRANCOUNT = 0
    THROW 50409, N'extract.Extract_Derivados_Legado es un paso: se llama dentro de la transaccion de quien lo ejecuta.', 1;

  EXEC logs.sp_Comprobar_Legado @ID_Ejecucion = @ID_Ejecucion, @FechaReporte = @FechaReporte;

  DELETE x
  FROM extract.Derivados AS x
  WHERE x.FechaReporte = @FechaReporte AND x.ID_Ejecucion IS NULL
    AND x.Portfolio IN (
      SELECT f.Portfolio_Derivados FROM logs.Ejecucion_Fondos AS f WHERE f.ID_Ejecucion = @ID_Ejecucion AND f.Flag_Derivados = 1);

  INSERT INTO extract.Derivados (
    FechaReporte, Portfolio, InvestID, Descripcion, Tipo_Instrumento, Moneda, FechaVencimiento, Nocional,
    ValorMercado, Delta)
  SELECT
    h.FechaReporte, h.Portfolio, h.InvestID, h.Descripcion, h.Tipo_Instrumento, h.Moneda, h.FechaVencimiento,
    h.Nocional, h.ValorMercado, h.Delta
  FROM homol.Derivados AS h
  WHERE h.FechaReporte = @FechaReporte
    AND h.Portfolio IN (
      SELECT f.Portfolio_Derivados FROM logs.Ejecucion_Fondos AS f WHERE f.ID_Ejecucion = @ID_Ejecucion AND f.Flag_Derivados = 1)
  ORDER BY h.Portfolio, h.ID_Linea;
END;
