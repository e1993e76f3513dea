SET LOCAL ROLE carril_dueno;

/*
  Ends a consolidation whose chunks have all ended, exactly once: to be tried after every commit that ends a chunk and on every idle
  poll. A cheap look without a lock first, then the job's lock Exclusive, a recount, one commit: the job's end, the closing's state
  and its metrics. Of a cancelled job it first ends what nobody holds.

  State of the closing by the chunks that went well (document 003, determinar_estado_final): all datos_consolidados; from 50 %
  consolidacion_parcial; else error_consolidacion, or error_recursos when a chunk failed for want of memory (its message begins with
  [recursos]). Cancelled: timeout_consolidacion if its time was up, else consolidacion_cancelada. Below 80 % a review is required.

  Returns: one
    Estado      varchar(50)  not null  of the closing; of the job when no closing is left
    Finalizado  bit          not null  this call ended it
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: trabajo.Chunks write, trabajo.Trabajos write, nomina.CierreNomina write, nomina.DiscrepanciaCierre read, nomina.MetricaConsolidacion write
  Batch: 2000
  Entry: carril_app
  Since: 021
*/
CREATE OR REPLACE FUNCTION nomina.sp_Finalizar_Consolidacion(
  p_ID_Trabajo bigint
)
RETURNS TABLE (
  Estado text,
  Finalizado boolean
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_trabajo record;
  v_cierre_trabajo record;
  v_cierre record;
  v_hecho record;
  v_segundos double precision;
  v_recursos boolean;
  v_finalizado boolean := false;
BEGIN
  IF p_ID_Trabajo IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_ID_Trabajo es obligatorio';
  END IF;
  SELECT t.estado, t.tipo, t.cancelado, t.parametros INTO v_trabajo FROM trabajo.Trabajos AS t WHERE t.id_trabajo = p_ID_Trabajo;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe el trabajo %s', p_ID_Trabajo);
  END IF;
  IF v_trabajo.tipo <> 'NOMINA' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
      'el trabajo %s es de tipo %s: no es una consolidacion', p_ID_Trabajo, v_trabajo.tipo);
  END IF;

  -- sin candado: casi siempre queda algo, y entonces no se molesta a nadie
  IF v_trabajo.estado = 'EN_PROGRESO' AND (v_trabajo.cancelado OR trabajo.sp_Restantes(p_ID_Trabajo) = 0) THEN
    PERFORM trabajo.sp_Bloquear('carril:trabajo:' || p_ID_Trabajo, 'Exclusive', 15000);
    -- otra vez, con el candado: pudieron cancelarlo mientras se esperaba
    PERFORM FROM trabajo.Trabajos AS t WHERE t.id_trabajo = p_ID_Trabajo AND t.estado = 'EN_PROGRESO' AND t.cancelado;
    IF FOUND THEN
      PERFORM trabajo.sp_Barrer_Cancelado(p_ID_Trabajo);
    END IF;
    SELECT * INTO v_cierre_trabajo FROM trabajo.sp_Cerrar_Trabajo(p_ID_Trabajo);
    v_finalizado := v_cierre_trabajo.p_cerrado;
  END IF;

  IF v_finalizado THEN
    SELECT c.id, c.inicio_consolidacion AS inicio, c.vencida INTO v_cierre
    FROM nomina.CierreNomina AS c
    WHERE c.id_trabajo = p_ID_Trabajo;
    IF FOUND THEN
      SELECT
        COALESCE(sum((r.dato ->> 'empleados')::integer), 0) AS empleados,
        COALESCE(sum((r.dato ->> 'registros')::integer), 0) AS registros,
        COALESCE(sum((r.dato ->> 'haberes')::numeric), 0) AS haberes,
        COALESCE(sum((r.dato ->> 'descuentos')::numeric), 0) AS descuentos,
        avg(extract(epoch FROM r.fin - r.inicio)) AS por_chunk
      INTO v_hecho
      FROM (
        SELECT c.resultado::jsonb AS dato, c.inicio, c.fin
        FROM trabajo.Chunks AS c
        WHERE c.id_trabajo = p_ID_Trabajo AND c.estado = 'COMPLETADO'
      ) AS r;
      SELECT count(*) > 0 INTO v_recursos
      FROM trabajo.Chunks AS c
      WHERE c.id_trabajo = p_ID_Trabajo AND c.estado = 'ERROR' AND c.ultimo_error LIKE '[recursos]%';
      v_segundos := greatest(extract(epoch FROM clock_timestamp() - v_cierre.inicio), 0.001);

      UPDATE nomina.CierreNomina AS c
      SET
        estado = CASE
          WHEN v_cierre_trabajo.p_estado = 'CANCELADO' AND c.vencida THEN 'timeout_consolidacion'
          WHEN v_cierre_trabajo.p_estado = 'CANCELADO' THEN 'consolidacion_cancelada'
          WHEN v_cierre_trabajo.p_completados = v_cierre_trabajo.p_total THEN 'datos_consolidados'
          WHEN v_cierre_trabajo.p_completados * 100 >= v_cierre_trabajo.p_total * 50 THEN 'consolidacion_parcial'
          WHEN v_recursos THEN 'error_recursos'
          ELSE 'error_consolidacion'
        END,
        revision_requerida = v_cierre_trabajo.p_completados * 100 < v_cierre_trabajo.p_total * 80
      WHERE c.id = v_cierre.id;

      INSERT INTO nomina.MetricaConsolidacion (
        cierre_id, id_trabajo, total_empleados, chunks_procesados, chunks_exitosos, registros_creados, total_discrepancias,
        total_haberes, total_descuentos, liquido_pagar, tiempo_total, tiempo_promedio_chunk, throughput_empleados_sec,
        throughput_registros_sec, chunk_size_utilizado, workers_utilizados)
      SELECT
        v_cierre.id, p_ID_Trabajo, v_hecho.empleados, v_cierre_trabajo.p_total, v_cierre_trabajo.p_completados, v_hecho.registros,
        (SELECT count(*) FROM nomina.DiscrepanciaCierre AS d WHERE d.cierre_id = v_cierre.id AND d.id_trabajo = p_ID_Trabajo),
        v_hecho.haberes, v_hecho.descuentos, v_hecho.haberes - v_hecho.descuentos, v_segundos, v_hecho.por_chunk,
        v_hecho.empleados / v_segundos, v_hecho.registros / v_segundos, (v_trabajo.parametros::jsonb ->> 'chunk_size')::integer,
        (v_trabajo.parametros::jsonb ->> 'lanes')::integer;
    END IF;
  END IF;

  RETURN QUERY
  SELECT COALESCE(c.estado, t.estado)::text, v_finalizado
  FROM trabajo.Trabajos AS t
  LEFT JOIN nomina.CierreNomina AS c ON c.id_trabajo = t.id_trabajo
  WHERE t.id_trabajo = p_ID_Trabajo;
END
$$;
GRANT EXECUTE ON FUNCTION nomina.sp_Finalizar_Consolidacion TO carril_app;
