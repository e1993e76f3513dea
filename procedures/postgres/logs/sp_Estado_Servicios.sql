SET LOCAL ROLE carril_dueno;

/*
  The services of a process, fund by fund in the order in which they run: those that logs.Servicios knows. Accepts what
  logs.sp_Estado_Proceso accepts.

  Returns: many
    ID_Ejecucion   bigint         not null
    ID_Fund        int            not null
    FundShortName  nvarchar(100)  not null
    Servicio       varchar(50)    not null
    Orden          int            not null
    Estado         varchar(50)    not null
  Errors: 50400, 50404
  Touches: logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Servicios read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Estado_Servicios(
  p_ID_Proceso bigint
)
RETURNS TABLE (
  ID_Ejecucion bigint,
  ID_Fund integer,
  FundShortName text,
  Servicio text,
  Orden integer,
  Estado text
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_id bigint := logs.sp_Resolver_Proceso(p_ID_Proceso);
BEGIN
  RETURN QUERY
  SELECT f.id_ejecucion, f.id_fund, f.fundshortname::text, v.servicio::text, s.orden, v.estado::text
  FROM logs.Ejecuciones AS e
  INNER JOIN logs.Ejecucion_Fondos AS f ON f.id_ejecucion = e.id_ejecucion
  INNER JOIN logs.vw_Ejecucion_Servicios AS v ON v.id_ejecucion = f.id_ejecucion AND v.id_fund = f.id_fund
  INNER JOIN logs.Servicios AS s ON s.servicio = v.servicio
  WHERE e.id_proceso = v_id OR (e.id_ejecucion = v_id AND e.id_proceso IS NULL)
  ORDER BY f.id_ejecucion, f.id_fund, s.orden;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Estado_Servicios TO carril_app, carril_lector;
