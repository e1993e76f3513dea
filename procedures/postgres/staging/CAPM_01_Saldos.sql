SET LOCAL ROLE carril_dueno;

/*
  Brings the fund's accounting balances from extract.CAPM to staging.CAPM_WorkTable, numbered from 1. Deletes the fund's rows
  first.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, extract.CAPM read, staging.CAPM_WorkTable write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR REPLACE FUNCTION staging.CAPM_01_Saldos(
  p_ID_Ejecucion bigint, p_FechaReporte date, p_ID_Fund integer, p_Portfolio_Geneva text
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $funcion$
#variable_conflict use_column
DECLARE
  v_portfolio text;
BEGIN
  PERFORM staging.sp_Comprobar_Paso(p_ID_Ejecucion, p_FechaReporte, p_ID_Fund, p_Portfolio_Geneva);

  DELETE FROM staging.CAPM_WorkTable AS w WHERE w.ID_Ejecucion = p_ID_Ejecucion AND w.ID_Fund = p_ID_Fund;

  -- sin codigo en ese sistema no hay nada que traer
  SELECT f.Portfolio_CAPM INTO v_portfolio
  FROM logs.Ejecucion_Fondos AS f
  WHERE f.ID_Ejecucion = p_ID_Ejecucion AND f.ID_Fund = p_ID_Fund;

  INSERT INTO staging.CAPM_WorkTable (
    ID_Ejecucion, ID_Fund, ID_Linea, FechaReporte, Portfolio, Cuenta, Descripcion, Moneda, Saldo)
  SELECT
    p_ID_Ejecucion, p_ID_Fund, row_number() OVER (ORDER BY x.ID), x.FechaReporte, x.Portfolio, x.Cuenta,
    x.Descripcion, x.Moneda, x.Saldo
  FROM extract.vw_CAPM AS x
  WHERE x.ID_Ejecucion = p_ID_Ejecucion AND x.Portfolio = v_portfolio;
END;
$funcion$;
