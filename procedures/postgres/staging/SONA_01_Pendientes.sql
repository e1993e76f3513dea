SET LOCAL ROLE carril_dueno;

/*
  Brings the fund's trades that are pending at the date from extract.SONA to staging.SONA_WorkTable, numbered from 1: traded
  at or before the date and settling after it; what settles on the date is settled. Deletes the fund's rows first.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, extract.SONA read, staging.SONA_WorkTable write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR REPLACE FUNCTION staging.SONA_01_Pendientes(
  p_ID_Ejecucion bigint, p_FechaReporte date, p_ID_Fund integer, p_Portfolio_Geneva text
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $funcion$
#variable_conflict use_column
BEGIN
  PERFORM staging.sp_Comprobar_Paso(p_ID_Ejecucion, p_FechaReporte, p_ID_Fund, p_Portfolio_Geneva);

  DELETE FROM staging.SONA_WorkTable AS w WHERE w.ID_Ejecucion = p_ID_Ejecucion AND w.ID_Fund = p_ID_Fund;

  INSERT INTO staging.SONA_WorkTable (
    ID_Ejecucion, ID_Fund, ID_Linea, FechaReporte, Portfolio, ID_Operacion, InvestID, Descripcion, Moneda,
    FechaOperacion, FechaLiquidacion, Cantidad, Monto)
  SELECT
    p_ID_Ejecucion, p_ID_Fund, row_number() OVER (ORDER BY x.ID), x.FechaReporte, x.Portfolio, x.ID_Operacion,
    x.InvestID, x.Descripcion, x.Moneda, x.FechaOperacion, x.FechaLiquidacion, x.Cantidad, x.Monto
  FROM extract.vw_SONA AS x
  WHERE x.ID_Ejecucion = p_ID_Ejecucion AND x.Portfolio = p_Portfolio_Geneva
    AND x.FechaOperacion <= p_FechaReporte AND x.FechaLiquidacion > p_FechaReporte;
END;
$funcion$;
