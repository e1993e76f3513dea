-- las que dejo una corrida que mataron: su conexion ya no existe
SELECT e.name AS nombre
FROM sys.database_event_sessions AS e
WHERE e.name LIKE N'carril[_]sonda[_]%'
  AND NOT EXISTS (
    SELECT 1
    FROM sys.dm_exec_sessions AS s
    WHERE e.name = CONCAT(N'carril_sonda_', s.session_id, N'_',
      REPLACE(REPLACE(REPLACE(CONVERT(varchar(23), s.login_time, 126), '-', ''), ':', ''), '.', '')));
