SET LOCAL ROLE carril_dueno;

/*
  The rows of staging.PNL_Final that a process made, of one fund or of all, by fund name. Accepts what logs.sp_Estado_Proceso
  accepts. Amounts as text, with all their decimals.

  Returns: many
    FundShortName        nvarchar(100)  not null
    ID_Ejecucion         bigint         not null
    InvestID             nvarchar(100)  not null
    FechaAnterior        date           null
    Cambio_Valor         varchar(40)    not null
    Efecto_Precio        varchar(40)    not null
    Efecto_Cantidad      varchar(40)    not null
  Errors: 50400, 50404
  Touches: logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.PNL_Final read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Resultados_PNL(
  p_ID_Proceso bigint,
  p_Fondo text DEFAULT NULL
)
RETURNS TABLE (
  FundShortName text,
  ID_Ejecucion bigint,
  InvestID text,
  FechaAnterior date,
  Cambio_Valor text,
  Efecto_Precio text,
  Efecto_Cantidad text
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
    f.fundshortname::text, x.id_ejecucion,
    x.investid::text,
    x.fechaanterior,
    x.cambio_valor::text,
    x.efecto_precio::text,
    x.efecto_cantidad::text
  FROM logs.Ejecuciones AS e
  INNER JOIN logs.Ejecucion_Fondos AS f ON f.id_ejecucion = e.id_ejecucion
  INNER JOIN staging.PNL_Final AS x ON x.id_ejecucion = f.id_ejecucion AND x.id_fund = f.id_fund
  WHERE (e.id_proceso = v_id OR (e.id_ejecucion = v_id AND e.id_proceso IS NULL))
    AND (p_Fondo IS NULL OR f.fundshortname = p_Fondo)
  ORDER BY f.fundshortname, x.investid COLLATE "C";
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Resultados_PNL TO carril_app, carril_lector;
