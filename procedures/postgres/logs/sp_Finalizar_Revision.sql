SET LOCAL ROLE carril_dueno;

/*
  Ends a review of a log. Kind LOGS: to be tried after every commit that ends a chunk and on every idle poll, as
  trabajo.sp_Finalizar_Trabajo is: a cheap look without a lock first, then the job's lock Exclusive, a recount, one commit.
  COMPLETADO only when every chunk is; one that failed makes the job ERROR. Kind LOGS_SECUENCIAL: called once by who read
  the file, with @Error if that failed and @Reanudar_En, where the next review begins. Only COMPLETADO moves the file on.

  Returns: one
    Estado       varchar(50)  not null  of the job
    Finalizado   bit          not null  this call ended it
    Total        int          null      counts: null until the job has ended
    Completados  int          null
    Fallidos     int          null
    Cancelados   int          null
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: trabajo.Chunks write, trabajo.Trabajos write, logs.Archivos write
  Batch: 2000
  Entry: carril_app
  Since: 022
*/
CREATE OR REPLACE FUNCTION logs.sp_Finalizar_Revision(
  p_ID_Trabajo bigint,
  p_Error text DEFAULT NULL,
  p_Reanudar_En bigint DEFAULT NULL
)
RETURNS TABLE (
  Estado text,
  Finalizado boolean,
  Total integer,
  Completados integer,
  Fallidos integer,
  Cancelados integer
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_trabajo record;
  v_finalizado boolean := false;
BEGIN
  IF p_ID_Trabajo IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_ID_Trabajo es obligatorio';
  END IF;
  SELECT t.estado, t.tipo, t.cancelado INTO v_trabajo FROM trabajo.Trabajos AS t WHERE t.id_trabajo = p_ID_Trabajo;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe el trabajo %s', p_ID_Trabajo);
  END IF;
  IF v_trabajo.tipo NOT IN ('LOGS', 'LOGS_SECUENCIAL') THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
      'el trabajo %s es de tipo %s: no es la revision de un log', p_ID_Trabajo, v_trabajo.tipo);
  END IF;
  IF v_trabajo.tipo = 'LOGS' AND (p_Error IS NOT NULL OR p_Reanudar_En IS NOT NULL) THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400',
      MESSAGE = 'p_Error y p_Reanudar_En son de una revision secuencial: en las demas lo dicen sus chunks';
  END IF;
  IF p_Reanudar_En < 0 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Reanudar_En no puede ser negativo';
  END IF;

  -- sin candado: casi siempre queda algo, y entonces no se molesta a nadie
  IF v_trabajo.estado = 'EN_PROGRESO'
    AND (v_trabajo.cancelado OR v_trabajo.tipo <> 'LOGS' OR trabajo.sp_Restantes(p_ID_Trabajo) = 0)
  THEN
    PERFORM trabajo.sp_Bloquear('carril:trabajo:' || p_ID_Trabajo, 'Exclusive', 15000);
    -- otra vez, con el candado: pudieron cancelarla o terminarla mientras se esperaba
    v_finalizado := (logs.sp_Cerrar_Revision(p_ID_Trabajo, p_Error, p_Reanudar_En)).p_cerrado;
  END IF;

  RETURN QUERY
  SELECT t.estado::text, v_finalizado, t.total, t.completados, t.fallidos, t.cancelados
  FROM trabajo.Trabajos AS t
  WHERE t.id_trabajo = p_ID_Trabajo;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Finalizar_Revision TO carril_app;
