SET LOCAL ROLE carril_dueno;

/*
  Cuts a consolidation off whose time is up by the server's clock: as trabajo.sp_Cancelar_Trabajo, and its closing will be left in
  timeout_consolidacion (document 003, chord.get(timeout=300)). Before that moment, without a limit, and once it has ended or was
  cancelled, it changes nothing.

  Returns: one
    Vencida     bit  not null  its time was up, now or at an earlier call
    Cancelados  int  not null  chunks that this call ended
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: trabajo.Trabajos write, trabajo.Chunks write, nomina.CierreNomina write
  Batch: 2000
  Entry: carril_app
  Since: 020
*/
CREATE OR REPLACE FUNCTION nomina.sp_Vencer_Consolidacion(
  p_ID_Trabajo bigint
)
RETURNS TABLE (
  Vencida boolean,
  Cancelados integer
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_cierre record;
  v_cancelados integer := 0;
BEGIN
  IF p_ID_Trabajo IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_ID_Trabajo es obligatorio';
  END IF;
  PERFORM trabajo.sp_Bloquear('carril:trabajo:' || p_ID_Trabajo, 'Exclusive', 15000);
  SELECT c.id, c.vencida, t.estado = 'EN_PROGRESO' AND NOT t.cancelado AND c.limite <= clock_timestamp() AS vence
  INTO v_cierre
  FROM nomina.CierreNomina AS c
  INNER JOIN trabajo.Trabajos AS t ON t.id_trabajo = c.id_trabajo
  WHERE c.id_trabajo = p_ID_Trabajo;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('el trabajo %s no es la consolidacion de ningun cierre', p_ID_Trabajo);
  END IF;

  IF v_cierre.vence THEN
    UPDATE trabajo.Trabajos AS t SET cancelado = true WHERE t.id_trabajo = p_ID_Trabajo;
    v_cancelados := trabajo.sp_Barrer_Cancelado(p_ID_Trabajo);
    UPDATE nomina.CierreNomina AS c SET vencida = true WHERE c.id = v_cierre.id;
  END IF;
  RETURN QUERY SELECT v_cierre.vencida OR COALESCE(v_cierre.vence, false), v_cancelados;
END
$$;
GRANT EXECUTE ON FUNCTION nomina.sp_Vencer_Consolidacion TO carril_app;
