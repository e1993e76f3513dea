SET LOCAL ROLE carril_dueno;

/*
  What a process produced for each of its funds in service IPA, by fund name. Accepts what logs.sp_Estado_Proceso accepts. Amounts
  as text with two decimals, rounded half away from zero.

  Returns: many
    FundShortName    nvarchar(100)  not null
    ID_Ejecucion     bigint         not null
    ID_Proceso       bigint         null      null for a run of the old way that has no process yet
    Estado           varchar(50)    not null  of the execution
    Lineas           int            not null
    Lineas_Efectivo  int            not null
    Valor_Total      varchar(40)    not null
    Suma_Pesos       varchar(40)    not null
    Repreciadas      int            not null
  Errors: 50400, 50404
  Touches: trabajo.Chunks read, logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Servicios read, staging.IPA_Final read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Resultados_Proceso(
  p_ID_Proceso bigint
)
RETURNS TABLE (
  FundShortName text,
  ID_Ejecucion bigint,
  ID_Proceso bigint,
  Estado text,
  Lineas integer,
  Lineas_Efectivo integer,
  Valor_Total text,
  Suma_Pesos text,
  Repreciadas integer
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
    f.fundshortname::text, v.id_ejecucion, v.id_proceso, v.estado::text,
    COALESCE(n.lineas, 0)::integer,
    COALESCE(n.lineas_efectivo, 0)::integer,
    round(COALESCE(n.valor_total, 0), 2)::text,
    round(COALESCE(n.suma_pesos, 0), 2)::text,
    COALESCE(n.repreciadas, 0)::integer
  FROM logs.vw_Ejecuciones AS v
  INNER JOIN logs.Ejecucion_Fondos AS f ON f.id_ejecucion = v.id_ejecucion
  CROSS JOIN LATERAL (
    SELECT
      sum(i.lineas) AS lineas,
      sum(i.lineas) FILTER (WHERE i.es_efectivo) AS lineas_efectivo,
      sum(i.valormercado) AS valor_total,
      sum(i.peso) AS suma_pesos,
      sum(i.repreciadas) AS repreciadas
    FROM staging.IPA_Final AS i
    WHERE i.id_ejecucion = f.id_ejecucion AND i.id_fund = f.id_fund
  ) AS n
  WHERE v.id_proceso = v_id OR (v.id_ejecucion = v_id AND v.id_proceso IS NULL)
  ORDER BY f.fundshortname;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Resultados_Proceso TO carril_app, carril_lector;
