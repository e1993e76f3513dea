SET LOCAL ROLE carril_dueno;

/*
  How many jobs of the given kinds (none given: of any kind) have not ended. A worker leaves for want of work only at 0.
  LO_PROCESOS and LOGS_SECUENCIAL do not count: no worker has anything to do for them.

  Returns: one
    Vivos  int  not null
  Errors: none
  Touches: trabajo.Trabajos read
  Batch: none
  Entry: carril_app
  Since: 018
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Trabajos_Vivos(
  p_Tipos jsonb DEFAULT '[]'
)
RETURNS TABLE (
  Vivos integer
)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT count(*)::integer
  FROM trabajo.Trabajos AS t
  WHERE t.estado = 'EN_PROGRESO' AND t.tipo NOT IN ('LO_PROCESOS', 'LOGS_SECUENCIAL')
    AND (p_Tipos = '[]' OR p_Tipos @> jsonb_build_array(jsonb_build_object('Tipo', t.tipo)));
$$;
GRANT EXECUTE ON FUNCTION trabajo.sp_Trabajos_Vivos TO carril_app;
