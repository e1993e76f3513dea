SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Copies the date's lines from homol.SONA to extract.SONA for all funds of a shared execution at once, without ID_Ejecucion, as the
  extraction was before the plan: what is there of the date and of their Portfolio_Geneva is deleted first, so that a second
  call leaves the same rows. Rows of the hierarchical way (with an ID_Ejecucion) are not touched.

  The locking of before is kept on purpose (document 004, hypothesis 2 and "Los SPs de extraccion son BATCH"): one DELETE and one
  INSERT for all funds, found by FechaReporte and Portfolio.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, homol.SONA read, extract.SONA write
  Batch: none
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR ALTER PROCEDURE extract.Extract_SONA_Legado
  @FechaReporte date,
  @ID_Ejecucion bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  IF @@TRANCOUNT = 0
    THROW 50409, N'extract.Extract_SONA_Legado es un paso: se llama dentro de la transaccion de quien lo ejecuta.', 1;

  EXEC logs.sp_Comprobar_Legado @ID_Ejecucion = @ID_Ejecucion, @FechaReporte = @FechaReporte;

  DELETE x
  FROM extract.SONA AS x
  WHERE x.FechaReporte = @FechaReporte AND x.ID_Ejecucion IS NULL
    AND x.Portfolio IN (
      SELECT f.Portfolio_Geneva FROM logs.Ejecucion_Fondos AS f WHERE f.ID_Ejecucion = @ID_Ejecucion);

  INSERT INTO extract.SONA (
    FechaReporte, Portfolio, ID_Operacion, InvestID, Descripcion, Moneda, FechaOperacion, FechaLiquidacion,
    Cantidad, Monto)
  SELECT
    h.FechaReporte, h.Portfolio, h.ID_Operacion, h.InvestID, h.Descripcion, h.Moneda, h.FechaOperacion,
    h.FechaLiquidacion, h.Cantidad, h.Monto
  FROM homol.SONA AS h
  WHERE h.FechaReporte = @FechaReporte
    AND h.Portfolio IN (
      SELECT f.Portfolio_Geneva FROM logs.Ejecucion_Fondos AS f WHERE f.ID_Ejecucion = @ID_Ejecucion)
  ORDER BY h.Portfolio, h.ID_Linea;
END;
