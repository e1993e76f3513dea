SET LOCAL ROLE carril_dueno;

/*
  Leaves one row per InvestID in staging.PosModRF_Final: nominals and values added up, description of the line with the
  largest absolute value, modified duration of the largest line that has one. Peso is the share of the fund's fixed income, in
  per cent with 10 decimals, and the weights sum to exactly 100 (to 0 when the total is zero). Contribucion is value times
  duration over the value of what has a duration, so what has none neither contributes nor counts as zero; Duracion_Fondo is
  their sum, the same in every row. Both rounded half away from zero to 10 decimals; the largest absolute value takes what
  rounding left over, of several the lowest InvestID. Without any duration, or when the value of what has one is zero, both
  are NULL. 50409 when a total is so small beside a position that a weight or a contribution would not fit. Deletes the fund's
  rows first.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.PosModRF_WorkTable read, staging.PosModRF_Final write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR REPLACE FUNCTION staging.PosModRF_02_Final(
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
  v_base numeric;
  v_suma numeric;
  v_mayor_producto numeric;
BEGIN
  PERFORM staging.sp_Comprobar_Paso(p_ID_Ejecucion, p_FechaReporte, p_ID_Fund, p_Portfolio_Geneva);

  SELECT
    sum(p.valor), max(abs(p.valor)), sum(p.valor) FILTER (WHERE p.duracion IS NOT NULL), sum(p.valor * p.duracion),
    max(abs(p.valor * p.duracion))
  INTO v_total, v_mayor, v_base, v_suma, v_mayor_producto
  FROM (
    SELECT
      sum(w.ValorMercado) AS valor,
      (array_agg(w.DuracionModificada ORDER BY abs(w.ValorMercado) DESC, w.ID_Linea)
        FILTER (WHERE w.DuracionModificada IS NOT NULL))[1] AS duracion
    FROM staging.PosModRF_WorkTable AS w
    WHERE w.ID_Ejecucion = p_ID_Ejecucion AND w.ID_Fund = p_ID_Fund
    GROUP BY w.InvestID
  ) AS p;

  IF v_total <> 0 AND v_mayor >= abs(v_total) * 1000000 THEN
    RAISE EXCEPTION 'El total de renta fija del fondo % (%) es tan pequeno frente a una posicion de % que los pesos no caben: revise sus lineas.',
      p_ID_Fund, v_total, v_mayor USING ERRCODE = 'UC409';
  END IF;
  IF v_base <> 0 AND greatest(v_mayor_producto, abs(v_suma)) >= abs(v_base) * 10000000 THEN
    RAISE EXCEPTION 'El valor con duracion del fondo % (%) es tan pequeno frente a una posicion que su duracion no cabe: revise sus lineas.',
      p_ID_Fund, v_base USING ERRCODE = 'UC409';
  END IF;

  DELETE FROM staging.PosModRF_Final AS w WHERE w.ID_Ejecucion = p_ID_Ejecucion AND w.ID_Fund = p_ID_Fund;

  WITH posiciones AS (
    SELECT
      w.InvestID,
      (array_agg(w.Descripcion ORDER BY abs(w.ValorMercado) DESC, w.ID_Linea))[1] AS Descripcion,
      sum(w.Nominal) AS Nominal,
      sum(w.ValorMercado) AS ValorMercado,
      (array_agg(w.DuracionModificada ORDER BY abs(w.ValorMercado) DESC, w.ID_Linea)
        FILTER (WHERE w.DuracionModificada IS NOT NULL))[1] AS DuracionModificada
    FROM staging.PosModRF_WorkTable AS w
    WHERE w.ID_Ejecucion = p_ID_Ejecucion AND w.ID_Fund = p_ID_Fund
    GROUP BY w.InvestID
  ), pesadas AS (
    -- div() da el cociente entero exacto: con una cifra mas que las diez que se guardan, round() redondea lo mismo que
    -- redondearia el cociente exacto (la division de numeric ya viene redondeada)
    SELECT
      p.*,
      CASE WHEN v_total = 0 THEN 0
        ELSE round(div(p.ValorMercado * 10000000000000, v_total) * 0.00000000001, 10) END AS peso,
      round(div(p.ValorMercado * p.DuracionModificada * 100000000000, nullif(v_base, 0)) * 0.00000000001, 10) AS contribucion,
      round(div(v_suma * 100000000000, nullif(v_base, 0)) * 0.00000000001, 10) AS duracion_fondo,
      row_number() OVER (ORDER BY abs(p.ValorMercado) DESC, p.InvestID COLLATE "C") AS puesto,
      row_number() OVER (
        ORDER BY p.DuracionModificada IS NULL, abs(p.ValorMercado) DESC, p.InvestID COLLATE "C") AS puesto_duracion
    FROM posiciones AS p
  )
  INSERT INTO staging.PosModRF_Final (
    ID_Ejecucion, ID_Fund, InvestID, FechaReporte, Descripcion, Nominal, ValorMercado, Peso, DuracionModificada,
    Contribucion, Duracion_Fondo)
  SELECT
    p_ID_Ejecucion, p_ID_Fund, q.InvestID, p_FechaReporte, q.Descripcion, q.Nominal, q.ValorMercado,
    q.peso + CASE WHEN q.puesto = 1 AND v_total <> 0 THEN 100 - sum(q.peso) OVER () ELSE 0 END,
    q.DuracionModificada,
    q.contribucion + CASE WHEN q.puesto_duracion = 1 THEN q.duracion_fondo - sum(q.contribucion) OVER () ELSE 0 END,
    q.duracion_fondo
  FROM pesadas AS q;
END;
$funcion$;
