SET LOCAL ROLE carril_dueno;

/*
  Which process an ID stands for: its own, its child's (ID_Ejecucion), or a run's of the old way. A legacy ID_Ejecucion without
  a process stands for itself. IDs come from one sequence, so no number is both.

  Returns: output
    ID_Proceso  bigint  not null
  Errors: 50400, 50404
  Touches: logs.Procesos read, logs.Ejecuciones read
  Batch: none
  Step: called inside the caller's transaction, or without one
  Since: 013
*/
CREATE OR REPLACE FUNCTION logs.sp_Resolver_Proceso(
  p_ID bigint,
  OUT p_ID_Proceso bigint
)
LANGUAGE plpgsql STABLE SECURITY INVOKER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  IF p_ID IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'falta el ID del proceso (o el de una de sus ejecuciones)';
  END IF;

  p_ID_Proceso := COALESCE(
    (SELECT p.id_proceso FROM logs.Procesos AS p WHERE p.id_proceso = p_ID),
    (SELECT COALESCE(e.id_proceso, e.id_ejecucion) FROM logs.Ejecuciones AS e WHERE e.id_ejecucion = p_ID));
  IF p_ID_Proceso IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe ningun proceso ni ejecucion con el ID %s', p_ID);
  END IF;
END
$$;
