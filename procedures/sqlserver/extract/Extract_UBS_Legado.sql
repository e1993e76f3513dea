SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Copies the date's lines from homol.UBS to extract.UBS for all funds of a shared execution at once, without ID_Ejecucion, as the
  extraction was before the plan: what is there of the date and of their Portfolio_UBS is deleted first, so that a second
  call leaves the same rows. Rows of the hierarchical way (with an ID_Ejecucion) are not touched.

  The locking of before is kept on purpose (document 004, hypothesis 2 and "Los SPs de extraccion son BATCH"): one DELETE and one
  INSERT for all funds, found by FechaReporte and Portfolio.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, homol.UBS read, extract.UBS write
  Batch: none
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR ALTER PROCEDURE extract.Extract_UBS_Legado
  @FechaReporte date,
  @ID_Ejecucion bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  IF @@TRANCOUNT = 0
    THROW 50409, N'extract.Extract_UBS_Legado es un paso: se llama dentro de la transaccion de quien lo ejecuta.', 1;

  EXEC logs.sp_Comprobar_Legado @ID_Ejecucion = @ID_Ejecucion, @FechaReporte = @FechaReporte;

  DELETE x
  FROM extract.UBS AS x
  WHERE x.FechaReporte = @FechaReporte AND x.ID_Ejecucion IS NULL
    AND x.Portfolio IN (
      SELECT f.Portfolio_UBS FROM logs.Ejecucion_Fondos AS f WHERE f.ID_Ejecucion = @ID_Ejecucion AND f.Flag_UBS = 1);

  INSERT INTO extract.UBS (
    FechaReporte, Portfolio, InvestID, Descripcion, Moneda, Cantidad, PrecioLocal, ValorMercado)
  SELECT
    h.FechaReporte, h.Portfolio, h.InvestID, h.Descripcion, h.Moneda, h.Cantidad, h.PrecioLocal, h.ValorMercado
  FROM homol.UBS AS h
  WHERE h.FechaReporte = @FechaReporte
    AND h.Portfolio IN (
      SELECT f.Portfolio_UBS FROM logs.Ejecucion_Fondos AS f WHERE f.ID_Ejecucion = @ID_Ejecucion AND f.Flag_UBS = 1)
  ORDER BY h.Portfolio, h.ID_Linea;
END;
