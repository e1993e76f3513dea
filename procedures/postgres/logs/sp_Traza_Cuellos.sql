SET LOCAL ROLE carril_dueno;

/*
  The bottlenecks by resource (document 004's second query): what was waited for first, then what took longest. 004 counted every row
  as an access and averaged the zeros of START in; here an access is a START, and durations are those of END and ERROR.

  Returns: many
    Recurso               nvarchar(100)  null
    Total_Accesos         int            not null
    Duracion_Promedio_Ms  int            null  NULL for what was only waited for
    Duracion_Maxima_Ms    int            null
    Duracion_Total_Ms     bigint         not null
    Total_Locks           int            not null  waits on a lock that were seen
    Total_Esperas         int            not null  waits of any kind that ended
    Espera_Ms             bigint         not null  how long they took together
    Errores               int            not null
  Errors: 50400, 50404
  Touches: trabajo.Trabajos read, logs.Procesos read, logs.Ejecuciones read, logs.Trace_Records read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Traza_Cuellos(
  p_ID_Proceso bigint DEFAULT NULL,
  p_ID_Trabajo bigint DEFAULT NULL
)
RETURNS TABLE (
  Recurso text,
  Total_Accesos integer,
  Duracion_Promedio_Ms integer,
  Duracion_Maxima_Ms integer,
  Duracion_Total_Ms bigint,
  Total_Locks integer,
  Total_Esperas integer,
  Espera_Ms bigint,
  Errores integer
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_raiz record;
BEGIN
  SELECT r.p_id_raiz_proceso AS proceso, r.p_id_raiz_trabajo AS trabajo INTO v_raiz
  FROM logs.sp_Traza_Resolver(p_ID_Proceso, p_ID_Trabajo) AS r;

  RETURN QUERY
  SELECT
    r.recurso, r.accesos, (r.duracion / NULLIF(r.terminados, 0))::integer, r.maxima, COALESCE(r.duracion, 0), r.locks,
    r.esperas, COALESCE(r.espera, 0), r.errores
  FROM (
    SELECT
      e.recurso,
      (count(*) FILTER (WHERE e.tipo_evento = 'START'))::integer AS accesos,
      (count(e.duracion_ms) FILTER (WHERE e.tipo_evento IN ('END', 'ERROR'))) AS terminados,
      max(e.duracion_ms) FILTER (WHERE e.tipo_evento IN ('END', 'ERROR')) AS maxima,
      (sum(e.duracion_ms) FILTER (WHERE e.tipo_evento IN ('END', 'ERROR'))) AS duracion,
      (count(*) FILTER (WHERE e.tipo_evento = 'LOCK'))::integer AS locks,
      (count(*) FILTER (WHERE e.tipo_evento = 'WAIT'))::integer AS esperas,
      (sum(e.duracion_ms) FILTER (WHERE e.tipo_evento = 'WAIT')) AS espera,
      (count(*) FILTER (WHERE e.tipo_evento = 'ERROR'))::integer AS errores
    FROM logs.fn_Traza_Eventos(v_raiz.proceso, v_raiz.trabajo) AS e
    GROUP BY e.recurso
  ) AS r
  ORDER BY r.locks DESC, COALESCE(r.duracion / NULLIF(r.terminados, 0), 0) DESC, r.recurso;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Traza_Cuellos TO carril_app, carril_lector;
