-- la sesion de eventos se llama como la conexion que la creo: mientras esta vive, nadie la barre
SELECT CONCAT(N'carril_sonda_', s.session_id, N'_',
  REPLACE(REPLACE(REPLACE(CONVERT(varchar(23), s.login_time, 126), '-', ''), ':', ''), '.', '')) AS nombre
FROM sys.dm_exec_sessions AS s
WHERE s.session_id = @@SPID;
