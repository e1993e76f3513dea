SET LOCAL ROLE carril_dueno;

/*
  The trace records of a process, or of a job that is no process's, a page at a time in the order of their time: the next page goes on
  after the last row's Timestamp and ID_Trace. A record that a repeated bulk load brought in twice comes twice.

  Returns: many
    ID_Trace       bigint         not null
    ID_Ejecucion   bigint         null
    ID_Fund        int            null
    FundShortName  nvarchar(100)  null
    Timestamp      datetime2(3)   not null
    Etapa          nvarchar(50)   null
    SubEtapa       nvarchar(50)   null
    Tipo_Evento    nvarchar(20)   not null
    Recurso        nvarchar(100)  null
    Duracion_Ms    int            null
    Metadata       nvarchar(max)  null
    Thread_ID      int            null
  Errors: 50400, 50404
  Touches: dimensionales.BD_Funds read, trabajo.Trabajos read, logs.Procesos read, logs.Ejecuciones read, logs.Trace_Records read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Traza_Registros(
  p_ID_Proceso bigint DEFAULT NULL,
  p_ID_Trabajo bigint DEFAULT NULL,
  p_Desde timestamptz DEFAULT NULL,
  p_Despues_De bigint DEFAULT 0,
  p_Maximo integer DEFAULT 2000
)
RETURNS TABLE (
  ID_Trace bigint,
  ID_Ejecucion bigint,
  ID_Fund integer,
  FundShortName text,
  "timestamp" timestamptz,
  Etapa text,
  SubEtapa text,
  Tipo_Evento text,
  Recurso text,
  Duracion_Ms integer,
  Metadata text,
  Thread_ID integer
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_raiz record;
  v_desde timestamptz := COALESCE(p_Desde, '-infinity');
BEGIN
  IF p_Maximo IS NULL OR p_Maximo NOT BETWEEN 1 AND 10000 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Maximo debe estar entre 1 y 10000';
  END IF;
  SELECT r.p_id_raiz_proceso AS proceso, r.p_id_raiz_trabajo AS trabajo INTO v_raiz
  FROM logs.sp_Traza_Resolver(p_ID_Proceso, p_ID_Trabajo) AS r;

  -- de los dos, uno es NULL: cada uno por su indice
  IF v_raiz.proceso IS NOT NULL THEN
    RETURN QUERY
    SELECT
      t.id_trace, t.id_ejecucion, t.id_fund, f.fundshortname::text, t.timestamp, t.etapa::text, t.subetapa::text,
      t.tipo_evento::text, t.recurso::text, t.duracion_ms, t.metadata, t.thread_id
    FROM logs.Trace_Records AS t
    LEFT JOIN dimensionales.BD_Funds AS f ON f.id_fund = t.id_fund
    WHERE t.id_proceso = v_raiz.proceso AND (t.timestamp, t.id_trace) > (v_desde, p_Despues_De)
    ORDER BY t.timestamp, t.id_trace
    LIMIT p_Maximo;
  ELSE
    RETURN QUERY
    SELECT
      t.id_trace, t.id_ejecucion, t.id_fund, f.fundshortname::text, t.timestamp, t.etapa::text, t.subetapa::text,
      t.tipo_evento::text, t.recurso::text, t.duracion_ms, t.metadata, t.thread_id
    FROM logs.Trace_Records AS t
    LEFT JOIN dimensionales.BD_Funds AS f ON f.id_fund = t.id_fund
    WHERE t.id_trabajo = v_raiz.trabajo AND t.id_proceso IS NULL AND (t.timestamp, t.id_trace) > (v_desde, p_Despues_De)
    ORDER BY t.timestamp, t.id_trace
    LIMIT p_Maximo;
  END IF;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Traza_Registros TO carril_app, carril_lector;
