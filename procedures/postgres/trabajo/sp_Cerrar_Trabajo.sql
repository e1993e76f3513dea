SET LOCAL ROLE carril_dueno;

/*
  Ends a job whose chunks have all ended: counts them and writes its final state, once. The caller holds the job's lock
  Exclusive. With an unfinished chunk left, or a job that has ended already, it changes nothing and says so.

  With @Todo_O_Nada = 1 ERROR when a chunk failed, whatever became of the others. CANCELADO when a chunk was cancelled; ERROR when
  all failed; COMPLETADO_CON_ERRORES when some did; else COMPLETADO. A chunk that was split (OMITIDO) does not count: its halves do.

  Returns: output
    Estado       varchar(50)  not null  state of the job
    Cerrado      bit          not null  this call ended it
    Total        int          null
    Completados  int          null
    Fallidos     int          null
    Cancelados   int          null
  Errors: 50404
  Touches: trabajo.Chunks read, trabajo.Trabajos write
  Batch: 1
  Step: called inside the caller's transaction
  Since: 021
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Cerrar_Trabajo(
  p_ID_Trabajo bigint,
  p_Todo_O_Nada boolean DEFAULT false,
  OUT p_Estado text,
  OUT p_Cerrado boolean,
  OUT p_Total integer,
  OUT p_Completados integer,
  OUT p_Fallidos integer,
  OUT p_Cancelados integer
)
LANGUAGE plpgsql VOLATILE SECURITY INVOKER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_pendientes integer;
  v_omitidos integer;
BEGIN
  p_Cerrado := false;
  SELECT t.estado, t.total, t.completados, t.fallidos, t.cancelados
  INTO p_Estado, p_Total, p_Completados, p_Fallidos, p_Cancelados
  FROM trabajo.Trabajos AS t
  WHERE t.id_trabajo = p_ID_Trabajo;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe el trabajo %s', p_ID_Trabajo);
  END IF;
  IF p_Estado <> 'EN_PROGRESO' THEN
    RETURN;
  END IF;

  SELECT
    count(*) FILTER (WHERE c.estado <> 'OMITIDO'),
    count(*) FILTER (WHERE c.estado = 'COMPLETADO'),
    count(*) FILTER (WHERE c.estado = 'ERROR'),
    count(*) FILTER (WHERE c.estado = 'CANCELADO'),
    count(*) FILTER (WHERE c.estado = 'PENDIENTE'),
    count(*) FILTER (WHERE c.estado = 'OMITIDO')
  INTO p_Total, p_Completados, p_Fallidos, p_Cancelados, v_pendientes, v_omitidos
  FROM trabajo.Chunks AS c
  WHERE c.id_trabajo = p_ID_Trabajo;
  IF v_pendientes > 0 THEN
    RETURN;
  END IF;

  p_Estado := CASE
    WHEN p_Todo_O_Nada AND p_Fallidos > 0 THEN 'ERROR'
    WHEN p_Cancelados > 0 THEN 'CANCELADO'
    WHEN p_Fallidos > 0 AND p_Fallidos = p_Total THEN 'ERROR'
    WHEN p_Fallidos > 0 THEN 'COMPLETADO_CON_ERRORES'
    ELSE 'COMPLETADO'
  END;

  UPDATE trabajo.Trabajos AS t
  SET
    estado = p_Estado, fechafin = clock_timestamp(),
    total = p_Total, completados = p_Completados, fallidos = p_Fallidos, cancelados = p_Cancelados,
    omitidos = v_omitidos
  WHERE t.id_trabajo = p_ID_Trabajo AND t.estado = 'EN_PROGRESO';
  p_Cerrado := FOUND;
END
$$;
