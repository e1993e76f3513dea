SET LOCAL ROLE carril_dueno;

/*
  Jobs with their counts: live while they run, as the finalizer wrote them afterwards. Omitidos, chunks that were split, are not
  in Total: their halves are.

  Touches: trabajo.Trabajos read, trabajo.Chunks read
  Since: 021
*/
CREATE OR REPLACE VIEW trabajo.vw_Trabajos AS
SELECT
  t.ID_Trabajo, t.Tipo, t.Clave, t.Parametros, t.Estado, t.Cancelado, t.Max_Intentos, t.Usuario, t.FechaCreacion, t.FechaFin,
  COALESCE(t.Total, n.Total) AS Total,
  CASE WHEN t.FechaFin IS NULL THEN n.Pendientes ELSE 0 END AS Pendientes,
  CASE WHEN t.FechaFin IS NULL THEN n.EnProgreso ELSE 0 END AS EnProgreso,
  COALESCE(t.Completados, n.Completados) AS Completados,
  COALESCE(t.Fallidos, n.Fallidos) AS Fallidos,
  COALESCE(t.Cancelados, n.Cancelados) AS Cancelados,
  COALESCE(t.Omitidos, n.Omitidos) AS Omitidos
FROM trabajo.Trabajos AS t
-- la condicion sobre FechaFin evita recorrer los chunks de lo terminado
CROSS JOIN LATERAL (
  SELECT
    (count(*) FILTER (WHERE c.Estado <> 'OMITIDO'))::integer AS Total,
    (count(*) FILTER (WHERE c.Estado = 'PENDIENTE' AND (c.Expira IS NULL OR c.Expira < clock_timestamp())))::integer
      AS Pendientes,
    (count(*) FILTER (WHERE c.Estado = 'PENDIENTE' AND c.Expira >= clock_timestamp()))::integer AS EnProgreso,
    (count(*) FILTER (WHERE c.Estado = 'COMPLETADO'))::integer AS Completados,
    (count(*) FILTER (WHERE c.Estado = 'ERROR'))::integer AS Fallidos,
    (count(*) FILTER (WHERE c.Estado = 'CANCELADO'))::integer AS Cancelados,
    (count(*) FILTER (WHERE c.Estado = 'OMITIDO'))::integer AS Omitidos
  FROM trabajo.Chunks AS c
  WHERE c.ID_Trabajo = t.ID_Trabajo AND t.FechaFin IS NULL
) AS n;
GRANT SELECT ON trabajo.vw_Trabajos TO carril_lector;
