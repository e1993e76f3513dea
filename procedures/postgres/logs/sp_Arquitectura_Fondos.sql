SET LOCAL ROLE carril_dueno;

/*
  The way each of these funds runs from now on, by name; of none given, that of all that are Active and Incluir_En_Cubo. A process
  that has started keeps its own.

  Returns: many
    FundShortName  nvarchar(100)  not null
    Arquitectura   varchar(20)    not null  LEGADO or JERARQUICA
    Propia         bit            not null  a setting of the fund itself; else the general one
    FechaCambio    datetime2(3)   null
    Usuario        nvarchar(100)  null
  Errors: none
  Touches: dimensionales.BD_Funds read, logs.Ajustes read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 014
*/
CREATE OR REPLACE FUNCTION logs.sp_Arquitectura_Fondos(p_Fondos jsonb DEFAULT '[]')
RETURNS TABLE (
  FundShortName text,
  Arquitectura text,
  Propia boolean,
  FechaCambio timestamptz,
  Usuario text
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT a.fundshortname::text, a.arquitectura::text, a.propia, a.fechacambio, a.usuario::text
  FROM logs.vw_Arquitectura_Fondos AS a
  WHERE CASE WHEN jsonb_array_length(p_Fondos) = 0 THEN a.active AND a.incluir_en_cubo
    ELSE EXISTS (
      SELECT FROM jsonb_to_recordset(p_Fondos) AS x ("FundShortName" text) WHERE x."FundShortName" = a.fundshortname)
    END
  ORDER BY a.fundshortname;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Arquitectura_Fondos TO carril_app, carril_lector;
