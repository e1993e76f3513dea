SET LOCAL ROLE carril_dueno;

/*
  Deletes a process that is REVERTIDO with its history: the states of its funds, its executions, its chunks, the process and its
  job, children first, at most @Maximo rows a call. Call again until Quedan is 0. It can be stopped at any point and called again;
  the process itself goes last, so that it is found until then. @ID_Proceso is that of the process and no other.

  Refused (50409) while not everything that it wrote in extract and staging is rolled back. Holds the job's lock Exclusive.

  Returns: one
    Borradas  int  not null  rows that this call deleted
    Quedan    bit  not null  the process is still there: call again
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: logs.Ejecucion_Fondos write, logs.Ejecuciones write, trabajo.Chunks write, logs.Procesos write, trabajo.Trabajos write
  Batch: 2000
  Entry: carril_app
  Since: 021
*/
CREATE OR REPLACE FUNCTION logs.sp_Borrar_Proceso(
  p_ID_Proceso bigint,
  p_Maximo integer DEFAULT 2000
)
RETURNS TABLE (
  Borradas integer,
  Quedan boolean
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_trabajo bigint;
  v_estado text;
  v_filas integer;
  v_borradas integer := 0;
  v_quedan boolean := true;
BEGIN
  IF p_ID_Proceso IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_ID_Proceso es obligatorio';
  END IF;
  IF p_Maximo IS NULL OR p_Maximo NOT BETWEEN 1 AND 2000 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Maximo debe ser de 1 a 2000';
  END IF;

  SELECT p.id_trabajo INTO v_trabajo FROM logs.Procesos AS p WHERE p.id_proceso = p_ID_Proceso;
  -- sin trabajo, el que impide que dos lo borren a la vez es el del backfill: solo lo heredado no lo tiene
  PERFORM trabajo.sp_Bloquear(
    CASE WHEN v_trabajo IS NULL THEN 'carril:backfill' ELSE 'carril:trabajo:' || v_trabajo END, 'Exclusive', 15000);

  SELECT p.estado INTO v_estado FROM logs.Procesos AS p WHERE p.id_proceso = p_ID_Proceso;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe el proceso %s', p_ID_Proceso);
  END IF;
  PERFORM FROM logs.Ejecuciones AS e
  WHERE e.id_proceso = p_ID_Proceso AND (e.estado <> 'REVERTIDO' OR e.etapa_actual = 'REVIRTIENDO');
  IF v_estado <> 'REVERTIDO' OR FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
      'el proceso %s no se ha revertido por completo: reviertalo antes de borrarlo', p_ID_Proceso);
  END IF;

  DELETE FROM logs.Ejecucion_Fondos AS f
  WHERE f.ctid = ANY (ARRAY(
    SELECT x.ctid
    FROM logs.Ejecuciones AS e
    INNER JOIN logs.Ejecucion_Fondos AS x ON x.id_ejecucion = e.id_ejecucion
    WHERE e.id_proceso = p_ID_Proceso
    LIMIT p_Maximo));
  GET DIAGNOSTICS v_borradas = ROW_COUNT;

  -- solo cuando ya no hay hijos: la cascada no tiene nada que hacer
  IF v_borradas < p_Maximo THEN
    DELETE FROM logs.Ejecuciones AS e
    WHERE e.id_ejecucion = ANY (ARRAY(
      SELECT x.id_ejecucion FROM logs.Ejecuciones AS x WHERE x.id_proceso = p_ID_Proceso LIMIT p_Maximo - v_borradas));
    GET DIAGNOSTICS v_filas = ROW_COUNT;
    v_borradas := v_borradas + v_filas;
  END IF;

  IF v_borradas < p_Maximo THEN
    DELETE FROM trabajo.Chunks AS c
    WHERE c.id_chunk = ANY (ARRAY(
      SELECT x.id_chunk FROM trabajo.Chunks AS x WHERE x.id_trabajo = v_trabajo LIMIT p_Maximo - v_borradas));
    GET DIAGNOSTICS v_filas = ROW_COUNT;
    v_borradas := v_borradas + v_filas;
  END IF;

  IF v_borradas < p_Maximo THEN
    DELETE FROM logs.Procesos AS p WHERE p.id_proceso = p_ID_Proceso;
    GET DIAGNOSTICS v_filas = ROW_COUNT;
    v_borradas := v_borradas + v_filas;
    DELETE FROM trabajo.Trabajos AS t WHERE t.id_trabajo = v_trabajo;
    GET DIAGNOSTICS v_filas = ROW_COUNT;
    v_borradas := v_borradas + v_filas;
    v_quedan := false;
  END IF;

  RETURN QUERY SELECT v_borradas, v_quedan;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Borrar_Proceso TO carril_app;
