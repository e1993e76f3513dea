SET LOCAL ROLE carril_dueno;

/*
  Leaves the fund's accounting NAV (all its balances added up) beside its IPA total in staging.CAPM_Final: the difference, NAV
  less IPA, in money and in basis points of the NAV's absolute value, rounded half away from zero to 4 decimals. No basis
  points (NULL) when the NAV is zero or they do not fit their column. Without IPA rows the IPA total is 0; without balances
  there is no row. Deletes the fund's row first.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Backfill_Mapa read, logs.Backfill_Estado read, staging.IPA_Final read, staging.CAPM_WorkTable read, staging.CAPM_Final write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR REPLACE FUNCTION staging.CAPM_02_Final(
  p_ID_Ejecucion bigint, p_FechaReporte date, p_ID_Fund integer, p_Portfolio_Geneva text
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $funcion$
#variable_conflict use_column
DECLARE
  v_ejecucion_ipa bigint := staging.sp_Ejecucion_IPA(p_ID_Ejecucion, p_FechaReporte, p_ID_Fund);
  v_patrimonio numeric;
  v_total numeric;
BEGIN
  PERFORM staging.sp_Comprobar_Paso(p_ID_Ejecucion, p_FechaReporte, p_ID_Fund, p_Portfolio_Geneva);

  DELETE FROM staging.CAPM_Final AS c WHERE c.ID_Ejecucion = p_ID_Ejecucion AND c.ID_Fund = p_ID_Fund;

  SELECT sum(w.Saldo) INTO v_patrimonio
  FROM staging.CAPM_WorkTable AS w
  WHERE w.ID_Ejecucion = p_ID_Ejecucion AND w.ID_Fund = p_ID_Fund;
  IF v_patrimonio IS NULL THEN
    RETURN;
  END IF;

  SELECT coalesce(sum(i.ValorMercado), 0) INTO v_total
  FROM staging.IPA_Final AS i
  WHERE i.ID_Ejecucion = v_ejecucion_ipa AND i.ID_Fund = p_ID_Fund;

  -- div() da el cociente entero exacto: con una cifra mas que las cuatro que se guardan, round() redondea lo mismo que
  -- redondearia el cociente exacto (la division de numeric ya viene redondeada)
  INSERT INTO staging.CAPM_Final (
    ID_Ejecucion, ID_Fund, FechaReporte, Patrimonio_Contable, Total_IPA, Diferencia, Diferencia_PB)
  SELECT
    p_ID_Ejecucion, p_ID_Fund, p_FechaReporte, v_patrimonio, v_total, v_patrimonio - v_total,
    CASE WHEN abs(q.pb) < 100000000000000 THEN q.pb END
  FROM (
    SELECT round(div((v_patrimonio - v_total) * 1000000000, nullif(abs(v_patrimonio), 0)) * 0.00001, 4) AS pb
  ) AS q;
END;
$funcion$;
