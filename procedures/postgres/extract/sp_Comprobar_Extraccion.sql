SET LOCAL ROLE carril_dueno;

/*
  Checks what every extraction is called with: inside a transaction, for an execution that exists and is of that date.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read
  Batch: none
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR REPLACE FUNCTION extract.sp_Comprobar_Extraccion(p_FechaReporte date, p_ID_Ejecucion bigint)
RETURNS void
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $funcion$
#variable_conflict use_column
DECLARE
  v_fecha date;
BEGIN
  SELECT e.FechaReporte INTO v_fecha FROM logs.Ejecuciones AS e WHERE e.ID_Ejecucion = p_ID_Ejecucion;
  IF v_fecha IS NULL THEN
    RAISE EXCEPTION 'La ejecucion % no existe.', p_ID_Ejecucion USING ERRCODE = 'UC404';
  END IF;
  IF p_FechaReporte IS DISTINCT FROM v_fecha THEN
    RAISE EXCEPTION 'La ejecucion % es del %, no del %.', p_ID_Ejecucion, v_fecha, p_FechaReporte
      USING ERRCODE = 'UC400';
  END IF;
END;
$funcion$;
