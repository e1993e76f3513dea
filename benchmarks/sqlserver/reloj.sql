-- la hora del servidor, que es la de los eventos
SELECT CONVERT(varchar(30), SYSUTCDATETIME(), 126) + 'Z' AS ahora;
