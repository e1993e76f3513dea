SET LOCAL ROLE carril_dueno;

/*
  The timeline of each fund, stage by stage (document 004's third query), by fund and start. Fin is when the last attempt ended, NULL
  while none has; Duracion_Ms runs from the first start to it, pauses between attempts included, as in 004, and Trabajo_Ms is what
  the attempts took. In a job that is no process's, a chunk takes the place of a fund.

  Returns: many
    ID_Fund        int            null
    FundShortName  nvarchar(100)  null
    Chunk          nvarchar(50)   null  of what has no fund
    Etapa          nvarchar(50)   null
    Inicio         datetime2(3)   not null
    Fin            datetime2(3)   null
    Duracion_Ms    bigint         null
    Trabajo_Ms     bigint         not null
    Espera_Ms      bigint         not null  of it or between attempts: waits that ended
    Intentos       int            not null
    Errores        int            not null
    Abiertos       int            not null  attempts without an end: running, or the worker was killed
  Errors: 50400, 50404
  Touches: dimensionales.BD_Funds read, trabajo.Trabajos read, logs.Procesos read, logs.Ejecuciones read, logs.Trace_Records read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Traza_Linea_Tiempo(
  p_ID_Proceso bigint DEFAULT NULL,
  p_ID_Trabajo bigint DEFAULT NULL
)
RETURNS TABLE (
  ID_Fund integer,
  FundShortName text,
  Chunk text,
  Etapa text,
  Inicio timestamptz,
  Fin timestamptz,
  Duracion_Ms bigint,
  Trabajo_Ms bigint,
  Espera_Ms bigint,
  Intentos integer,
  Errores integer,
  Abiertos integer
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
    l.id_fund, f.fundshortname::text, l.chunk, l.etapa, l.inicio, l.fin,
    (extract(epoch FROM l.fin - l.inicio) * 1000)::bigint, COALESCE(l.trabajo, 0), COALESCE(l.espera, 0), l.intentos,
    l.errores, greatest(l.intentos - l.terminados, 0)
  FROM (
    SELECT
      e.id_fund, c.chunk, e.etapa,
      min(e.timestamp) FILTER (WHERE e.tipo_evento = 'START') AS inicio,
      max(e.timestamp) FILTER (WHERE e.tipo_evento IN ('END', 'ERROR')) AS fin,
      sum(e.duracion_ms) FILTER (WHERE e.tipo_evento IN ('END', 'ERROR')) AS trabajo,
      sum(e.duracion_ms) FILTER (WHERE e.tipo_evento = 'WAIT') AS espera,
      (count(*) FILTER (WHERE e.tipo_evento = 'START'))::integer AS intentos,
      (count(*) FILTER (WHERE e.tipo_evento IN ('END', 'ERROR')))::integer AS terminados,
      (count(*) FILTER (WHERE e.tipo_evento = 'ERROR'))::integer AS errores
    FROM logs.fn_Traza_Eventos(v_raiz.proceso, v_raiz.trabajo) AS e
    -- 'chunk.token', sin el token
    CROSS JOIN LATERAL (SELECT CASE WHEN e.id_fund IS NULL THEN split_part(e.subetapa, '.', 1) END AS chunk) AS c
    GROUP BY e.id_fund, c.chunk, e.etapa
  ) AS l
  LEFT JOIN dimensionales.BD_Funds AS f ON f.id_fund = l.id_fund
  WHERE l.inicio IS NOT NULL
  ORDER BY l.id_fund NULLS LAST, l.inicio, l.chunk, l.etapa;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Traza_Linea_Tiempo TO carril_app, carril_lector;
