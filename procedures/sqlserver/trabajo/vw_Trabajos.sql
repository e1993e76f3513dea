SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Jobs with their counts: live while they run, as the finalizer wrote them afterwards. Omitidos, chunks that were split, are not
  in Total: their halves are.

  Touches: trabajo.Trabajos read, trabajo.Chunks read
  Since: 021
*/
CREATE OR ALTER VIEW trabajo.vw_Trabajos
AS
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
-- la condicion sobre FechaFin evita recorrer los chunks de lo terminado; sin filas, la suma da NULL y cuenta como 0
OUTER APPLY (
  SELECT
    COALESCE(SUM(CASE WHEN c.Estado <> 'OMITIDO' THEN 1 ELSE 0 END), 0) AS Total,
    COALESCE(SUM(CASE WHEN c.Estado = 'PENDIENTE' AND (c.Expira IS NULL OR c.Expira < SYSUTCDATETIME()) THEN 1 ELSE 0 END), 0)
      AS Pendientes,
    COALESCE(SUM(CASE WHEN c.Estado = 'PENDIENTE' AND c.Expira >= SYSUTCDATETIME() THEN 1 ELSE 0 END), 0) AS EnProgreso,
    COALESCE(SUM(CASE WHEN c.Estado = 'COMPLETADO' THEN 1 ELSE 0 END), 0) AS Completados,
    COALESCE(SUM(CASE WHEN c.Estado = 'ERROR' THEN 1 ELSE 0 END), 0) AS Fallidos,
    COALESCE(SUM(CASE WHEN c.Estado = 'CANCELADO' THEN 1 ELSE 0 END), 0) AS Cancelados,
    COALESCE(SUM(CASE WHEN c.Estado = 'OMITIDO' THEN 1 ELSE 0 END), 0) AS Omitidos
  FROM trabajo.Chunks AS c
  WHERE c.ID_Trabajo = t.ID_Trabajo AND t.FechaFin IS NULL
) AS n;
GO
GRANT SELECT ON OBJECT::trabajo.vw_Trabajos TO carril_lector;
GO
