SET LOCAL ROLE carril_dueno;

/*
  Gives what failed or was cancelled another chance: chunks in ERROR or CANCELADO, or the given one of them, become PENDIENTE with
  all their attempts (their token stays where it is); a job that had ended is EN_PROGRESO again, no longer cancelled, its counts
  open. At most 500 chunks a call, in the job's order: call again until Reintentados is 0. Nothing to retry changes nothing.

  Holds the job's lock Exclusive, and of each chunk its own (waiting at most 15 s): 500 is what keeps these locks few. Refused
  (50409): FONDOS, retried by logs.sp_Reintentar_Proceso, and LO_PROCESOS; a log review that has ended, for the next scan goes on where it
  stopped; a payroll consolidation that has ended, which is rolled back instead; a job that is being cancelled, until it has ended.

  Returns: one
    Estado        varchar(50)  not null  of the job
    Reintentados  int          not null  chunks that this call set free
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: trabajo.Chunks write, trabajo.Trabajos write
  Batch: 500
  Entry: carril_app
  Since: 021
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Reintentar_Trabajo(
  p_ID_Trabajo bigint,
  p_ID_Chunk bigint DEFAULT NULL
)
RETURNS TABLE (
  Estado text,
  Reintentados integer
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- los indices, aunque las tablas fueran pequenas cuando la sesion preparo el plan
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
#variable_conflict use_column
DECLARE
  v_trabajo record;
  v_estado text;
  v_elegidos bigint[];
  v_chunk bigint;
  v_reintentados integer;
BEGIN
  IF p_ID_Trabajo IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_ID_Trabajo es obligatorio';
  END IF;

  PERFORM trabajo.sp_Bloquear('carril:trabajo:' || p_ID_Trabajo, 'Exclusive', 15000);

  SELECT t.estado, t.tipo, t.cancelado INTO v_trabajo FROM trabajo.Trabajos AS t WHERE t.id_trabajo = p_ID_Trabajo;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe el trabajo %s', p_ID_Trabajo);
  END IF;
  v_estado := v_trabajo.estado;
  IF v_trabajo.tipo IN ('FONDOS', 'FONDOS_LEGADO') THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409',
      MESSAGE = 'un trabajo de tipo FONDOS se reintenta por su proceso: logs.sp_Reintentar_Proceso (carril retry)';
  END IF;
  IF v_trabajo.tipo = 'LO_PROCESOS' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409',
      MESSAGE = 'el trabajo de LO_PROCESOS no se reintenta: cambie el estado de la fila en la vista LO_PROCESOS';
  END IF;
  IF v_trabajo.tipo IN ('LOGS', 'LOGS_SECUENCIAL') AND v_estado <> 'EN_PROGRESO' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409',
      MESSAGE = 'una revision de logs terminada no se reintenta: revise otra vez el archivo, y sigue donde quedo';
  END IF;
  IF v_trabajo.tipo = 'NOMINA' AND v_estado <> 'EN_PROGRESO' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409',
      MESSAGE = 'una consolidacion terminada no se reintenta: deshagala y consolide otra vez el cierre';
  END IF;
  IF v_estado = 'EN_PROGRESO' AND v_trabajo.cancelado THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409',
      MESSAGE = 'el trabajo se esta cancelando: reintentelo cuando haya terminado';
  END IF;

  IF p_ID_Chunk IS NULL THEN
    v_elegidos := ARRAY(
      SELECT c.id_chunk
      FROM trabajo.Chunks AS c
      WHERE c.id_trabajo = p_ID_Trabajo AND c.estado IN ('ERROR', 'CANCELADO')
      ORDER BY c.orden
      LIMIT 500);
  ELSE
    PERFORM FROM trabajo.Chunks AS c WHERE c.id_chunk = p_ID_Chunk AND c.id_trabajo = p_ID_Trabajo;
    IF NOT FOUND THEN
      RAISE EXCEPTION USING ERRCODE = 'UC404',
        MESSAGE = format('el trabajo %s no tiene el chunk %s', p_ID_Trabajo, p_ID_Chunk);
    END IF;
    v_elegidos := ARRAY[p_ID_Chunk];
  END IF;

  -- antes de tocar ninguna fila, todos los candados, en orden: quien aun tiene alguno esta por terminar
  FOR v_chunk IN SELECT u.id FROM unnest(v_elegidos) AS u (id) ORDER BY u.id LOOP
    PERFORM trabajo.sp_Bloquear('carril:chunk:' || v_chunk, 'Exclusive', 15000);
  END LOOP;

  UPDATE trabajo.Chunks AS c
  SET estado = 'PENDIENTE', intento = 0, no_antes_de = NULL, fin = NULL
  WHERE c.id_chunk = ANY (v_elegidos) AND c.estado IN ('ERROR', 'CANCELADO');
  GET DIAGNOSTICS v_reintentados = ROW_COUNT;

  IF v_reintentados > 0 AND v_estado <> 'EN_PROGRESO' THEN
    v_estado := 'EN_PROGRESO';
    UPDATE trabajo.Trabajos AS t
    SET
      estado = v_estado, cancelado = false, fechafin = NULL,
      total = NULL, completados = NULL, fallidos = NULL, cancelados = NULL, omitidos = NULL
    WHERE t.id_trabajo = p_ID_Trabajo;
  END IF;

  RETURN QUERY SELECT v_estado, v_reintentados;
END
$$;
GRANT EXECUTE ON FUNCTION trabajo.sp_Reintentar_Trabajo TO carril_app;
