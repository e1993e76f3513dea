SET LOCAL ROLE carril_dueno;

/*
  Which funds used the same resource at the same time (document 004's first query), from when each began until it ended, the longest
  first. 004 compared starts less than a second apart; here two overlap when both were running, however far apart they began, and
  Overlap_Ms says for how long. What has no end (still running, a worker that was killed) is left out. In a job that is no process's,
  chunks take the place of funds.

  Returns: many
    Fund1          int            null
    Fund2          int            null
    Nombre1        nvarchar(100)  null  the fund's short name
    Nombre2        nvarchar(100)  null
    Parte1         nvarchar(50)   null  chunk and token
    Parte2         nvarchar(50)   null
    Recurso        nvarchar(100)  null
    Inicio_Fund1   datetime2(3)   not null
    Inicio_Fund2   datetime2(3)   not null
    Diferencia_Ms  int            not null  from one start to the other: what 004 called Overlap_Ms
    Overlap_Ms     int            not null
  Errors: 50400, 50404
  Touches: dimensionales.BD_Funds read, trabajo.Trabajos read, logs.Procesos read, logs.Ejecuciones read, logs.Trace_Records read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Traza_Solapes(
  p_ID_Proceso bigint DEFAULT NULL,
  p_ID_Trabajo bigint DEFAULT NULL,
  p_Maximo integer DEFAULT 1000
)
RETURNS TABLE (
  Fund1 integer,
  Fund2 integer,
  Nombre1 text,
  Nombre2 text,
  Parte1 text,
  Parte2 text,
  Recurso text,
  Inicio_Fund1 timestamptz,
  Inicio_Fund2 timestamptz,
  Diferencia_Ms integer,
  Overlap_Ms integer
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_raiz record;
BEGIN
  IF p_Maximo IS NULL OR p_Maximo NOT BETWEEN 1 AND 100000 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Maximo debe estar entre 1 y 100000';
  END IF;
  SELECT r.p_id_raiz_proceso AS proceso, r.p_id_raiz_trabajo AS trabajo INTO v_raiz
  FROM logs.sp_Traza_Resolver(p_ID_Proceso, p_ID_Trabajo) AS r;

  RETURN QUERY
  -- cada START con lo que le sigue en su intento: su fin, u otro START si no lo tiene
  WITH intervalos AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY i.inicio) AS n, i.id_fund, i.parte, i.recurso, i.inicio, i.fin
    FROM (
      SELECT
        e.id_fund, e.subetapa AS parte, e.recurso, e.tipo_evento, e.timestamp AS inicio,
        lead(e.tipo_evento) OVER intento AS sigue, lead(e.timestamp) OVER intento AS fin
      FROM logs.fn_Traza_Eventos(v_raiz.proceso, v_raiz.trabajo) AS e
      WHERE e.tipo_evento IN ('START', 'END', 'ERROR')
      WINDOW intento AS (
        PARTITION BY e.id_ejecucion, e.subetapa, e.etapa ORDER BY e.timestamp, (e.tipo_evento <> 'START')::integer)
    ) AS i
    WHERE i.tipo_evento = 'START' AND i.sigue IN ('END', 'ERROR') AND i.fin > i.inicio
  ), pares AS (
    SELECT
      CASE WHEN b.id_fund < a.id_fund THEN b.id_fund ELSE a.id_fund END AS fund1,
      CASE WHEN b.id_fund < a.id_fund THEN a.id_fund ELSE b.id_fund END AS fund2,
      CASE WHEN b.id_fund < a.id_fund THEN b.parte ELSE a.parte END AS parte1,
      CASE WHEN b.id_fund < a.id_fund THEN a.parte ELSE b.parte END AS parte2,
      a.recurso,
      CASE WHEN b.id_fund < a.id_fund THEN b.inicio ELSE a.inicio END AS inicio1,
      CASE WHEN b.id_fund < a.id_fund THEN a.inicio ELSE b.inicio END AS inicio2,
      (extract(epoch FROM least(a.fin, b.fin) - b.inicio) * 1000)::integer AS overlap_ms
    FROM intervalos AS a
    -- b comienza mientras corre a
    INNER JOIN intervalos AS b ON b.recurso = a.recurso AND b.inicio >= a.inicio AND b.inicio < a.fin
    WHERE (b.inicio > a.inicio OR b.n > a.n)
      AND (a.id_fund <> b.id_fund OR (a.id_fund IS NULL AND b.id_fund IS NULL AND a.parte <> b.parte))
  )
  SELECT
    p.fund1, p.fund2, f.fundshortname::text, g.fundshortname::text, p.parte1, p.parte2, p.recurso, p.inicio1, p.inicio2,
    (extract(epoch FROM p.inicio2 - p.inicio1) * 1000)::integer, p.overlap_ms
  FROM pares AS p
  LEFT JOIN dimensionales.BD_Funds AS f ON f.id_fund = p.fund1
  LEFT JOIN dimensionales.BD_Funds AS g ON g.id_fund = p.fund2
  ORDER BY p.overlap_ms DESC, p.inicio1, p.fund1, p.fund2, p.recurso
  LIMIT p_Maximo;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Traza_Solapes TO carril_app, carril_lector;
