SET LOCAL ROLE carril_dueno;

/*
  Writes a process's state and counters from the final states of its executions: when it ends, and when one of them is rolled back
  after that. CANCELADO when an execution was cancelled; ERROR when all failed; COMPLETADO_CON_ERRORES when some did; REVERTIDO
  when all were rolled back; else COMPLETADO. A process of the old way keeps what its writers gave it, until all of it is
  REVERTIDO. The caller sees to it that no execution changes meanwhile.

  Returns: nothing
  Errors: none
  Touches: logs.Ejecuciones read, logs.Procesos write
  Batch: 1
  Step: called inside the caller's transaction
  Since: 021
*/
CREATE OR REPLACE FUNCTION logs.sp_Recontar_Proceso(
  p_ID_Proceso bigint
)
RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY INVOKER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_n record;
BEGIN
  SELECT
    count(*) AS total,
    count(*) FILTER (WHERE e.estado = 'COMPLETADO') AS exitosos,
    count(*) FILTER (WHERE e.estado IN ('ERROR', 'COMPLETADO_CON_ERRORES')) AS fallidos,
    count(*) FILTER (WHERE e.estado IN ('OMITIDO', 'CANCELADO', 'REVERTIDO')) AS omitidos,
    count(*) FILTER (WHERE e.estado = 'CANCELADO') AS cancelados,
    count(*) > 0 AND bool_and(e.estado = 'REVERTIDO') AS revertido
  INTO v_n
  FROM logs.Ejecuciones AS e
  WHERE e.id_proceso = p_ID_Proceso;

  UPDATE logs.Procesos AS p
  SET
    estado = CASE
      WHEN v_n.revertido THEN 'REVERTIDO'
      WHEN v_n.cancelados > 0 THEN 'CANCELADO'
      WHEN v_n.fallidos > 0 AND v_n.fallidos = v_n.total THEN 'ERROR'
      WHEN v_n.fallidos > 0 THEN 'COMPLETADO_CON_ERRORES'
      ELSE 'COMPLETADO'
    END,
    etapa_actual = 'FINALIZADO', fechafin = COALESCE(p.fechafin, clock_timestamp()), totalfondos = v_n.total,
    fondosexitosos = v_n.exitosos, fondosfallidos = v_n.fallidos, fondosomitidos = v_n.omitidos
  WHERE p.id_proceso = p_ID_Proceso AND p.arquitectura = 'JERARQUICA';

  UPDATE logs.Procesos AS p
  SET estado = 'REVERTIDO', fechafin = COALESCE(p.fechafin, clock_timestamp())
  WHERE p.id_proceso = p_ID_Proceso AND p.arquitectura = 'LEGADO' AND v_n.revertido;
END
$$;
