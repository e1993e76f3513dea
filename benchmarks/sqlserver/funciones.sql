-- el tiempo propio de cada procedimiento de esta base, sin el de los que llama: un EXEC no es una sentencia de estas.
-- Sin procedimiento va lo que llega suelto; todo junto es la CPU que han gastado las sentencias
SELECT OBJECT_SCHEMA_NAME(t.objectid, t.dbid) + N'.' + OBJECT_NAME(t.objectid, t.dbid) AS procedimiento,
  (SELECT SUM(e.execution_count) FROM sys.dm_exec_procedure_stats AS e
    WHERE e.database_id = t.dbid AND e.object_id = t.objectid) AS veces,
  SUM(q.total_elapsed_time) / 1000.0 AS propio_ms, SUM(q.total_worker_time) / 1000.0 AS cpu_ms
FROM sys.dm_exec_query_stats AS q
CROSS APPLY sys.dm_exec_sql_text(q.sql_handle) AS t
WHERE t.dbid = DB_ID()
GROUP BY t.dbid, t.objectid;
