SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  extract.Derivados with the execution that each row is read by: its own, or, for a row without one (the old way, and the history), every
  shared execution of its date. The first branch seeks by ID_Ejecucion; the second begins at the execution's own row, which only
  a shared one has, and reads by FechaReporte and Portfolio, as before the plan (document 004, hypothesis 2). A shared execution
  that was extracted under its own ID reads only that.

  Touches: logs.Ejecuciones read, extract.Derivados read
  Since: 015
*/
CREATE OR ALTER VIEW extract.vw_Derivados
AS
SELECT
  x.ID_Ejecucion, x.ID, x.FechaReporte, x.Portfolio, x.InvestID, x.Descripcion, x.Tipo_Instrumento, x.Moneda,
  x.FechaVencimiento, x.Nocional, x.ValorMercado, x.Delta
FROM extract.Derivados AS x
WHERE x.ID_Ejecucion IS NOT NULL

UNION ALL

SELECT
  e.ID_Ejecucion, x.ID, x.FechaReporte, x.Portfolio, x.InvestID, x.Descripcion, x.Tipo_Instrumento, x.Moneda,
  x.FechaVencimiento, x.Nocional, x.ValorMercado, x.Delta
FROM logs.Ejecuciones AS e
INNER JOIN extract.Derivados AS x ON x.FechaReporte = e.FechaReporte
WHERE e.ID_Fund IS NULL AND x.ID_Ejecucion IS NULL
  AND NOT EXISTS (SELECT 1 FROM extract.Derivados AS y WHERE y.ID_Ejecucion = e.ID_Ejecucion);
GO
GRANT SELECT ON OBJECT::extract.vw_Derivados TO carril_lector;
GO
