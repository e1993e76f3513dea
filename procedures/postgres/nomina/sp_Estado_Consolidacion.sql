SET LOCAL ROLE carril_dueno;

/*
  How far the consolidation of a closing is: live while it runs, from its metrics afterwards. Progress is by weight; the ETA divides
  what is left by the rate since its beginning. Document 003, progreso_consolidacion and the monitor. Amounts as text.

  Returns: one
    ID_Cierre             bigint          not null
    Cliente               nvarchar(200)   not null
    Mes                   int             not null
    Anno                  int             not null
    Estado                varchar(50)     not null
    Revision_Requerida    bit             not null
    ID_Trabajo            bigint          null
    Empleados             int             not null  rows of the Libro
    Empleados_Procesados  int             not null
    Registros             int             not null  employees and concepts written
    Chunks                int             not null
    Chunks_Completados    int             not null
    Chunks_Fallidos       int             not null
    Tamano_Chunk          int             null
    Porcentaje            float           not null
    Segundos              float           null      since its beginning, or all of it
    Empleados_Por_s       float           null
    Faltan_s              int             null      while it runs
    Discrepancias         int             not null  known before and found
    Total_Haberes         varchar(30)     null      once it has ended, as the two below
    Total_Descuentos      varchar(30)     null
    Liquido_Pagar         varchar(30)     null
    Ultimo_Error          nvarchar(4000)  null      of the first chunk that failed
  Errors: 50400, 50404
  Touches: trabajo.Trabajos read, trabajo.Chunks read, nomina.CierreNomina read, nomina.EmpleadoCierre read, nomina.DiscrepanciaCierre read, nomina.MetricaConsolidacion read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 021
*/
CREATE OR REPLACE FUNCTION nomina.sp_Estado_Consolidacion(
  p_ID_Cierre bigint
)
RETURNS TABLE (
  ID_Cierre bigint,
  Cliente text,
  Mes integer,
  Anno integer,
  Estado text,
  Revision_Requerida boolean,
  ID_Trabajo bigint,
  Empleados integer,
  Empleados_Procesados integer,
  Registros integer,
  Chunks integer,
  Chunks_Completados integer,
  Chunks_Fallidos integer,
  Tamano_Chunk integer,
  Porcentaje double precision,
  Segundos double precision,
  Empleados_Por_s double precision,
  Faltan_s integer,
  Discrepancias integer,
  Total_Haberes text,
  Total_Descuentos text,
  Liquido_Pagar text,
  Ultimo_Error text
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_ahora timestamptz(3) := clock_timestamp();
BEGIN
  IF p_ID_Cierre IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_ID_Cierre es obligatorio';
  END IF;
  PERFORM FROM nomina.CierreNomina AS c WHERE c.id = p_ID_Cierre;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe el cierre %s', p_ID_Cierre);
  END IF;

  RETURN QUERY
  SELECT
    c.id, c.cliente::text, c.mes, c.anno, c.estado::text, c.revision_requerida, c.id_trabajo,
    (SELECT count(*) FROM nomina.EmpleadoCierre AS e WHERE e.cierre_id = c.id)::integer,
    COALESCE(m.total_empleados, k.empleados, 0), COALESCE(m.registros_creados, k.registros, 0),
    COALESCE(m.chunks_procesados, k.total, 0), COALESCE(m.chunks_exitosos, k.completados, 0), COALESCE(k.fallidos, 0),
    COALESCE(m.chunk_size_utilizado, (t.parametros::jsonb ->> 'chunk_size')::integer),
    COALESCE(x.porcentaje, 0), COALESCE(m.tiempo_total, x.segundos),
    COALESCE(m.throughput_empleados_sec, k.empleados / NULLIF(x.segundos, 0)),
    CASE
      WHEN t.estado = 'EN_PROGRESO' AND x.porcentaje > 0
        THEN least(ceil(x.segundos * (100 - x.porcentaje) / x.porcentaje), 2147483647)::integer
    END,
    (SELECT count(*) FROM nomina.DiscrepanciaCierre AS d WHERE d.cierre_id = c.id)::integer,
    m.total_haberes::text, m.total_descuentos::text, m.liquido_pagar::text, f.ultimo_error::text
  FROM nomina.CierreNomina AS c
  LEFT JOIN trabajo.Trabajos AS t ON t.id_trabajo = c.id_trabajo
  LEFT JOIN nomina.MetricaConsolidacion AS m ON m.cierre_id = c.id
  LEFT JOIN LATERAL (
    SELECT
      count(*) FILTER (WHERE h.estado <> 'OMITIDO')::integer AS total,
      count(*) FILTER (WHERE h.estado = 'COMPLETADO')::integer AS completados,
      count(*) FILTER (WHERE h.estado = 'ERROR')::integer AS fallidos,
      sum((h.dato ->> 'empleados')::integer)::integer AS empleados,
      sum((h.dato ->> 'registros')::integer)::integer AS registros,
      sum(h.peso) FILTER (WHERE h.estado <> 'OMITIDO') AS peso,
      COALESCE(sum(h.peso) FILTER (WHERE h.estado = 'COMPLETADO'), 0) AS hecho
    FROM (
      SELECT y.estado, y.peso, CASE WHEN y.estado = 'COMPLETADO' THEN y.resultado::jsonb END AS dato
      FROM trabajo.Chunks AS y
      WHERE y.id_trabajo = c.id_trabajo
    ) AS h
  ) AS k ON true
  CROSS JOIN LATERAL (
    SELECT
      (100 * k.hecho / NULLIF(k.peso, 0))::double precision AS porcentaje,
      extract(epoch FROM COALESCE(t.fechafin, v_ahora) - c.inicio_consolidacion)::double precision AS segundos
  ) AS x
  LEFT JOIN LATERAL (
    SELECT z.ultimo_error
    FROM trabajo.Chunks AS z
    WHERE z.id_trabajo = c.id_trabajo AND z.estado = 'ERROR'
    ORDER BY z.orden
    LIMIT 1
  ) AS f ON true
  WHERE c.id = p_ID_Cierre;
END
$$;
GRANT EXECUTE ON FUNCTION nomina.sp_Estado_Consolidacion TO carril_app, carril_lector;
