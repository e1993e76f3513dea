-- carril: respaldo logs.Archivos, logs.Bloques_Error
/*
  Revierte 022. Los bloques y lo leido de cada archivo se pierden; los trabajos quedan, y los que corrian, cancelados: sin sus
  procedimientos nadie podria terminarlos.
*/
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
DECLARE @Filas int = 1;
WHILE @Filas > 0
BEGIN
  UPDATE TOP (2000) c
  SET Estado = 'CANCELADO', Poseedor = NULL, Expira = NULL, No_Antes_De = NULL, Fin = SYSUTCDATETIME()
  FROM trabajo.Chunks AS c
  INNER JOIN trabajo.Trabajos AS t ON t.ID_Trabajo = c.ID_Trabajo
  WHERE t.Tipo = 'LOGS' AND t.Estado = 'EN_PROGRESO' AND c.Estado = 'PENDIENTE';
  SET @Filas = @@ROWCOUNT;
END;

SET @Filas = 1;
WHILE @Filas > 0
BEGIN
  UPDATE TOP (2000) t
  SET
    Estado = 'CANCELADO', Cancelado = 1, FechaFin = SYSUTCDATETIME(), Total = n.Total, Completados = n.Completados,
    Fallidos = n.Fallidos, Cancelados = n.Cancelados, Omitidos = n.Omitidos
  FROM trabajo.Trabajos AS t
  CROSS APPLY (
    SELECT
      COUNT(CASE WHEN c.Estado <> 'OMITIDO' THEN 1 END) AS Total,
      COUNT(CASE WHEN c.Estado = 'COMPLETADO' THEN 1 END) AS Completados,
      COUNT(CASE WHEN c.Estado = 'ERROR' THEN 1 END) AS Fallidos,
      COUNT(CASE WHEN c.Estado = 'CANCELADO' THEN 1 END) AS Cancelados,
      COUNT(CASE WHEN c.Estado = 'OMITIDO' THEN 1 END) AS Omitidos
    FROM trabajo.Chunks AS c
    WHERE c.ID_Trabajo = t.ID_Trabajo
  ) AS n
  WHERE t.Tipo IN ('LOGS', 'LOGS_SECUENCIAL') AND t.Estado = 'EN_PROGRESO';
  SET @Filas = @@ROWCOUNT;
END;
GO
DROP TYPE logs.Lista_Bloques_v1;
GO
DROP TABLE logs.Bloques_Error;
GO
DROP TABLE logs.Archivos;
GO
