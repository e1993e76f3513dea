SET LOCAL ROLE carril_dueno;

/*
  Brings the fund's extracted positions to staging.IPA_WorkTable, with a price for each: its own, else the latest known one of
  its InvestID at or before the date (any portfolio; on one date the lowest portfolio, then the first line), else
  ValorMercado / Cantidad rounded half away from zero to 8 decimals, else none. Origen_Precio says which. Marks cash: a line
  without a ticker whose value is its quantity. Deletes the fund's rows first.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, homol.IPA read, extract.IPA read, staging.IPA_WorkTable write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR REPLACE FUNCTION staging.IPA_01_RescatarLocalPrice_v2(
  p_ID_Ejecucion bigint, p_FechaReporte date, p_ID_Fund integer, p_Portfolio_Geneva text
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $funcion$
#variable_conflict use_column
BEGIN
  PERFORM staging.sp_Comprobar_Paso(p_ID_Ejecucion, p_FechaReporte, p_ID_Fund, p_Portfolio_Geneva);

  DELETE FROM staging.IPA_WorkTable AS w WHERE w.ID_Ejecucion = p_ID_Ejecucion AND w.ID_Fund = p_ID_Fund;

  -- ID_Linea cuenta desde 1 en cada fondo: no depende de los ID de extract, que cambian al repetir la extraccion
  INSERT INTO staging.IPA_WorkTable (
    ID_Ejecucion, ID_Fund, ID_Linea, FechaReporte, Portfolio, InvestID, Ticker, Descripcion, Moneda,
    Cantidad, PrecioLocal, Origen_Precio, ValorMercado, Peso, Es_Efectivo)
  SELECT
    p_ID_Ejecucion, p_ID_Fund, row_number() OVER (ORDER BY x.ID), x.FechaReporte, x.Portfolio,
    x.InvestID, x.Ticker, x.Descripcion, x.Moneda, x.Cantidad,
    CASE WHEN x.PrecioLocal <> 0 THEN x.PrecioLocal ELSE coalesce(conocido.PrecioLocal, calculado.PrecioLocal) END,
    CASE
      WHEN x.PrecioLocal <> 0 THEN 'ORIGEN'
      WHEN conocido.PrecioLocal IS NOT NULL THEN 'ULTIMO_CONOCIDO'
      WHEN calculado.PrecioLocal IS NOT NULL THEN 'CALCULADO'
      ELSE 'SIN_PRECIO'
    END,
    x.ValorMercado, x.Peso,
    coalesce(btrim(x.Ticker), '') = '' AND x.ValorMercado = x.Cantidad
  FROM extract.vw_IPA AS x
  -- el orden es el del indice IX_IPA_UltimoPrecio: se lee una fila
  LEFT JOIN LATERAL (
    SELECT h.PrecioLocal
    FROM homol.IPA AS h
    WHERE (x.PrecioLocal IS NULL OR x.PrecioLocal = 0)
      AND h.InvestID = x.InvestID AND h.FechaReporte <= p_FechaReporte AND h.PrecioLocal > 0
    ORDER BY h.FechaReporte DESC, h.Portfolio COLLATE "C", h.ID_Linea
    LIMIT 1
  ) AS conocido ON true
  -- div() da el cociente entero exacto: con una cifra mas que las ocho que se guardan, round() redondea lo mismo que
  -- redondearia el cociente exacto (la division de numeric ya viene redondeada). Sin lugar para el, no hay precio.
  CROSS JOIN LATERAL (
    SELECT round(div(x.ValorMercado * 1000000000, nullif(x.Cantidad, 0)) * 0.000000001, 8) AS cociente
  ) AS exacto
  CROSS JOIN LATERAL (
    SELECT CASE WHEN abs(exacto.cociente) < 100000000000000000000 THEN exacto.cociente END AS PrecioLocal
  ) AS calculado
  WHERE x.ID_Ejecucion = p_ID_Ejecucion AND x.Portfolio = p_Portfolio_Geneva;
END;
$funcion$;
