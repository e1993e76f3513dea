SET LOCAL ROLE carril_dueno;

/*
  Leaves one row per InvestID in staging.IPA_Final: quantities and values added up; description, currency and price of the line
  with the largest absolute value (the first of several); weights with 10 decimals, rounded half away from zero, that sum to
  exactly 100: the largest absolute value takes what rounding left over, of several the lowest InvestID. A fund whose total is
  zero has weights of 0. 50409 when the total is so small beside a position that a weight would reach 100,000,000 %.
  Deletes the fund's rows first.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.IPA_WorkTable read, staging.IPA_Final write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR REPLACE FUNCTION staging.IPA_03_Final(
  p_ID_Ejecucion bigint, p_FechaReporte date, p_ID_Fund integer, p_Portfolio_Geneva text
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $funcion$
#variable_conflict use_column
DECLARE
  v_total numeric;
  v_mayor numeric;
BEGIN
  PERFORM staging.sp_Comprobar_Paso(p_ID_Ejecucion, p_FechaReporte, p_ID_Fund, p_Portfolio_Geneva);

  SELECT sum(p.valor), max(abs(p.valor)) INTO v_total, v_mayor
  FROM (
    SELECT sum(w.ValorMercado) AS valor
    FROM staging.IPA_WorkTable AS w
    WHERE w.ID_Ejecucion = p_ID_Ejecucion AND w.ID_Fund = p_ID_Fund
    GROUP BY w.InvestID
  ) AS p;

  IF v_total <> 0 AND v_mayor >= abs(v_total) * 1000000 THEN
    RAISE EXCEPTION 'El total del fondo % (%) es tan pequeno frente a una posicion de % que los pesos no caben: revise sus lineas.',
      p_ID_Fund, v_total, v_mayor USING ERRCODE = 'UC409';
  END IF;

  DELETE FROM staging.IPA_Final AS f WHERE f.ID_Ejecucion = p_ID_Ejecucion AND f.ID_Fund = p_ID_Fund;

  WITH posiciones AS (
    -- descripcion, moneda y precio salen de una misma linea: la moneda de una con el precio de otra no diria nada
    SELECT
      w.InvestID,
      (array_agg(w ORDER BY abs(w.ValorMercado) DESC, w.ID_Linea))[1] AS principal,
      sum(w.Cantidad) AS Cantidad,
      sum(w.ValorMercado) AS ValorMercado,
      count(*) AS Lineas,
      count(*) FILTER (WHERE w.Origen_Precio IN ('ULTIMO_CONOCIDO', 'CALCULADO')) AS Repreciadas,
      bool_and(w.Es_Efectivo) AS Es_Efectivo
    FROM staging.IPA_WorkTable AS w
    WHERE w.ID_Ejecucion = p_ID_Ejecucion AND w.ID_Fund = p_ID_Fund
    GROUP BY w.InvestID
  ), pesadas AS (
    -- div() da el cociente entero exacto: con una cifra mas que las diez que se guardan, round() redondea lo mismo que
    -- redondearia el cociente exacto (la division de numeric ya viene redondeada)
    SELECT
      p.*,
      CASE WHEN v_total = 0 THEN 0
        ELSE round(div(p.ValorMercado * 10000000000000, v_total) * 0.00000000001, 10) END AS peso,
      row_number() OVER (ORDER BY abs(p.ValorMercado) DESC, p.InvestID COLLATE "C") AS puesto
    FROM posiciones AS p
  )
  INSERT INTO staging.IPA_Final (
    ID_Ejecucion, ID_Fund, InvestID, FechaReporte, Descripcion, Moneda, Cantidad, PrecioLocal, ValorMercado, Peso,
    Lineas, Repreciadas, Es_Efectivo)
  SELECT
    p_ID_Ejecucion, p_ID_Fund, q.InvestID, p_FechaReporte, (q.principal).Descripcion, (q.principal).Moneda,
    q.Cantidad, (q.principal).PrecioLocal, q.ValorMercado,
    q.peso + CASE WHEN q.puesto = 1 AND v_total <> 0 THEN 100 - sum(q.peso) OVER () ELSE 0 END,
    q.Lineas, q.Repreciadas, q.Es_Efectivo
  FROM pesadas AS q;
END;
$funcion$;
