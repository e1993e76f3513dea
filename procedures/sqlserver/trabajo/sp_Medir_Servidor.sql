SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
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
CREATE OR ALTER PROCEDURE trabajo.sp_Medir_Servidor
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Deadlocks bigint, @Esperas bigint, @Esperan int;

  -- un permiso que la version no conoce da NULL
  IF HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER STATE') = 1
    OR HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER PERFORMANCE STATE') = 1
    OR (SERVERPROPERTY('EngineEdition') = 5 AND HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'VIEW DATABASE STATE') = 1)
  BEGIN
    -- acumulados, aunque se llamen "por segundo"
    SELECT
      @Deadlocks = MAX(CASE WHEN c.counter_name = N'Number of Deadlocks/sec' THEN c.cntr_value END),
      @Esperas = MAX(CASE WHEN c.counter_name = N'Lock Waits/sec' THEN c.cntr_value END)
    FROM sys.dm_os_performance_counters AS c
    WHERE c.object_name LIKE N'%:Locks%' AND c.instance_name = N'_Total'
      AND c.counter_name IN (N'Lock Waits/sec', N'Number of Deadlocks/sec');

    SELECT @Esperan = COUNT(DISTINCT l.request_session_id)
    FROM sys.dm_tran_locks AS l
    WHERE l.request_status IN (N'WAIT', N'CONVERT') AND l.resource_database_id = DB_ID();
  END;

  SELECT @Deadlocks AS Deadlocks, @Esperas AS Esperas, @Esperan AS Esperando;
END;
GO
GRANT EXECUTE ON OBJECT::trabajo.sp_Medir_Servidor TO carril_app, carril_lector;
GO
