SET LOCAL ROLE carril_dueno;

/*
  Sets the fund's cash lines apart in staging.IPA_Cash; in IPA_WorkTable they stay, marked. Deletes the fund's rows first.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.IPA_WorkTable read, staging.IPA_Cash write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR REPLACE FUNCTION staging.IPA_02_Cash(
  p_ID_Ejecucion bigint, p_FechaReporte date, p_ID_Fund integer, p_Portfolio_Geneva text
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $funcion$
#variable_conflict use_column
BEGIN
  PERFORM staging.sp_Comprobar_Paso(p_ID_Ejecucion, p_FechaReporte, p_ID_Fund, p_Portfolio_Geneva);

  DELETE FROM staging.IPA_Cash AS c WHERE c.ID_Ejecucion = p_ID_Ejecucion AND c.ID_Fund = p_ID_Fund;

  INSERT INTO staging.IPA_Cash (ID_Ejecucion, ID_Fund, ID_Linea, InvestID, Descripcion, Moneda, ValorMercado)
  SELECT w.ID_Ejecucion, w.ID_Fund, w.ID_Linea, w.InvestID, w.Descripcion, w.Moneda, w.ValorMercado
  FROM staging.IPA_WorkTable AS w
  WHERE w.ID_Ejecucion = p_ID_Ejecucion AND w.ID_Fund = p_ID_Fund AND w.Es_Efectivo;
END;
$funcion$;
