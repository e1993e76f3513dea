-- las diez sentencias que mas tiempo llevan en esta base, con su plan, que dice tambien los indices que echa en falta
SELECT TOP (10)
  SUBSTRING(t.text, q.statement_start_offset / 2 + 1,
    (CASE WHEN q.statement_end_offset = -1 THEN DATALENGTH(t.text) ELSE q.statement_end_offset END
      - q.statement_start_offset) / 2 + 1) AS texto,
  OBJECT_SCHEMA_NAME(t.objectid, t.dbid) + N'.' + OBJECT_NAME(t.objectid, t.dbid) AS procedimiento,
  q.execution_count AS veces, q.total_elapsed_time / 1000.0 AS total_ms, q.max_elapsed_time / 1000.0 AS max_ms,
  q.total_worker_time / 1000.0 AS cpu_ms, q.total_logical_reads AS lecturas, q.total_rows AS filas,
  CAST(p.query_plan AS nvarchar(max)) AS plan_xml
FROM sys.dm_exec_query_stats AS q
CROSS APPLY sys.dm_exec_sql_text(q.sql_handle) AS t
OUTER APPLY sys.dm_exec_query_plan(q.plan_handle) AS p
WHERE t.dbid = DB_ID()
ORDER BY q.total_elapsed_time DESC;
