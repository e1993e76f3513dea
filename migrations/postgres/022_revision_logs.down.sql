-- carril: respaldo logs.Archivos, logs.Bloques_Error
/*
  Revierte 022. Los bloques y lo leido de cada archivo se pierden; los trabajos quedan, y los que corrian, cancelados: sin sus
  procedimientos nadie podria terminarlos.
*/
SET LOCAL ROLE carril_dueno;

UPDATE trabajo.Chunks AS c
SET estado = 'CANCELADO', poseedor = NULL, expira = NULL, no_antes_de = NULL, fin = clock_timestamp()
FROM trabajo.Trabajos AS t
WHERE t.id_trabajo = c.id_trabajo AND t.tipo = 'LOGS' AND t.estado = 'EN_PROGRESO' AND c.estado = 'PENDIENTE';

UPDATE trabajo.Trabajos AS t
SET
  estado = 'CANCELADO', cancelado = true, fechafin = clock_timestamp(), total = n.total, completados = n.completados,
  fallidos = n.fallidos, cancelados = n.cancelados, omitidos = n.omitidos
FROM trabajo.Trabajos AS x
CROSS JOIN LATERAL (
  SELECT
    count(*) FILTER (WHERE c.estado <> 'OMITIDO') AS total,
    count(*) FILTER (WHERE c.estado = 'COMPLETADO') AS completados,
    count(*) FILTER (WHERE c.estado = 'ERROR') AS fallidos,
    count(*) FILTER (WHERE c.estado = 'CANCELADO') AS cancelados,
    count(*) FILTER (WHERE c.estado = 'OMITIDO') AS omitidos
  FROM trabajo.Chunks AS c
  WHERE c.id_trabajo = x.id_trabajo
) AS n
WHERE x.id_trabajo = t.id_trabajo AND t.tipo IN ('LOGS', 'LOGS_SECUENCIAL') AND t.estado = 'EN_PROGRESO';

DROP TABLE logs.Bloques_Error;
DROP TABLE logs.Archivos;
