SET LOCAL ROLE carril_dueno;

/*
  What a question about traces is about: a process, by its ID, one of its executions' or a legacy ID_Ejecucion, or a job. A job that
  is a process's stands for the process. An ID that nothing goes by any more is accepted as long as it has traces.

  Returns: output
    ID_Raiz_Proceso  bigint  null  the process; NULL when it is a job
    ID_Raiz_Trabajo  bigint  null  the job; NULL when it is a process
  Errors: 50400, 50404
  Touches: trabajo.Trabajos read, logs.Procesos read, logs.Ejecuciones read, logs.Trace_Records read
  Batch: none
  Step: called inside the caller's transaction, or without one
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Traza_Resolver(
  p_ID_Proceso bigint,
  p_ID_Trabajo bigint,
  OUT p_ID_Raiz_Proceso bigint,
  OUT p_ID_Raiz_Trabajo bigint
)
LANGUAGE plpgsql STABLE SECURITY INVOKER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  IF (p_ID_Proceso IS NULL) = (p_ID_Trabajo IS NULL) THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'uno de los dos: p_ID_Proceso o p_ID_Trabajo';
  END IF;

  IF p_ID_Trabajo IS NOT NULL THEN
    p_ID_Raiz_Proceso := (SELECT p.id_proceso FROM logs.Procesos AS p WHERE p.id_trabajo = p_ID_Trabajo);
  ELSE
    p_ID_Raiz_Proceso := COALESCE(
      (SELECT p.id_proceso FROM logs.Procesos AS p WHERE p.id_proceso = p_ID_Proceso),
      (SELECT COALESCE(e.id_proceso, e.id_ejecucion) FROM logs.Ejecuciones AS e WHERE e.id_ejecucion = p_ID_Proceso),
      (SELECT t.id_proceso FROM logs.Trace_Records AS t WHERE t.id_proceso = p_ID_Proceso LIMIT 1));
  END IF;
  IF p_ID_Raiz_Proceso IS NOT NULL THEN
    RETURN;
  END IF;

  IF p_ID_Trabajo IS NOT NULL THEN
    p_ID_Raiz_Trabajo := COALESCE(
      (SELECT t.id_trabajo FROM trabajo.Trabajos AS t WHERE t.id_trabajo = p_ID_Trabajo),
      (SELECT t.id_trabajo FROM logs.Trace_Records AS t WHERE t.id_trabajo = p_ID_Trabajo AND t.id_proceso IS NULL LIMIT 1));
    IF p_ID_Raiz_Trabajo IS NOT NULL THEN
      RETURN;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'UC404',
      MESSAGE = format('no existe el trabajo %s, ni trazas suyas', p_ID_Trabajo);
  END IF;
  RAISE EXCEPTION USING ERRCODE = 'UC404',
    MESSAGE = format('no existe ningun proceso ni ejecucion con el ID %s, ni trazas suyas', p_ID_Proceso);
END
$$;
