SET LOCAL ROLE carril_dueno;

/*
  The queue, one row a kind of work that workers do: chunks that could be claimed now, that wait for their time, that are held, and
  whose lease has expired. What a scaler reads: workers wanted = (Reclamables + En_Progreso + Vencidos) / lanes a worker.

  Touches: trabajo.Chunks read, trabajo.Trabajos read
  Since: 018
*/
CREATE OR REPLACE VIEW trabajo.vw_Cola AS
SELECT
  t.Tipo,
  SUM(CASE WHEN c.Expira IS NULL AND (c.No_Antes_De IS NULL OR c.No_Antes_De <= clock_timestamp()) THEN 1 ELSE 0 END) AS Reclamables,
  SUM(CASE WHEN c.Expira IS NULL AND c.No_Antes_De > clock_timestamp() THEN 1 ELSE 0 END) AS En_Espera,
  SUM(CASE WHEN c.Expira >= clock_timestamp() THEN 1 ELSE 0 END) AS En_Progreso,
  SUM(CASE WHEN c.Expira < clock_timestamp() THEN 1 ELSE 0 END) AS Vencidos
FROM trabajo.Trabajos AS t
INNER JOIN trabajo.Chunks AS c ON c.ID_Trabajo = t.ID_Trabajo AND c.Estado = 'PENDIENTE'
WHERE t.Estado = 'EN_PROGRESO' AND NOT t.Cancelado AND t.Tipo NOT IN ('LO_PROCESOS', 'LOGS_SECUENCIAL')
GROUP BY t.Tipo;
GRANT SELECT ON trabajo.vw_Cola TO carril_lector;
