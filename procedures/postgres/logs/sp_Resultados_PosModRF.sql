SET LOCAL ROLE carril_dueno;

/*
  The rows of staging.PosModRF_Final that a process made, of one fund or of all, by fund name. Accepts what logs.sp_Estado_Proceso
  accepts. Amounts as text, with all their decimals.

  Returns: many
    FundShortName        nvarchar(100)  not null
    ID_Ejecucion         bigint         not null
    InvestID             nvarchar(100)  not null
    Descripcion          nvarchar(200)  not null
    Nominal              varchar(40)    not null
    ValorMercado         varchar(40)    not null
    Peso                 varchar(40)    not null
    DuracionModificada   varchar(40)    null
    Contribucion         varchar(40)    null
    Duracion_Fondo       varchar(40)    null
  Errors: 50400, 50404
  Touches: logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.PosModRF_Final read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Resultados_PosModRF(
  p_ID_Proceso bigint,
  p_Fondo text DEFAULT NULL
)
RETURNS TABLE (
  FundShortName text,
  ID_Ejecucion bigint,
  InvestID text,
  Descripcion text,
  Nominal text,
  ValorMercado text,
  Peso text,
  DuracionModificada text,
  Contribucion text,
  Duracion_Fondo text
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
    x.descripcion::text,
    x.nominal::text,
    x.valormercado::text,
    x.peso::text,
    x.duracionmodificada::text,
    x.contribucion::text,
    x.duracion_fondo::text
  FROM logs.Ejecuciones AS e
  INNER JOIN logs.Ejecucion_Fondos AS f ON f.id_ejecucion = e.id_ejecucion
  INNER JOIN staging.PosModRF_Final AS x ON x.id_ejecucion = f.id_ejecucion AND x.id_fund = f.id_fund
  WHERE (e.id_proceso = v_id OR (e.id_ejecucion = v_id AND e.id_proceso IS NULL))
    AND (p_Fondo IS NULL OR f.fundshortname = p_Fondo)
  ORDER BY f.fundshortname, x.investid COLLATE "C";
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Resultados_PosModRF TO carril_app, carril_lector;
