SET LOCAL ROLE carril_dueno;

/*
  How many rows each service of a process left for each of its funds, in the order in which they run. Accepts what
  logs.sp_Estado_Proceso accepts. Of the seven: a service of the site's own has its rows in tables of its own.

  Returns: many
    FundShortName  nvarchar(100)  not null
    ID_Ejecucion   bigint         not null
    Servicio       varchar(50)    not null
    Estado         varchar(50)    not null
    Filas          int            not null
  Errors: 50400, 50404
  Touches: logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Servicios read, staging.IPA_Final read, staging.CAPM_Final read, staging.PosModRF_Final read, staging.SONA_Final read, staging.Derivados_Final read, staging.UBS_Final read, staging.PNL_Final read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Resultados_Servicios(
  p_ID_Proceso bigint
)
RETURNS TABLE (
  FundShortName text,
  ID_Ejecucion bigint,
  Servicio text,
  Estado text,
  Filas integer
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
    f.fundshortname::text, f.id_ejecucion, v.servicio::text, v.estado::text,
    (CASE v.servicio
      WHEN 'IPA' THEN (
        SELECT count(*) FROM staging.IPA_Final AS x
        WHERE x.id_ejecucion = f.id_ejecucion AND x.id_fund = f.id_fund)
      WHEN 'CAPM' THEN (
        SELECT count(*) FROM staging.CAPM_Final AS x
        WHERE x.id_ejecucion = f.id_ejecucion AND x.id_fund = f.id_fund)
      WHEN 'PosModRF' THEN (
        SELECT count(*) FROM staging.PosModRF_Final AS x
        WHERE x.id_ejecucion = f.id_ejecucion AND x.id_fund = f.id_fund)
      WHEN 'SONA' THEN (
        SELECT count(*) FROM staging.SONA_Final AS x
        WHERE x.id_ejecucion = f.id_ejecucion AND x.id_fund = f.id_fund)
      WHEN 'Derivados' THEN (
        SELECT count(*) FROM staging.Derivados_Final AS x
        WHERE x.id_ejecucion = f.id_ejecucion AND x.id_fund = f.id_fund)
      WHEN 'UBS' THEN (
        SELECT count(*) FROM staging.UBS_Final AS x
        WHERE x.id_ejecucion = f.id_ejecucion AND x.id_fund = f.id_fund)
      WHEN 'PNL' THEN (
        SELECT count(*) FROM staging.PNL_Final AS x
        WHERE x.id_ejecucion = f.id_ejecucion AND x.id_fund = f.id_fund)
      ELSE 0
    END)::integer
  FROM logs.Ejecuciones AS e
  INNER JOIN logs.Ejecucion_Fondos AS f ON f.id_ejecucion = e.id_ejecucion
  INNER JOIN logs.vw_Ejecucion_Servicios AS v ON v.id_ejecucion = f.id_ejecucion AND v.id_fund = f.id_fund
  INNER JOIN logs.Servicios AS o ON o.servicio = v.servicio
  WHERE e.id_proceso = v_id OR (e.id_ejecucion = v_id AND e.id_proceso IS NULL)
  ORDER BY f.fundshortname, o.orden;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Resultados_Servicios TO carril_app, carril_lector;
