SET LOCAL ROLE carril_dueno;

/*
  Copies the date's lines from homol.PosModRF to extract.PosModRF for all funds of a shared execution at once, without ID_Ejecucion, as the
  extraction was before the plan: what is there of the date and of their Portfolio_Geneva is deleted first, so that a second
  call leaves the same rows. Rows of the hierarchical way (with an ID_Ejecucion) are not touched.

  The locking of before is kept on purpose (document 004, hypothesis 2 and "Los SPs de extraccion son BATCH"): one DELETE and one
  INSERT for all funds, found by FechaReporte and Portfolio.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, homol.PosModRF read, extract.PosModRF write
  Batch: none
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR REPLACE FUNCTION extract.Extract_PosModRF_Legado(p_FechaReporte date, p_ID_Ejecucion bigint)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $funcion$
#variable_conflict use_column
BEGIN
  PERFORM logs.sp_Comprobar_Legado(p_ID_Ejecucion, p_FechaReporte);

  DELETE FROM extract.PosModRF AS x
  USING logs.Ejecucion_Fondos AS f
  WHERE f.ID_Ejecucion = p_ID_Ejecucion AND x.FechaReporte = p_FechaReporte AND x.Portfolio = f.Portfolio_Geneva
    AND x.ID_Ejecucion IS NULL;

  INSERT INTO extract.PosModRF (
    FechaReporte, Portfolio, InvestID, Descripcion, Moneda, Nominal, TIR, DuracionModificada, ValorMercado)
  SELECT
    h.FechaReporte, h.Portfolio, h.InvestID, h.Descripcion, h.Moneda, h.Nominal, h.TIR, h.DuracionModificada,
    h.ValorMercado
  FROM homol.PosModRF AS h
  WHERE h.FechaReporte = p_FechaReporte
    AND h.Portfolio IN (
      SELECT f.Portfolio_Geneva FROM logs.Ejecucion_Fondos AS f WHERE f.ID_Ejecucion = p_ID_Ejecucion)
  ORDER BY h.Portfolio, h.ID_Linea;
END;
$funcion$;
