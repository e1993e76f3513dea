SET LOCAL ROLE carril_dueno;

/*
  Cancels a job: sets its flag and turns what nobody holds (or whose lease has expired) into CANCELADO, at most 20,000 chunks a
  call in statements of 2,000; call again until Cancelados is 0, or leave the rest to the finalizer, which goes on with it.
  What is held and alive learns it at its next check or heartbeat. Waits for the job's lock at most 15 s: claims hold it for
  milliseconds. A job that has ended stays as it is; that of LO_PROCESOS cannot be cancelled (50409).

  Returns: one
    Estado      varchar(50)  not null  of the job: EN_PROGRESO until its finalizer has ended it
    Cancelados  int          not null  chunks that this call ended
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: trabajo.Trabajos write, trabajo.Chunks write
  Batch: 2000
  Entry: carril_app
  Since: 018
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Cancelar_Trabajo(
  p_ID_Trabajo bigint
)
RETURNS TABLE (
  Estado text,
  Cancelados integer
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_estado text;
  v_tipo text;
  v_cancelados integer := 0;
BEGIN
  IF p_ID_Trabajo IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_ID_Trabajo es obligatorio';
  END IF;

  -- Exclusive: los reclamos lo tienen Shared mientras miran la bandera, asi que ninguno toma un chunk despues de esto
  PERFORM trabajo.sp_Bloquear('carril:trabajo:' || p_ID_Trabajo, 'Exclusive', 15000);

  SELECT t.estado, t.tipo INTO v_estado, v_tipo FROM trabajo.Trabajos AS t WHERE t.id_trabajo = p_ID_Trabajo;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe el trabajo %s', p_ID_Trabajo);
  END IF;
  IF v_tipo = 'LO_PROCESOS' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = 'el trabajo de LO_PROCESOS es su historia: no se cancela';
  END IF;

  IF v_estado = 'EN_PROGRESO' THEN
    UPDATE trabajo.Trabajos AS t SET cancelado = true WHERE t.id_trabajo = p_ID_Trabajo AND NOT t.cancelado;
    v_cancelados := trabajo.sp_Barrer_Cancelado(p_ID_Trabajo);
  END IF;

  RETURN QUERY SELECT v_estado, v_cancelados;
END
$$;
GRANT EXECUTE ON FUNCTION trabajo.sp_Cancelar_Trabajo TO carril_app;
