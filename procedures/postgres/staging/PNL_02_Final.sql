SET LOCAL ROLE carril_dueno;

/*
  Leaves the change in value per InvestID in staging.PNL_Final, split into two effects that sum to it exactly. The price
  effect is the quantity held before times the change in price: previous quantity * value / quantity, rounded half away from
  zero to 4 decimals, less the previous value. The quantity effect is the rest. A quantity that did not change leaves all to
  the price. A position that is new, was closed, has no quantity on one of the two dates, or is of the fund's first date is
  all quantity: its price change is not known. Deletes the fund's rows first.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.PNL_WorkTable read, staging.PNL_Final write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR REPLACE FUNCTION staging.PNL_02_Final(
  p_ID_Ejecucion bigint, p_FechaReporte date, p_ID_Fund integer, p_Portfolio_Geneva text
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $funcion$
#variable_conflict use_column
BEGIN
  PERFORM staging.sp_Comprobar_Paso(p_ID_Ejecucion, p_FechaReporte, p_ID_Fund, p_Portfolio_Geneva);

  DELETE FROM staging.PNL_Final AS w WHERE w.ID_Ejecucion = p_ID_Ejecucion AND w.ID_Fund = p_ID_Fund;

  -- div() da el cociente entero exacto: con una cifra mas que las cuatro que se guardan, round() redondea lo mismo que
  -- redondearia el cociente exacto (la division de numeric ya viene redondeada)
  INSERT INTO staging.PNL_Final (
    ID_Ejecucion, ID_Fund, InvestID, FechaReporte, FechaAnterior, Cambio_Valor, Efecto_Precio, Efecto_Cantidad)
  SELECT
    p_ID_Ejecucion, p_ID_Fund, w.InvestID, p_FechaReporte, w.FechaAnterior, c.cambio, p.precio, c.cambio - p.precio
  FROM staging.PNL_WorkTable AS w
  CROSS JOIN LATERAL (SELECT w.ValorMercado - w.ValorMercado_Anterior AS cambio) AS c
  CROSS JOIN LATERAL (
    SELECT CASE
      WHEN w.FechaAnterior IS NULL THEN 0
      WHEN w.Cantidad_Anterior = 0 AND w.ValorMercado_Anterior = 0 THEN 0
      WHEN w.Cantidad = 0 AND w.ValorMercado = 0 THEN 0
      WHEN w.Cantidad = w.Cantidad_Anterior THEN c.cambio
      WHEN w.Cantidad = 0 OR w.Cantidad_Anterior = 0 THEN 0
      ELSE round(div(w.Cantidad_Anterior * w.ValorMercado * 100000, w.Cantidad) * 0.00001, 4) - w.ValorMercado_Anterior
    END AS precio
  ) AS p
  WHERE w.ID_Ejecucion = p_ID_Ejecucion AND w.ID_Fund = p_ID_Fund;
END;
$funcion$;
