SET LOCAL ROLE carril_dueno;

/*
  One review of a log: that job, or the newest of the file with that path (then Bloques and Firmas are the whole file's), or,
  with neither, the newest of all.

  Returns: one
    ID_Trabajo     bigint          not null
    Tipo           varchar(50)     not null
    Ruta           nvarchar(400)   not null
    ID_Archivo     bigint          not null
    Estado         varchar(50)     not null
    Desde          bigint          not null
    Hasta          bigint          not null
    Bloques        int             not null
    Firmas         int             not null  groups of sp_Informe_Bloques: signature and level
    FechaCreacion  datetime2(3)    not null
    FechaFin       datetime2(3)    null
    Ultimo_Error   nvarchar(4000)  null      of the first chunk that failed, or of the sequential review
  Errors: 50400, 50404
  Touches: trabajo.Chunks read, trabajo.Trabajos read, logs.Archivos read, logs.Bloques_Error read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 022
*/
CREATE OR REPLACE FUNCTION logs.sp_Resumen_Revision(
  p_ID_Trabajo bigint DEFAULT NULL,
  p_Ruta text DEFAULT NULL
)
RETURNS TABLE (
  ID_Trabajo bigint,
  Tipo text,
  Ruta text,
  ID_Archivo bigint,
  Estado text,
  Desde bigint,
  Hasta bigint,
  Bloques integer,
  Firmas integer,
  FechaCreacion timestamptz,
  FechaFin timestamptz,
  Ultimo_Error text
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_id bigint;
  v_archivo bigint;
BEGIN
  IF p_ID_Trabajo IS NOT NULL AND p_Ruta IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'uno de los dos, p_ID_Trabajo o p_Ruta, o ninguno';
  END IF;

  IF p_Ruta IS NOT NULL THEN
    SELECT a.id_archivo, COALESCE(u.id_trabajo, t.id_trabajo) INTO v_archivo, v_id
    FROM logs.Archivos AS a
    LEFT JOIN trabajo.Trabajos AS u ON u.id_trabajo = a.id_ultimo_trabajo
    LEFT JOIN trabajo.Trabajos AS t ON t.id_trabajo = a.id_trabajo
    WHERE a.ruta = p_Ruta
    ORDER BY a.id_archivo DESC
    LIMIT 1;
  ELSIF p_ID_Trabajo IS NOT NULL THEN
    SELECT t.id_trabajo INTO v_id
    FROM trabajo.Trabajos AS t
    WHERE t.id_trabajo = p_ID_Trabajo AND t.tipo IN ('LOGS', 'LOGS_SECUENCIAL');
  ELSE
    SELECT max(t.id_trabajo) INTO v_id
    FROM logs.Archivos AS a
    INNER JOIN trabajo.Trabajos AS t ON t.id_trabajo = a.id_ultimo_trabajo;
  END IF;
  IF v_id IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = 'no hay tal revision de un log';
  END IF;

  -- de las dos mitades, solo una: los bloques del archivo o los del trabajo
  RETURN QUERY
  SELECT
    t.id_trabajo, t.tipo::text, a.ruta::text, a.id_archivo, t.estado::text, (t.parametros::jsonb ->> 'desde')::bigint,
    (t.parametros::jsonb ->> 'hasta')::bigint, n.bloques, n.firmas, t.fechacreacion, t.fechafin,
    CASE WHEN t.tipo = 'LOGS' THEN f.ultimo_error ELSE t.parametros::jsonb ->> 'error' END
  FROM trabajo.Trabajos AS t
  INNER JOIN logs.Archivos AS a ON a.id_archivo = (t.parametros::jsonb ->> 'id_archivo')::bigint
  CROSS JOIN LATERAL (
    SELECT COALESCE(sum(g.veces), 0)::integer AS bloques, count(*)::integer AS firmas
    FROM (
      SELECT count(*) AS veces
      FROM (
        SELECT x.firma, x.nivel FROM logs.Bloques_Error AS x WHERE x.id_trabajo = v_id AND v_archivo IS NULL
        UNION ALL
        SELECT y.firma, y.nivel FROM logs.Bloques_Error AS y WHERE y.id_archivo = v_archivo
      ) AS b
      GROUP BY b.firma, b.nivel
    ) AS g
  ) AS n
  LEFT JOIN LATERAL (
    SELECT c.ultimo_error
    FROM trabajo.Chunks AS c
    WHERE c.id_trabajo = t.id_trabajo AND c.estado = 'ERROR'
    ORDER BY c.orden
    LIMIT 1
  ) AS f ON true
  WHERE t.id_trabajo = v_id;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Resumen_Revision TO carril_app, carril_lector;
