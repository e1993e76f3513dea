SET LOCAL ROLE carril_dueno;

/*
  Gives the failed and cancelled funds of a process another chance, in that process: each begins at its first unfinished service,
  with all its attempts. Accepts the ID of the process, or of one fund's execution for that fund alone. What is complete, skipped
  or rolled back stays as it is, and so does the list of services, which was frozen when the process began. The process and its
  job, if they had ended, are under way again until they are finalized. At most 500 funds a call: call again until Reintentados
  is 0. Nothing to retry changes nothing.

  Holds the job's lock Exclusive, and of each chunk its own (waiting at most 15 s). Tokens stay where they are: a late call of an
  earlier holder is refused before and after the next claim. Refused (50409): a run of the old way, and a process that is being
  cancelled, until it has ended.

  Returns: one
    ID_Proceso    bigint       not null
    Estado        varchar(50)  not null  of the process
    Reintentados  int          not null  funds that this call set free
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: logs.Ejecucion_Fondos write, logs.Ejecuciones write, logs.Procesos write, trabajo.Chunks write, trabajo.Trabajos write
  Batch: 500
  Entry: carril_app
  Since: 021
*/
CREATE OR REPLACE FUNCTION logs.sp_Reintentar_Proceso(
  p_ID_Proceso bigint
)
RETURNS TABLE (
  ID_Proceso bigint,
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
  v_id bigint := logs.sp_Resolver_Proceso(p_ID_Proceso);
  v_trabajo record;
  v_chunks bigint[];
  v_ejecuciones bigint[];
  v_chunk bigint;
  v_reintentados integer := 0;
BEGIN
  SELECT t.id_trabajo INTO v_trabajo
  FROM logs.Procesos AS p
  INNER JOIN trabajo.Trabajos AS t ON t.id_trabajo = p.id_trabajo
  WHERE p.id_proceso = v_id AND p.arquitectura = 'JERARQUICA';
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409',
      MESSAGE = 'un proceso de la arquitectura anterior no se reintenta: corra otra vez su fecha';
  END IF;

  PERFORM trabajo.sp_Bloquear('carril:trabajo:' || v_trabajo.id_trabajo, 'Exclusive', 15000);

  SELECT t.id_trabajo, t.estado, t.cancelado INTO v_trabajo
  FROM trabajo.Trabajos AS t
  WHERE t.id_trabajo = v_trabajo.id_trabajo;
  IF v_trabajo.estado = 'EN_PROGRESO' AND v_trabajo.cancelado THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409',
      MESSAGE = 'el proceso se esta cancelando: reintentelo cuando haya terminado';
  END IF;

  -- los ID salen de una secuencia: el que no es del proceso es de una de sus ejecuciones
  SELECT array_agg(x.id_chunk), array_agg(x.id_ejecucion) INTO v_chunks, v_ejecuciones
  FROM (
    SELECT c.id_chunk, e.id_ejecucion
    FROM trabajo.Chunks AS c
    INNER JOIN logs.Ejecuciones AS e ON e.id_chunk = c.id_chunk
    WHERE c.id_trabajo = v_trabajo.id_trabajo AND c.estado IN ('ERROR', 'CANCELADO') AND e.estado <> 'REVERTIDO'
      AND (v_id = p_ID_Proceso OR e.id_ejecucion = p_ID_Proceso)
    ORDER BY c.orden
    LIMIT 500
  ) AS x;

  IF v_chunks IS NOT NULL THEN
    -- antes de tocar ninguna fila, todos los candados, en orden: quien aun tiene alguno esta por terminar
    FOR v_chunk IN SELECT u.id FROM unnest(v_chunks) AS u (id) ORDER BY u.id LOOP
      PERFORM trabajo.sp_Bloquear('carril:chunk:' || v_chunk, 'Exclusive', 15000);
    END LOOP;

    -- el ultimo mensaje se queda hasta que haya otro
    UPDATE logs.Ejecucion_Fondos AS f
    SET
      estado_process_ipa = CASE WHEN f.estado_process_ipa IN ('COMPLETADO', 'OMITIDO') THEN f.estado_process_ipa ELSE 'PENDIENTE' END,
      estado_process_capm = CASE WHEN f.estado_process_capm IN ('COMPLETADO', 'OMITIDO') THEN f.estado_process_capm ELSE 'PENDIENTE' END,
      estado_process_posmodrf = CASE WHEN f.estado_process_posmodrf IN ('COMPLETADO', 'OMITIDO') THEN f.estado_process_posmodrf ELSE 'PENDIENTE' END,
      estado_process_sona = CASE WHEN f.estado_process_sona IN ('COMPLETADO', 'OMITIDO') THEN f.estado_process_sona ELSE 'PENDIENTE' END,
      estado_process_derivados = CASE WHEN f.estado_process_derivados IN ('COMPLETADO', 'OMITIDO') THEN f.estado_process_derivados ELSE 'PENDIENTE' END,
      estado_process_ubs = CASE WHEN f.estado_process_ubs IN ('COMPLETADO', 'OMITIDO') THEN f.estado_process_ubs ELSE 'PENDIENTE' END,
      estado_process_pnl = CASE WHEN f.estado_process_pnl IN ('COMPLETADO', 'OMITIDO') THEN f.estado_process_pnl ELSE 'PENDIENTE' END,
      fechafin = NULL
    WHERE f.id_ejecucion = ANY (v_ejecuciones);

    UPDATE logs.Ejecuciones AS e
    SET estado = 'PENDIENTE', fechafin = NULL, fondosexitosos = NULL, fondosfallidos = NULL, fondosomitidos = NULL
    WHERE e.id_ejecucion = ANY (v_ejecuciones);

    UPDATE logs.Procesos AS p
    SET estado = 'PENDIENTE', etapa_actual = NULL, fechafin = NULL, fondosexitosos = 0, fondosfallidos = 0, fondosomitidos = 0
    WHERE p.id_proceso = v_id;

    UPDATE trabajo.Chunks AS c
    SET estado = 'PENDIENTE', intento = 0, no_antes_de = NULL, fin = NULL
    WHERE c.id_chunk = ANY (v_chunks) AND c.estado IN ('ERROR', 'CANCELADO');
    GET DIAGNOSTICS v_reintentados = ROW_COUNT;

    UPDATE trabajo.Trabajos AS t
    SET
      estado = 'EN_PROGRESO', cancelado = false, fechafin = NULL,
      total = NULL, completados = NULL, fallidos = NULL, cancelados = NULL, omitidos = NULL
    WHERE t.id_trabajo = v_trabajo.id_trabajo AND t.estado <> 'EN_PROGRESO';
  END IF;

  RETURN QUERY
  SELECT v.id_proceso, v.estado::text, v_reintentados FROM logs.vw_Procesos AS v WHERE v.id_proceso = v_id;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Reintentar_Proceso TO carril_app;
