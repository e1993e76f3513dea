SET LOCAL ROLE carril_dueno;

/*
  Copies the execution's custodian's positions of its date from homol.UBS to extract.UBS, for the Portfolio_UBS of its funds
  with Flag_UBS. A fund without that code has no lines there. Deletes the execution's rows first, so that a second call
  leaves the same rows; touches no other execution's.

  Returns: nothing
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, homol.UBS read, extract.UBS write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR REPLACE FUNCTION extract.Extract_UBS(p_FechaReporte date, p_ID_Ejecucion bigint)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $funcion$
#variable_conflict use_column
BEGIN
  PERFORM extract.sp_Comprobar_Extraccion(p_FechaReporte, p_ID_Ejecucion);

  DELETE FROM extract.UBS AS x WHERE x.ID_Ejecucion = p_ID_Ejecucion;

  -- una sola sentencia: todas las filas salen de un mismo instante de homol.UBS
  INSERT INTO extract.UBS (
    ID_Ejecucion, FechaReporte, Portfolio, InvestID, Descripcion, Moneda, Cantidad, PrecioLocal, ValorMercado)
  SELECT
    p_ID_Ejecucion, h.FechaReporte, h.Portfolio, h.InvestID, h.Descripcion, h.Moneda, h.Cantidad, h.PrecioLocal,
    h.ValorMercado
  FROM (
    SELECT DISTINCT f.Portfolio_UBS AS Portfolio FROM logs.Ejecucion_Fondos AS f WHERE f.ID_Ejecucion = p_ID_Ejecucion AND f.Flag_UBS
  ) AS p
  CROSS JOIN LATERAL (
    -- OFFSET 0 impide unir por la fecha: cuando es mas nueva que las estadisticas, se recorreria la de todos los fondos
    SELECT x.* FROM homol.UBS AS x WHERE x.FechaReporte = p_FechaReporte AND x.Portfolio = p.Portfolio OFFSET 0
  ) AS h
  ORDER BY h.Portfolio, h.ID_Linea;
END;
$funcion$;
