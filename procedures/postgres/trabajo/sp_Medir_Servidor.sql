SET LOCAL ROLE carril_dueno;

/*
  What the server has counted of deadlocks and waits on locks, whoever met them, and how many sessions of this database wait for a
  lock now. SQL Server counts for the server as a whole, since it started (the performance counters that benchmarks read, too), and
  shows it to who has VIEW SERVER STATE (VIEW DATABASE STATE in Azure SQL Database); to anybody else all three are NULL. PostgreSQL
  counts deadlocks of the database, since its statistics were reset, and no waits.

  Returns: one
    Deadlocks    bigint  null
    Esperas      bigint  null  waits on locks, those that have ended
    Esperando    int     null  sessions that wait at this moment
  Errors: none
  Touches: nothing
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Medir_Servidor()
RETURNS TABLE (
  Deadlocks bigint,
  Esperas bigint,
  Esperando integer
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT
    (SELECT d.deadlocks FROM pg_stat_database AS d WHERE d.datname = current_database()),
    NULL::bigint,
    -- quien espera por una fila espera por una transaccion, que no es de ninguna base: su sesion si
    (SELECT count(DISTINCT l.pid)::integer
     FROM pg_locks AS l
     INNER JOIN pg_stat_activity AS a ON a.pid = l.pid
     WHERE NOT l.granted AND a.datname = current_database());
END
$$;
GRANT EXECUTE ON FUNCTION trabajo.sp_Medir_Servidor TO carril_app, carril_lector;
