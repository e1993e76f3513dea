SET LOCAL ROLE carril_dueno;

/*
  Ends a job whose chunks have all ended; to be tried after every commit that ends a chunk and on every idle poll. A cheap look
  without a lock comes first; then the job's lock Exclusive, a recount, one commit: whoever comes second finds it done.
  Of a cancelled job it first ends what nobody holds. Jobs of kind FONDOS are ended by logs.sp_Finalizar_Proceso, those of the
  log review by logs.sp_Finalizar_Revision, those of a payroll by nomina.sp_Finalizar_Consolidacion, and that of LO_PROCESOS
  never (50409).

  Returns: one
    Estado       varchar(50)  not null  of the job
    Finalizado   bit          not null  this call ended it
    Total        int          null      counts: null until the job has ended
    Completados  int          null
    Fallidos     int          null
    Cancelados   int          null
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: trabajo.Chunks write, trabajo.Trabajos write
  Batch: 2000
  Entry: carril_app
  Since: 021
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Finalizar_Trabajo(
  p_ID_Trabajo bigint
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
  IF v_trabajo.tipo IN ('FONDOS', 'FONDOS_LEGADO') THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = 'un trabajo de fondos lo termina logs.sp_Finalizar_Proceso';
  END IF;
  IF v_trabajo.tipo IN ('LOGS', 'LOGS_SECUENCIAL') THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = 'una revision de logs la termina logs.sp_Finalizar_Revision';
  END IF;
  IF v_trabajo.tipo = 'NOMINA' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = 'una consolidacion de nomina la termina nomina.sp_Finalizar_Consolidacion';
  END IF;
  IF v_trabajo.tipo = 'LO_PROCESOS' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = 'el trabajo de LO_PROCESOS es su historia: no termina nunca';
  END IF;

  -- sin candado: casi siempre queda algo, y entonces no se molesta a nadie
  IF v_trabajo.estado = 'EN_PROGRESO' AND (v_trabajo.cancelado OR trabajo.sp_Restantes(p_ID_Trabajo) = 0) THEN
    PERFORM trabajo.sp_Bloquear('carril:trabajo:' || p_ID_Trabajo, 'Exclusive', 15000);

    -- otra vez, con el candado: pudieron cancelarlo o terminarlo mientras se esperaba
    PERFORM FROM trabajo.Trabajos AS t WHERE t.id_trabajo = p_ID_Trabajo AND t.estado = 'EN_PROGRESO' AND t.cancelado;
    IF FOUND THEN
      PERFORM trabajo.sp_Barrer_Cancelado(p_ID_Trabajo);
    END IF;
    v_finalizado := (trabajo.sp_Cerrar_Trabajo(p_ID_Trabajo)).p_cerrado;
  END IF;

  RETURN QUERY
  SELECT t.estado::text, v_finalizado, t.total, t.completados, t.fallidos, t.cancelados
  FROM trabajo.Trabajos AS t
  WHERE t.id_trabajo = p_ID_Trabajo;
END
$$;
GRANT EXECUTE ON FUNCTION trabajo.sp_Finalizar_Trabajo TO carril_app;
