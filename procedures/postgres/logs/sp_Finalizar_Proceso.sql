SET LOCAL ROLE carril_dueno;

/*
  Ends a process whose chunks have all ended; to be tried after every commit that ends a chunk and on every idle poll. A cheap
  look without a lock comes first; then the job's lock Exclusive, a recount, and in one commit: executions whose chunk ended
  without them (expired for the last time, cancelled) get its state, the process its state and counters, the job its end. Whoever
  comes second finds it done. Accepts the ID of the process or of one of its executions.

  Of a run of the old way the funds are its chunks: their ends go to the funds' rows, and the state and the counts to the shared
  execution too, over what the lanes counted last.

  CANCELADO when an execution was cancelled; ERROR when all failed; COMPLETADO_CON_ERRORES when some did; REVERTIDO when all were
  rolled back by then; else COMPLETADO.

  Returns: one
    Estado          varchar(50)  not null
    Finalizado      bit          not null  this call ended it
    TotalFondos     int          not null
    FondosExitosos  int          not null
    FondosFallidos  int          not null
    FondosOmitidos  int          not null  skipped, cancelled or rolled back
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: trabajo.Chunks write, trabajo.Trabajos write, logs.Ejecucion_Fondos write, logs.Ejecuciones write, logs.Procesos write
  Batch: 2000
  Entry: carril_app
  Since: 021
*/
CREATE OR REPLACE FUNCTION logs.sp_Finalizar_Proceso(
  p_ID_Proceso bigint
)
RETURNS TABLE (
  Estado text,
  Finalizado boolean,
  TotalFondos integer,
  FondosExitosos integer,
  FondosFallidos integer,
  FondosOmitidos integer
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_id bigint := logs.sp_Resolver_Proceso(p_ID_Proceso);
  v_trabajo bigint;
  v_fin timestamptz;
  v_cancelado boolean;
  v_finalizado boolean := false;
  v_arquitectura text;
BEGIN
  SELECT p.id_trabajo, p.fechafin, p.arquitectura, t.cancelado
  INTO v_trabajo, v_fin, v_arquitectura, v_cancelado
  FROM logs.Procesos AS p
  INNER JOIN trabajo.Trabajos AS t ON t.id_trabajo = p.id_trabajo
  WHERE p.id_proceso = v_id;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409',
      MESSAGE = 'un proceso de la arquitectura anterior no tiene trabajo: lo termina quien lo corre';
  END IF;

  -- sin candado: casi siempre queda algo, y entonces no se molesta a nadie. El recuento, con el candado, decide
  IF v_fin IS NULL AND (v_cancelado OR trabajo.sp_Restantes(v_trabajo) = 0) THEN
    PERFORM trabajo.sp_Bloquear('carril:trabajo:' || v_trabajo, 'Exclusive', 15000);

    -- otra vez, con el candado: pudieron cancelarlo mientras se esperaba
    PERFORM FROM trabajo.Trabajos AS t WHERE t.id_trabajo = v_trabajo AND t.estado = 'EN_PROGRESO' AND t.cancelado;
    IF FOUND THEN
      PERFORM trabajo.sp_Barrer_Cancelado(v_trabajo);
    END IF;
    v_finalizado := (trabajo.sp_Cerrar_Trabajo(v_trabajo)).p_cerrado;

    IF v_finalizado AND v_arquitectura = 'LEGADO' THEN
      -- los fondos que no llegaron a tener chunk acaban como la extraccion
      WITH fondos AS (
        SELECT
          f.id_ejecucion, f.id_fund, c.fin, c.ultimo_error,
          CASE WHEN c.estado = 'COMPLETADO' AND NOT EXISTS (
            SELECT FROM logs.vw_Ejecucion_Servicios AS v
            WHERE v.id_ejecucion = f.id_ejecucion AND v.id_fund = f.id_fund AND v.estado = 'COMPLETADO'
          ) THEN 'OMITIDO' ELSE c.estado END AS estado
        FROM logs.Ejecuciones AS e
        INNER JOIN logs.Ejecucion_Fondos AS f ON f.id_ejecucion = e.id_ejecucion
        CROSS JOIN LATERAL (
          SELECT c.* FROM trabajo.Chunks AS c
          WHERE c.id_trabajo = v_trabajo AND (c.rango_inicio = f.id_fund OR c.orden = 0)
          ORDER BY c.orden DESC
          LIMIT 1
        ) AS c
        WHERE e.id_proceso = v_id AND e.id_fund IS NULL
      ), acabados AS (
        UPDATE logs.Ejecucion_Fondos AS f
        SET
          fechafin = x.fin,
          mensaje_error = CASE WHEN x.estado IN ('ERROR', 'CANCELADO') THEN COALESCE(f.mensaje_error, x.ultimo_error)
            ELSE f.mensaje_error END
        FROM fondos AS x
        WHERE f.id_ejecucion = x.id_ejecucion AND f.id_fund = x.id_fund
      ), cuentas AS (
        SELECT
          count(*) AS total,
          count(*) FILTER (WHERE x.estado = 'COMPLETADO') AS exitosos,
          count(*) FILTER (WHERE x.estado = 'ERROR') AS fallidos,
          count(*) FILTER (WHERE x.estado IN ('OMITIDO', 'CANCELADO')) AS omitidos,
          CASE
            WHEN count(*) FILTER (WHERE x.estado = 'CANCELADO') > 0 THEN 'CANCELADO'
            WHEN count(*) FILTER (WHERE x.estado <> 'ERROR') = 0 THEN 'ERROR'
            WHEN count(*) FILTER (WHERE x.estado = 'ERROR') > 0 THEN 'COMPLETADO_CON_ERRORES'
            ELSE 'COMPLETADO'
          END AS estado
        FROM fondos AS x
      ), compartida AS (
        UPDATE logs.Ejecuciones AS e
        SET
          estado = n.estado, etapa_actual = 'FINALIZADO', fechafin = clock_timestamp(), totalfondos = n.total,
          fondosexitosos = n.exitosos, fondosfallidos = n.fallidos, fondosomitidos = n.omitidos
        FROM cuentas AS n
        WHERE e.id_proceso = v_id AND e.id_fund IS NULL
      )
      UPDATE logs.Procesos AS p
      SET
        estado = n.estado, etapa_actual = 'FINALIZADO', fechafin = clock_timestamp(), totalfondos = n.total,
        fondosexitosos = n.exitosos, fondosfallidos = n.fallidos, fondosomitidos = n.omitidos
      FROM cuentas AS n
      WHERE p.id_proceso = v_id;
    ELSIF v_finalizado THEN
      -- las que su chunk dejo atras: vencio por ultima vez, o se cancelo
      WITH dejadas AS (
        UPDATE logs.Ejecucion_Fondos AS f
        SET fechafin = c.fin, mensaje_error = COALESCE(f.mensaje_error, c.ultimo_error)
        FROM logs.Ejecuciones AS e
        INNER JOIN trabajo.Chunks AS c ON c.id_chunk = e.id_chunk
        WHERE f.id_ejecucion = e.id_ejecucion AND f.id_fund = e.id_fund AND e.id_proceso = v_id
          AND e.estado IN ('PENDIENTE', 'EN_PROGRESO') AND c.estado IN ('ERROR', 'CANCELADO')
      )
      UPDATE logs.Ejecuciones AS e
      SET
        estado = c.estado, etapa_actual = NULL, fechafin = c.fin, fondosexitosos = 0,
        fondosfallidos = (c.estado = 'ERROR')::integer, fondosomitidos = (c.estado = 'CANCELADO')::integer
      FROM trabajo.Chunks AS c
      WHERE c.id_chunk = e.id_chunk AND e.id_proceso = v_id AND e.estado IN ('PENDIENTE', 'EN_PROGRESO')
        AND c.estado IN ('ERROR', 'CANCELADO');

      PERFORM logs.sp_Recontar_Proceso(v_id);
    END IF;
  END IF;

  RETURN QUERY
  SELECT v.estado::text, v_finalizado, v.totalfondos, v.fondosexitosos, v.fondosfallidos, v.fondosomitidos
  FROM logs.vw_Procesos AS v
  WHERE v.id_proceso = v_id;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Finalizar_Proceso TO carril_app;
