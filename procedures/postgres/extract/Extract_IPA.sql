SET LOCAL ROLE carril_dueno;

/*
  Copies the execution's positions of its date from homol.IPA to extract.IPA, for the Portfolio_Geneva of its funds. Deletes
  the execution's rows first, so that a second call leaves the same rows; touches no other execution's.

  Returns: nothing
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, homol.IPA read, extract.IPA write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR REPLACE FUNCTION extract.Extract_IPA(p_FechaReporte date, p_ID_Ejecucion bigint)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $funcion$
#variable_conflict use_column
DECLARE
  v_fecha date;
BEGIN
  SELECT e.FechaReporte INTO v_fecha FROM logs.Ejecuciones AS e WHERE e.ID_Ejecucion = p_ID_Ejecucion;
  IF v_fecha IS NULL THEN
    RAISE EXCEPTION 'La ejecucion % no existe.', p_ID_Ejecucion USING ERRCODE = 'UC404';
  END IF;
  IF p_FechaReporte IS DISTINCT FROM v_fecha THEN
    RAISE EXCEPTION 'La ejecucion % es del %, no del %.', p_ID_Ejecucion, v_fecha, p_FechaReporte
      USING ERRCODE = 'UC400';
  END IF;

  DELETE FROM extract.IPA AS x WHERE x.ID_Ejecucion = p_ID_Ejecucion;

  -- Una sola sentencia: PostgreSQL no escala bloqueos, y asi todas las filas salen de un mismo instante de homol.IPA
  -- aunque una carga confirme mientras tanto.
  INSERT INTO extract.IPA (
    ID_Ejecucion, FechaReporte, Portfolio, InvestID, Ticker, Descripcion, Moneda,
    Cantidad, PrecioLocal, ValorMercado, Peso)
  SELECT
    p_ID_Ejecucion, h.FechaReporte, h.Portfolio, h.InvestID, h.Ticker, h.Descripcion, h.Moneda,
    h.Cantidad, h.PrecioLocal, h.ValorMercado, h.Peso
  FROM (
    SELECT DISTINCT f.Portfolio_Geneva AS Portfolio FROM logs.Ejecucion_Fondos AS f WHERE f.ID_Ejecucion = p_ID_Ejecucion
  ) AS p
  CROSS JOIN LATERAL (
    -- OFFSET 0 impide unir por la fecha: cuando es mas nueva que las estadisticas, se recorreria la de todos los fondos
    SELECT x.* FROM homol.IPA AS x WHERE x.FechaReporte = p_FechaReporte AND x.Portfolio = p.Portfolio OFFSET 0
  ) AS h
  ORDER BY h.Portfolio, h.ID_Linea;
END;
$funcion$;
