SET LOCAL ROLE carril_dueno;

/*
  The two triggers of a rollout (document 002, "Rollback Plan"), computed from the logs. FALLOS: of the hierarchical executions
  that ended within @Horas, more than @Fallos_Pct per cent failed. DURACION: the hierarchical processes that completed within
  @Dias took more than @Duracion_Pct per cent of the baseline, the newest 20 legacy processes that completed. Durations are
  seconds a fund (the processes' time over their funds), so that a rollout of some funds compares with runs of all of them.

  Returns: many
    Disparador  varchar(20)  not null  FALLOS or DURACION
    Dispara     bit          not null
    Valor       float        null      per cent; null without anything to judge, or without a baseline
    Umbral      float        not null  per cent above which it fires
    Muestras    int          not null  executions (FALLOS) or processes (DURACION) that were judged
    Actual      float        null      failed executions, or seconds a fund
    Base        float        null      seconds a fund of the baseline
  Errors: 50400
  Touches: logs.Procesos read, logs.Ejecuciones read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Revisar_Despliegue(
  p_Horas integer DEFAULT 2,
  p_Dias integer DEFAULT 7,
  p_Fallos_Pct integer DEFAULT 50,
  p_Duracion_Pct integer DEFAULT 120
)
RETURNS TABLE (
  Disparador text,
  Dispara boolean,
  Valor double precision,
  Umbral double precision,
  Muestras integer,
  Actual double precision,
  Base double precision
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_ahora timestamptz := clock_timestamp();
BEGIN
  IF COALESCE(p_Horas, 0) < 1 OR COALESCE(p_Dias, 0) < 1 OR COALESCE(p_Fallos_Pct, 0) < 1
    OR COALESCE(p_Duracion_Pct, 0) < 1 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400',
      MESSAGE = 'p_Horas, p_Dias, p_Fallos_Pct y p_Duracion_Pct deben ser 1 o mas';
  END IF;

  RETURN QUERY
  WITH ejecuciones AS (
    -- un proceso dura como mucho un dia: el indice de FechaInicio acota lo que se lee
    SELECT count(*) AS total, count(*) FILTER (WHERE e.estado IN ('ERROR', 'COMPLETADO_CON_ERRORES')) AS fallidas
    FROM logs.Procesos AS p
    INNER JOIN logs.Ejecuciones AS e ON e.id_proceso = p.id_proceso
    WHERE p.arquitectura = 'JERARQUICA' AND p.fechainicio >= v_ahora - (p_Horas + 24) * interval '1 hour'
      AND e.fechafin >= v_ahora - p_Horas * interval '1 hour'
  ), actual AS (
    SELECT
      count(*) AS procesos,
      (sum(extract(epoch FROM p.fechafin - p.fechainicio)) / sum(p.totalfondos))::double precision AS por_fondo
    FROM logs.Procesos AS p
    WHERE p.arquitectura = 'JERARQUICA' AND p.fechainicio >= v_ahora - p_Dias * interval '1 day'
      AND p.estado IN ('COMPLETADO', 'COMPLETADO_CON_ERRORES') AND p.totalfondos > 0
  ), base AS (
    SELECT (sum(extract(epoch FROM x.fin - x.inicio)) / sum(x.fondos))::double precision AS por_fondo
    FROM (
      -- los tiempos de una corrida heredada estan en su ejecucion compartida
      SELECT e.fechainicio AS inicio, e.fechafin AS fin, e.totalfondos AS fondos
      FROM logs.Procesos AS p
      INNER JOIN logs.Ejecuciones AS e ON e.id_proceso = p.id_proceso AND e.id_fund IS NULL
      WHERE p.arquitectura = 'LEGADO' AND e.estado IN ('COMPLETADO', 'COMPLETADO_CON_ERRORES')
        AND e.fechafin > e.fechainicio AND e.totalfondos > 0
      ORDER BY p.fechainicio DESC, p.id_proceso DESC
      LIMIT 20
    ) AS x
  )
  SELECT
    'FALLOS', COALESCE(100.0 * e.fallidas / nullif(e.total, 0) > p_Fallos_Pct, false),
    (100.0 * e.fallidas / nullif(e.total, 0))::double precision, p_Fallos_Pct::double precision, e.total::integer,
    e.fallidas::double precision, NULL::double precision
  FROM ejecuciones AS e
  UNION ALL
  SELECT
    'DURACION', COALESCE(100 * a.por_fondo / b.por_fondo > p_Duracion_Pct, false), 100 * a.por_fondo / b.por_fondo,
    p_Duracion_Pct::double precision, a.procesos::integer, a.por_fondo, b.por_fondo
  FROM actual AS a
  CROSS JOIN base AS b;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Revisar_Despliegue TO carril_app, carril_lector;
