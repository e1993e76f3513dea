SET LOCAL ROLE carril_dueno;

/*
  Deletes what an execution wrote in extract and staging, at most @Maximo rows a call, and leaves it REVERTIDO: its rows of logs,
  with messages and times, and its trace stay. Call again until Quedan is 0. The first call already says REVERTIDO, in the
  execution and its services, so that nobody reads the half that is left as a result; Etapa_Actual is REVIRTIENDO until the last
  row is gone. It can be stopped at any point and called again; of what is reverted already it deletes nothing.

  The process, if it has ended, is counted anew, and is REVERTIDO when all of it is. A run of the old way is one execution.
  Refused (50409) while the execution runs or waits to be run. What it was is not kept, and it is never retried.

  Takes the job's lock and the chunk's Exclusive in the first call, the chunk's in the others; where there is no chunk, the
  backfill's. Tables of a site's own in extract and staging that have an ID_Ejecucion are left alone, and named in Ajenas.

  Returns: one
    Borradas  int             not null  rows that this call deleted
    Quedan    bit             not null  there may be more: call again
    Ajenas    nvarchar(2000)  null      tables with an ID_Ejecucion that this procedure does not know
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: extract.* write, staging.* write, logs.Ejecucion_Fondos write, logs.Ejecuciones write, logs.Procesos write, trabajo.Chunks read
  Batch: 2000
  Entry: carril_app
  Since: 021
*/
CREATE OR REPLACE FUNCTION logs.sp_Revertir_Ejecucion(
  p_ID_Ejecucion bigint,
  p_Maximo integer DEFAULT 2000
)
RETURNS TABLE (
  Borradas integer,
  Quedan boolean,
  Ajenas text
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- el indice, aunque la tabla fuera pequena cuando se hicieron sus estadisticas
SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
  v_tablas CONSTANT text[] := ARRAY[
    'extract.ipa', 'extract.capm', 'extract.posmodrf', 'extract.sona', 'extract.derivados',
    'extract.ubs', 'staging.ipa_worktable', 'staging.ipa_cash', 'staging.ipa_final', 'staging.capm_worktable',
    'staging.capm_final', 'staging.posmodrf_worktable', 'staging.posmodrf_final', 'staging.sona_worktable', 'staging.sona_final',
    'staging.derivados_worktable', 'staging.derivados_final', 'staging.ubs_worktable', 'staging.ubs_final', 'staging.pnl_worktable',
    'staging.pnl_final'];
  v_tabla text;
  v_ejecucion record;
  v_filas integer;
  v_borradas integer := 0;
  v_ajenas text;
BEGIN
  IF p_ID_Ejecucion IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_ID_Ejecucion es obligatorio';
  END IF;
  IF p_Maximo IS NULL OR p_Maximo NOT BETWEEN 1 AND 2000 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Maximo debe ser de 1 a 2000';
  END IF;

  SELECT e.id_proceso, p.id_trabajo, e.id_chunk, e.estado INTO v_ejecucion
  FROM logs.Ejecuciones AS e
  LEFT JOIN logs.Procesos AS p ON p.id_proceso = e.id_proceso
  WHERE e.id_ejecucion = p_ID_Ejecucion;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe la ejecucion %s', p_ID_Ejecucion);
  END IF;

  -- el del trabajo solo para cambiar estados: ni el finalizador ni un reintento cuentan mientras tanto. REVERTIDO es para siempre
  IF v_ejecucion.id_trabajo IS NOT NULL AND v_ejecucion.estado <> 'REVERTIDO' THEN
    PERFORM trabajo.sp_Bloquear('carril:trabajo:' || v_ejecucion.id_trabajo, 'Exclusive', 15000);
  END IF;
  PERFORM trabajo.sp_Bloquear(
    CASE WHEN v_ejecucion.id_chunk IS NULL THEN 'carril:backfill' ELSE 'carril:chunk:' || v_ejecucion.id_chunk END,
    'Exclusive', 15000);

  SELECT e.id_proceso, e.id_chunk, e.estado, c.estado AS estado_chunk INTO v_ejecucion
  FROM logs.Ejecuciones AS e
  LEFT JOIN trabajo.Chunks AS c ON c.id_chunk = e.id_chunk
  WHERE e.id_ejecucion = p_ID_Ejecucion;
  IF v_ejecucion.estado_chunk = 'PENDIENTE'
    OR (v_ejecucion.id_chunk IS NULL AND v_ejecucion.estado IN ('PENDIENTE', 'EN_PROGRESO')) THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
      'la ejecucion %s no ha terminado: cancele su proceso o espere a que termine', p_ID_Ejecucion);
  END IF;

  -- los nombres son los de arriba y ninguno mas
  FOREACH v_tabla IN ARRAY v_tablas LOOP
    EXIT WHEN v_borradas = p_Maximo;
    EXECUTE format('DELETE FROM %1$s WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$s WHERE id_ejecucion = $1 LIMIT $2))', v_tabla)
    USING p_ID_Ejecucion, p_Maximo - v_borradas;
    GET DIAGNOSTICS v_filas = ROW_COUNT;
    v_borradas := v_borradas + v_filas;
  END LOOP;

  IF v_ejecucion.estado <> 'REVERTIDO' THEN
    UPDATE logs.Ejecucion_Fondos AS f
    SET
      estado_process_ipa = CASE WHEN f.estado_process_ipa = 'OMITIDO' THEN 'OMITIDO' ELSE 'REVERTIDO' END,
      estado_process_capm = CASE WHEN f.estado_process_capm = 'OMITIDO' THEN 'OMITIDO' ELSE 'REVERTIDO' END,
      estado_process_posmodrf = CASE WHEN f.estado_process_posmodrf = 'OMITIDO' THEN 'OMITIDO' ELSE 'REVERTIDO' END,
      estado_process_sona = CASE WHEN f.estado_process_sona = 'OMITIDO' THEN 'OMITIDO' ELSE 'REVERTIDO' END,
      estado_process_derivados = CASE WHEN f.estado_process_derivados = 'OMITIDO' THEN 'OMITIDO' ELSE 'REVERTIDO' END,
      estado_process_ubs = CASE WHEN f.estado_process_ubs = 'OMITIDO' THEN 'OMITIDO' ELSE 'REVERTIDO' END,
      estado_process_pnl = CASE WHEN f.estado_process_pnl = 'OMITIDO' THEN 'OMITIDO' ELSE 'REVERTIDO' END
    WHERE f.id_ejecucion = p_ID_Ejecucion;
  END IF;

  UPDATE logs.Ejecuciones AS e
  SET
    estado = 'REVERTIDO', etapa_actual = CASE WHEN v_borradas = p_Maximo THEN 'REVIRTIENDO' END,
    fechafin = COALESCE(e.fechafin, clock_timestamp()), fondosexitosos = 0, fondosfallidos = 0,
    fondosomitidos = COALESCE(e.totalfondos, 1)
  WHERE e.id_ejecucion = p_ID_Ejecucion;

  IF v_ejecucion.estado <> 'REVERTIDO' THEN
    PERFORM FROM logs.Procesos AS p
    WHERE p.id_proceso = v_ejecucion.id_proceso AND (p.fechafin IS NOT NULL OR p.id_trabajo IS NULL);
    IF FOUND THEN
      PERFORM logs.sp_Recontar_Proceso(v_ejecucion.id_proceso);
    END IF;
  END IF;

  IF v_borradas < p_Maximo THEN
    SELECT left(string_agg(n.nspname || '.' || t.relname, ', ' ORDER BY n.nspname, t.relname), 2000) INTO v_ajenas
    FROM pg_catalog.pg_class AS t
    INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = t.relnamespace
    INNER JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attname = 'id_ejecucion' AND NOT a.attisdropped
    WHERE n.nspname IN ('extract', 'staging') AND t.relkind IN ('r', 'p')
      AND n.nspname || '.' || t.relname <> ALL (v_tablas);
  END IF;

  RETURN QUERY SELECT v_borradas, v_borradas = p_Maximo, v_ajenas;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Revertir_Ejecucion TO carril_app;
