SELECT t.target_name AS objetivo, t.target_data AS datos
FROM sys.dm_xe_database_session_targets AS t
INNER JOIN sys.dm_xe_database_sessions AS s ON s.address = t.event_session_address
WHERE s.name = N'carril_sonda_SESION';
