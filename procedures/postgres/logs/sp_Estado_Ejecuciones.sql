SET LOCAL ROLE carril_dueno;

/*
  The executions of a process, in the order of their IDs. Accepts what logs.sp_Estado_Proceso accepts. A run of the old way that has
  a job is shown by fund, all under its one ID_Ejecucion; one without is one execution without a fund.

  Returns: many
    ID_Ejecucion     bigint          not null
    ID_Fund          int             null
    FundShortName    nvarchar(100)   null
    Estado           varchar(50)     not null
    Servicio_Actual  varchar(50)     null      while it runs; for ERROR the one that failed
    Intento          int             null
    Poseedor         nvarchar(200)   null      who holds its lease
    FechaInicio      datetime2(3)    null
    FechaFin         datetime2(3)    null
    Mensaje_Error    nvarchar(4000)  null
  Errors: 50400, 50404
  Touches: trabajo.Chunks read, logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Servicios read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Estado_Ejecuciones(
  p_ID_Proceso bigint
)
RETURNS TABLE (
  ID_Ejecucion bigint,
  ID_Fund integer,
  FundShortName text,
  Estado text,
  Servicio_Actual text,
  Intento integer,
  Poseedor text,
  FechaInicio timestamptz,
  FechaFin timestamptz,
  Mensaje_Error text
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_id bigint := logs.sp_Resolver_Proceso(p_ID_Proceso);
BEGIN
  RETURN QUERY
  SELECT
    v.id_ejecucion, v.id_fund, v.fundshortname::text, v.estado::text,
    CASE WHEN v.estado = 'ERROR' THEN fallido.servicio ELSE v.servicio_actual END::text, v.intento, v.poseedor::text,
    v.fechainicio, v.fechafin, v.mensaje_error::text
  FROM logs.vw_Ejecuciones AS v
  -- sin servicio marcado (se perdio el trabajador), el primero sin terminar
  LEFT JOIN LATERAL (
    SELECT w.servicio
    FROM logs.vw_Ejecucion_Servicios AS w
    INNER JOIN logs.Servicios AS s ON s.servicio = w.servicio
    WHERE w.id_ejecucion = v.id_ejecucion AND w.id_fund = v.id_fund AND v.estado = 'ERROR'
      AND w.estado NOT IN ('COMPLETADO', 'OMITIDO')
    ORDER BY CASE WHEN w.estado = 'ERROR' THEN 0 ELSE 1 END, s.orden
    LIMIT 1
  ) AS fallido ON true
  WHERE (v.id_proceso = v_id OR (v.id_ejecucion = v_id AND v.id_proceso IS NULL))
    AND NOT (v.id_fund IS NULL AND EXISTS (
      SELECT FROM logs.Procesos AS p WHERE p.id_proceso = v.id_proceso AND p.id_trabajo IS NOT NULL))

  UNION ALL

  SELECT
    f.id_ejecucion, f.id_fund, f.fundshortname::text, d.estado,
    CASE WHEN d.estado IN ('EN_PROGRESO', 'ERROR') THEN servicio.servicio END::text, c.intento, c.poseedor::text,
    COALESCE(f.fechainicio, c.inicio), COALESCE(f.fechafin, c.fin),
    CASE WHEN d.estado <> 'COMPLETADO' THEN COALESCE(f.mensaje_error, c.ultimo_error, extraccion.ultimo_error) END::text
  FROM logs.Procesos AS p
  INNER JOIN logs.Ejecuciones AS e ON e.id_proceso = p.id_proceso AND e.id_fund IS NULL
  INNER JOIN logs.Ejecucion_Fondos AS f ON f.id_ejecucion = e.id_ejecucion
  INNER JOIN trabajo.Chunks AS extraccion ON extraccion.id_trabajo = p.id_trabajo AND extraccion.orden = 0
  LEFT JOIN trabajo.Chunks AS c ON c.id_trabajo = p.id_trabajo AND c.rango_inicio = f.id_fund
  CROSS JOIN LATERAL (
    SELECT CASE
      -- sin chunk: la extraccion no ha terminado, o no termino bien
      WHEN COALESCE(c.estado, extraccion.estado) NOT IN ('PENDIENTE', 'COMPLETADO') THEN COALESCE(c.estado, extraccion.estado)
      WHEN c.estado = 'COMPLETADO' THEN c.estado
      WHEN c.expira >= clock_timestamp() THEN 'EN_PROGRESO'
      ELSE 'PENDIENTE'
    END::text AS estado
  ) AS d
  LEFT JOIN LATERAL (
    SELECT w.servicio
    FROM logs.vw_Ejecucion_Servicios AS w
    INNER JOIN logs.Servicios AS s ON s.servicio = w.servicio
    WHERE w.id_ejecucion = f.id_ejecucion AND w.id_fund = f.id_fund AND w.estado NOT IN ('COMPLETADO', 'OMITIDO')
    ORDER BY CASE WHEN w.estado = 'ERROR' THEN 0 ELSE 1 END, s.orden
    LIMIT 1
  ) AS servicio ON true
  WHERE p.id_proceso = v_id AND p.arquitectura = 'LEGADO'
  ORDER BY 1, 2;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Estado_Ejecuciones TO carril_app, carril_lector;
