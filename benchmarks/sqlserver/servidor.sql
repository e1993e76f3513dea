-- acumulados, aunque se llamen "por segundo"
SELECT RTRIM(c.counter_name) AS contador, c.cntr_value AS valor
FROM sys.dm_os_performance_counters AS c
WHERE (c.object_name LIKE N'%:Locks%' AND c.instance_name = N'_Total' AND c.counter_name IN (
    N'Lock Waits/sec', N'Lock Wait Time (ms)', N'Lock Timeouts/sec', N'Number of Deadlocks/sec'))
  OR (c.object_name LIKE N'%:Access Methods%' AND c.counter_name = N'Table Lock Escalations/sec')
  OR (c.object_name LIKE N'%:SQL Statistics%' AND c.counter_name = N'Batch Requests/sec');
