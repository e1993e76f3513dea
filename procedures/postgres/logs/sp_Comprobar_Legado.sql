SET LOCAL ROLE carril_dueno;

/*
  Checks what every extraction of the old way is called with: inside a transaction, for a shared execution of that date.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read
  Batch: none
  Step: called inside the caller's transaction
  Since: 013
*/
CREATE OR REPLACE FUNCTION logs.sp_Comprobar_Legado(
  p_ID_Ejecucion bigint,
  p_FechaReporte date
)
RETURNS void
LANGUAGE plpgsql STABLE SECURITY INVOKER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_ejecucion record;
BEGIN
  SELECT e.fechareporte, e.id_fund INTO v_ejecucion FROM logs.Ejecuciones AS e WHERE e.id_ejecucion = p_ID_Ejecucion;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe la ejecucion %s', p_ID_Ejecucion);
  END IF;
  IF p_FechaReporte IS DISTINCT FROM v_ejecucion.fechareporte THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = format(
      'la ejecucion %s es del %s, no del %s', p_ID_Ejecucion, v_ejecucion.fechareporte, p_FechaReporte);
  END IF;
  IF v_ejecucion.id_fund IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
      'la ejecucion %s es de un solo fondo: la extrae su servicio, con su ID_Ejecucion', p_ID_Ejecucion);
  END IF;
END
$$;
