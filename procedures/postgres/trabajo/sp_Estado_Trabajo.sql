SET LOCAL ROLE carril_dueno;

/*
  A job, its counts and its ETA: live while it runs, as its finalizer wrote them afterwards. Chunks that were split (Omitidos) count
  neither in Total nor in the weights: their halves do.

  The ETA comes from the job's newest 100 completions: the weight of those after the oldest of them, by the time from that one
  until now; when all ended at one instant, their weight by the time since the first of them began. So the rate of a job that
  stands still sinks.

  Returns: one
    ID_Trabajo     bigint         not null
    Tipo           varchar(50)    not null
    Clave          nvarchar(200)  null
    Parametros     nvarchar(max)  null
    Estado         varchar(50)    not null
    Cancelado      bit            not null
    FechaCreacion  datetime2(3)   not null
    FechaFin       datetime2(3)   null
    Total          int            not null
    Pendientes     int            not null  free, waiting for their time, or with an expired lease
    EnProgreso     int            not null  under a lease that has not expired
    Completados    int            not null
    Fallidos       int            not null
    Cancelados     int            not null
    Omitidos       int            not null  split into two others
    Peso_Total     float          not null
    Peso_Restante  float          not null  of what has not ended
    Peso_Por_s     float          null      null when nothing has completed or the job has ended
    Faltan_s       int            null      seconds to go at that rate
    Ultimo_Fin     datetime2(3)   null      of the newest completion
  Errors: 50400, 50404
  Touches: trabajo.Trabajos read, trabajo.Chunks read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 021
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Estado_Trabajo(
  p_ID_Trabajo bigint
)
RETURNS TABLE (
  ID_Trabajo bigint,
  Tipo text,
  Clave text,
  Parametros text,
  Estado text,
  Cancelado boolean,
  FechaCreacion timestamptz,
  FechaFin timestamptz,
  Total integer,
  Pendientes integer,
  EnProgreso integer,
  Completados integer,
  Fallidos integer,
  Cancelados integer,
  Omitidos integer,
  Peso_Total double precision,
  Peso_Restante double precision,
  Peso_Por_s double precision,
  Faltan_s integer,
  Ultimo_Fin timestamptz
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- los indices, aunque las tablas fueran pequenas cuando la sesion preparo el plan
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
#variable_conflict use_column
DECLARE
  v_ahora timestamptz(3) := clock_timestamp();
  v_fin timestamptz;
  v_total double precision;
  v_restante double precision;
  v_ultimo_fin timestamptz;
  v_peso_por_s double precision;
BEGIN
  IF p_ID_Trabajo IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_ID_Trabajo es obligatorio';
  END IF;
  SELECT t.fechafin INTO v_fin FROM trabajo.Trabajos AS t WHERE t.id_trabajo = p_ID_Trabajo;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe el trabajo %s', p_ID_Trabajo);
  END IF;

  SELECT
    COALESCE(sum(c.peso) FILTER (WHERE c.estado <> 'OMITIDO'), 0)::double precision,
    COALESCE(sum(c.peso) FILTER (WHERE c.estado = 'PENDIENTE'), 0)::double precision,
    max(c.fin) FILTER (WHERE c.estado = 'COMPLETADO')
  INTO v_total, v_restante, v_ultimo_fin
  FROM trabajo.Chunks AS c
  WHERE c.id_trabajo = p_ID_Trabajo;

  IF v_fin IS NULL AND v_ultimo_fin IS NOT NULL THEN
    WITH ultimos AS MATERIALIZED (
      SELECT c.inicio, c.fin, c.peso
      FROM trabajo.Chunks AS c
      WHERE c.id_trabajo = p_ID_Trabajo AND c.estado = 'COMPLETADO' AND c.fin IS NOT NULL
      ORDER BY c.fin DESC
      LIMIT 100
    ), desde AS (
      -- con un solo instante no hay intervalo: se mide desde que empezaron
      SELECT
        min(u.fin) = v_ultimo_fin AS uno,
        CASE WHEN min(u.fin) < v_ultimo_fin THEN min(u.fin) ELSE min(u.inicio) END AS momento
      FROM ultimos AS u
    )
    SELECT sum(u.peso)::double precision / extract(epoch FROM v_ahora - d.momento)
    INTO v_peso_por_s
    FROM ultimos AS u
    CROSS JOIN desde AS d
    WHERE (d.uno OR u.fin > d.momento) AND d.momento < v_ahora
    GROUP BY d.momento;
  END IF;

  RETURN QUERY
  SELECT
    v.id_trabajo, v.tipo::text, v.clave::text, v.parametros, v.estado::text, v.cancelado, v.fechacreacion, v.fechafin,
    v.total, v.pendientes, v.enprogreso, v.completados, v.fallidos, v.cancelados, v.omitidos, v_total, v_restante, v_peso_por_s,
    -- lo que no cabe en un integer son decadas
    CASE
      WHEN v_restante < 2147483647 * v_peso_por_s THEN ceil(v_restante / v_peso_por_s)
      WHEN v_peso_por_s > 0 THEN 2147483647
    END::integer,
    v_ultimo_fin
  FROM trabajo.vw_Trabajos AS v
  WHERE v.id_trabajo = p_ID_Trabajo;
END
$$;
GRANT EXECUTE ON FUNCTION trabajo.sp_Estado_Trabajo TO carril_app, carril_lector;
