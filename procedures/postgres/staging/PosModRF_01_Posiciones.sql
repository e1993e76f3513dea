SET LOCAL ROLE carril_dueno;

/*
  Brings the fund's fixed income from extract.PosModRF to staging.PosModRF_WorkTable, numbered from 1. Deletes the fund's rows
  first.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, extract.PosModRF read, staging.PosModRF_WorkTable write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR REPLACE FUNCTION staging.PosModRF_01_Posiciones(
  p_ID_Ejecucion bigint, p_FechaReporte date, p_ID_Fund integer, p_Portfolio_Geneva text
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $funcion$
#variable_conflict use_column
BEGIN
  PERFORM staging.sp_Comprobar_Paso(p_ID_Ejecucion, p_FechaReporte, p_ID_Fund, p_Portfolio_Geneva);

  DELETE FROM staging.PosModRF_WorkTable AS w WHERE w.ID_Ejecucion = p_ID_Ejecucion AND w.ID_Fund = p_ID_Fund;

  INSERT INTO staging.PosModRF_WorkTable (
    ID_Ejecucion, ID_Fund, ID_Linea, FechaReporte, Portfolio, InvestID, Descripcion, Moneda, Nominal, TIR,
    DuracionModificada, ValorMercado)
  SELECT
    p_ID_Ejecucion, p_ID_Fund, row_number() OVER (ORDER BY x.ID), x.FechaReporte, x.Portfolio, x.InvestID,
    x.Descripcion, x.Moneda, x.Nominal, x.TIR, x.DuracionModificada, x.ValorMercado
  FROM extract.vw_PosModRF AS x
  WHERE x.ID_Ejecucion = p_ID_Ejecucion AND x.Portfolio = p_Portfolio_Geneva;
END;
$funcion$;
