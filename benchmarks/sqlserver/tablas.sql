-- por tabla, desde que el servidor arranco: la sonda resta
SELECT
  o.object_id AS id, CONCAT(e.name, N'.', o.name) AS tabla,
  SUM(i.row_lock_wait_count) AS row_lock_waits, SUM(i.row_lock_wait_in_ms) AS row_lock_wait_ms,
  SUM(i.page_lock_wait_count) AS page_lock_waits, SUM(i.page_lock_wait_in_ms) AS page_lock_wait_ms,
  SUM(i.index_lock_promotion_attempt_count) AS promotion_attempts, SUM(i.index_lock_promotion_count) AS promotions,
  SUM(i.leaf_ghost_count) AS ghosts
FROM sys.dm_db_index_operational_stats(DB_ID(), NULL, NULL, NULL) AS i
INNER JOIN sys.objects AS o ON o.object_id = i.object_id
INNER JOIN sys.schemas AS e ON e.schema_id = o.schema_id
WHERE e.name IN (N'extract', N'staging', N'logs', N'trabajo', N'homol', N'dimensionales')
GROUP BY o.object_id, e.name, o.name;
