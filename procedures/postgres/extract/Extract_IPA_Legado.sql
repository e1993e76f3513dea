SET LOCAL ROLE carril_dueno;

/*
  Copies the date's lines from homol.IPA to extract.IPA for all funds of a shared execution at once, without ID_Ejecucion, as the
  extraction was before the plan: what is there of the date and of their Portfolio_Geneva is deleted first, so that a second
  call leaves the same rows. Rows of the hierarchical way (with an ID_Ejecucion) are not touched.

  The locking of before is kept on purpose (document 004, hypothesis 2 and "Los SPs de extraccion son BATCH"): one DELETE and one
  INSERT for all funds, found by FechaReporte and Portfolio.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, homol.IPA read, extract.IPA write
  Batch: none
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR REPLACE FUNCTION extract.Extract_IPA_Legado(p_FechaReporte date, p_ID_Ejecucion bigint)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $funcion$
#variable_conflict use_column
BEGIN
  PERFORM logs.sp_Comprobar_Legado(p_ID_Ejecucion, p_FechaReporte);

  DELETE FROM extract.IPA AS x
  USING logs.Ejecucion_Fondos AS f
  WHERE f.ID_Ejecucion = p_ID_Ejecucion AND x.FechaReporte = p_FechaReporte AND x.Portfolio = f.Portfolio_Geneva
    AND x.ID_Ejecucion IS NULL;

  INSERT INTO extract.IPA (
    FechaReporte, Portfolio, InvestID, Ticker, Descripcion, Moneda, Cantidad, PrecioLocal, ValorMercado, Peso)
  SELECT
    h.FechaReporte, h.Portfolio, h.InvestID, h.Ticker, h.Descripcion, h.Moneda, h.Cantidad, h.PrecioLocal,
    h.ValorMercado, h.Peso
  FROM homol.IPA AS h
  WHERE h.FechaReporte = p_FechaReporte
    AND h.Portfolio IN (
      SELECT f.Portfolio_Geneva FROM logs.Ejecucion_Fondos AS f WHERE f.ID_Ejecucion = p_ID_Ejecucion)
  ORDER BY h.Portfolio, h.ID_Linea;
END;
$funcion$;
