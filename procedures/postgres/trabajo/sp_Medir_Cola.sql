SET LOCAL ROLE carril_dueno;

/*
  The queue as trabajo.vw_Cola has it, for who may only call procedures.

  Returns: many
    Tipo         varchar(50)  not null
    Reclamables  int          not null  could be claimed now
    En_Espera    int          not null  wait for their time
    En_Progreso  int          not null  held
    Vencidos     int          not null  held, and expired
  Errors: none
  Touches: trabajo.Chunks read, trabajo.Trabajos read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Medir_Cola()
RETURNS TABLE (
  Tipo text,
  Reclamables integer,
  En_Espera integer,
  En_Progreso integer,
  Vencidos integer
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT v.tipo::text, v.reclamables::integer, v.en_espera::integer, v.en_progreso::integer, v.vencidos::integer
  FROM trabajo.vw_Cola AS v
  ORDER BY v.tipo;
END
$$;
GRANT EXECUTE ON FUNCTION trabajo.sp_Medir_Cola TO carril_app, carril_lector;
