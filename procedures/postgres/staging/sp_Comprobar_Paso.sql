SET LOCAL ROLE carril_dueno;

/*
  Checks what every staging step is called with: inside a transaction, for an execution that exists, of that date, that holds
  that fund under that portfolio.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read
  Batch: none
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR REPLACE FUNCTION staging.sp_Comprobar_Paso(
  p_ID_Ejecucion bigint, p_FechaReporte date, p_ID_Fund integer, p_Portfolio_Geneva text
)
RETURNS void
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $funcion$
#variable_conflict use_column
DECLARE
  v_fecha date;
  v_portfolio text;
BEGIN
  SELECT e.FechaReporte, f.Portfolio_Geneva INTO v_fecha, v_portfolio
  FROM logs.Ejecuciones AS e
  LEFT JOIN logs.Ejecucion_Fondos AS f ON f.ID_Ejecucion = e.ID_Ejecucion AND f.ID_Fund = p_ID_Fund
  WHERE e.ID_Ejecucion = p_ID_Ejecucion;

  IF v_fecha IS NULL THEN
    RAISE EXCEPTION 'La ejecucion % no existe.', p_ID_Ejecucion USING ERRCODE = 'UC404';
  END IF;
  IF v_portfolio IS NULL THEN
    RAISE EXCEPTION 'La ejecucion % no tiene el fondo %.', p_ID_Ejecucion, p_ID_Fund USING ERRCODE = 'UC404';
  END IF;
  IF p_FechaReporte IS DISTINCT FROM v_fecha THEN
    RAISE EXCEPTION 'La ejecucion % es del %, no del %.', p_ID_Ejecucion, v_fecha, p_FechaReporte
      USING ERRCODE = 'UC400';
  END IF;
  IF p_Portfolio_Geneva IS DISTINCT FROM v_portfolio THEN
    RAISE EXCEPTION 'El fondo % de la ejecucion % es el portfolio %, no %.',
      p_ID_Fund, p_ID_Ejecucion, v_portfolio, p_Portfolio_Geneva USING ERRCODE = 'UC400';
  END IF;
END;
$funcion$;
