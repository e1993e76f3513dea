SET LOCAL ROLE carril_dueno;

/*
  What the backfill could not assign, counted by table and reason; the rows themselves are in logs.Backfill_Apartados.

  Returns: many
    Tabla   nvarchar(257)  not null
    Motivo  varchar(30)    not null
    Filas   bigint         not null
  Errors: none
  Touches: logs.Backfill_Apartados read
  Batch: none
  Entry: carril_dba, carril_lector
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Backfill_Listar_Apartados()
RETURNS TABLE (
  Tabla text,
  Motivo text,
  Filas bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT a.tabla::text, a.motivo::text, count(*)
  FROM logs.Backfill_Apartados AS a
  GROUP BY a.tabla, a.motivo
  ORDER BY a.tabla, a.motivo;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Backfill_Listar_Apartados TO carril_dba, carril_lector;
