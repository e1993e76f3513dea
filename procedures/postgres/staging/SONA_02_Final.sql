SET LOCAL ROLE carril_dueno;

/*
  Leaves one row per InvestID and currency in staging.SONA_Final: quantity and money of the trades that are pending, added up
  with their signs, and how many trades they are; lines with one ID_Operacion are parts of one trade. A row stays when its
  sums are zero. Deletes the fund's rows first.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.SONA_WorkTable read, staging.SONA_Final write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR REPLACE FUNCTION staging.SONA_02_Final(
  p_ID_Ejecucion bigint, p_FechaReporte date, p_ID_Fund integer, p_Portfolio_Geneva text
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $funcion$
#variable_conflict use_column
BEGIN
  PERFORM staging.sp_Comprobar_Paso(p_ID_Ejecucion, p_FechaReporte, p_ID_Fund, p_Portfolio_Geneva);

  DELETE FROM staging.SONA_Final AS w WHERE w.ID_Ejecucion = p_ID_Ejecucion AND w.ID_Fund = p_ID_Fund;

  INSERT INTO staging.SONA_Final (
    ID_Ejecucion, ID_Fund, InvestID, Moneda, FechaReporte, Cantidad_Pendiente, Monto_Pendiente, Operaciones)
  SELECT
    p_ID_Ejecucion, p_ID_Fund, w.InvestID, w.Moneda, p_FechaReporte, sum(w.Cantidad), sum(w.Monto),
    count(DISTINCT w.ID_Operacion)
  FROM staging.SONA_WorkTable AS w
  WHERE w.ID_Ejecucion = p_ID_Ejecucion AND w.ID_Fund = p_ID_Fund
  GROUP BY w.InvestID, w.Moneda;
END;
$funcion$;
