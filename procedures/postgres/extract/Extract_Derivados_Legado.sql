SET LOCAL ROLE carril_dueno;

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
CREATE OR REPLACE FUNCTION extract.Extract_Derivados_Legado(p_FechaReporte date, p_ID_Ejecucion bigint)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $funcion$
#variable_conflict use_column
BEGIN
  PERFORM logs.sp_Comprobar_Legado(p_ID_Ejecucion, p_FechaReporte);

  DELETE FROM extract.Derivados AS x
  USING logs.Ejecucion_Fondos AS f
  WHERE f.ID_Ejecucion = p_ID_Ejecucion AND x.FechaReporte = p_FechaReporte AND x.Portfolio = f.Portfolio_Derivados
    AND x.ID_Ejecucion IS NULL AND f.Flag_Derivados;

  INSERT INTO extract.Derivados (
    FechaReporte, Portfolio, InvestID, Descripcion, Tipo_Instrumento, Moneda, FechaVencimiento, Nocional,
    ValorMercado, Delta)
  SELECT
    h.FechaReporte, h.Portfolio, h.InvestID, h.Descripcion, h.Tipo_Instrumento, h.Moneda, h.FechaVencimiento,
    h.Nocional, h.ValorMercado, h.Delta
  FROM homol.Derivados AS h
  WHERE h.FechaReporte = p_FechaReporte
    AND h.Portfolio IN (
      SELECT f.Portfolio_Derivados FROM logs.Ejecucion_Fondos AS f WHERE f.ID_Ejecucion = p_ID_Ejecucion AND f.Flag_Derivados)
  ORDER BY h.Portfolio, h.ID_Linea;
END;
$funcion$;
