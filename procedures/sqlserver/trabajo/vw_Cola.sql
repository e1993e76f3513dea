SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The queue, one row a kind of work that workers do: chunks that could be claimed now, that wait for their time, that are held, and
  whose lease has expired. What a scaler reads: workers wanted = (Reclamables + En_Progreso + Vencidos) / lanes a worker.

  Touches: trabajo.Chunks read, trabajo.Trabajos read
  Since: 018
*/
CREATE OR ALTER VIEW trabajo.vw_Cola
AS
SELECT
  t.Tipo,
  SUM(CASE WHEN c.Expira IS NULL AND (c.No_Antes_De IS NULL OR c.No_Antes_De <= SYSUTCDATETIME()) THEN 1 ELSE 0 END) AS Reclamables,
  SUM(CASE WHEN c.Expira IS NULL AND c.No_Antes_De > SYSUTCDATETIME() THEN 1 ELSE 0 END) AS En_Espera,
  SUM(CASE WHEN c.Expira >= SYSUTCDATETIME() THEN 1 ELSE 0 END) AS En_Progreso,
  SUM(CASE WHEN c.Expira < SYSUTCDATETIME() THEN 1 ELSE 0 END) AS Vencidos
FROM trabajo.Trabajos AS t
INNER JOIN trabajo.Chunks AS c ON c.ID_Trabajo = t.ID_Trabajo AND c.Estado = 'PENDIENTE'
WHERE t.Estado = 'EN_PROGRESO' AND t.Cancelado = 0 AND t.Tipo NOT IN ('LO_PROCESOS', 'LOGS_SECUENCIAL')
GROUP BY t.Tipo;
GO
GRANT SELECT ON OBJECT::trabajo.vw_Cola TO carril_lector;
GO
