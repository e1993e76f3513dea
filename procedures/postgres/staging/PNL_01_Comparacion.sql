SET LOCAL ROLE carril_dueno;

/*
  Puts the fund's positions of the date beside those of its previous date in staging.PNL_WorkTable, one row per InvestID that
  either has, cash included; what a date does not have counts as 0. The previous date is the latest before this one of which
  the fund has a completed execution that left IPA rows, and of that date the execution that began last. On the fund's first
  date ID_Ejecucion_Anterior and FechaAnterior are NULL. No rows when the date itself has no IPA rows: that is a fund whose
  file was not loaded, not one that sold everything. While a backfill moves the previous date's rows from the shared execution to
  the fund's own, they are read from both. Deletes the fund's rows first.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Backfill_Mapa read, logs.Backfill_Estado read, staging.IPA_Final read, staging.PNL_WorkTable write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR REPLACE FUNCTION staging.PNL_01_Comparacion(
  p_ID_Ejecucion bigint, p_FechaReporte date, p_ID_Fund integer, p_Portfolio_Geneva text
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $funcion$
#variable_conflict use_column
DECLARE
  v_ejecucion_ipa bigint;
  v_anterior record;
BEGIN
  PERFORM staging.sp_Comprobar_Paso(p_ID_Ejecucion, p_FechaReporte, p_ID_Fund, p_Portfolio_Geneva);

  DELETE FROM staging.PNL_WorkTable AS w WHERE w.ID_Ejecucion = p_ID_Ejecucion AND w.ID_Fund = p_ID_Fund;

  v_ejecucion_ipa := staging.sp_Ejecucion_IPA(p_ID_Ejecucion, p_FechaReporte, p_ID_Fund);
  IF v_ejecucion_ipa IS NULL THEN
    RETURN;
  END IF;
  SELECT b.p_ID_Ejecucion_IPA AS id_ejecucion, b.p_FechaReporte AS fecha INTO v_anterior
  FROM staging.sp_Buscar_IPA(p_ID_Fund, '0001-01-01', p_FechaReporte - 1) AS b;

  INSERT INTO staging.PNL_WorkTable (
    ID_Ejecucion, ID_Fund, InvestID, FechaReporte, ID_Ejecucion_Anterior, FechaAnterior, Cantidad, ValorMercado,
    Cantidad_Anterior, ValorMercado_Anterior)
  SELECT
    p_ID_Ejecucion, p_ID_Fund, coalesce(h.InvestID, a.InvestID), p_FechaReporte, v_anterior.id_ejecucion, v_anterior.fecha,
    coalesce(h.Cantidad, 0), coalesce(h.ValorMercado, 0), coalesce(a.Cantidad, 0), coalesce(a.ValorMercado, 0)
  FROM (
    SELECT i.InvestID, i.Cantidad, i.ValorMercado
    FROM staging.IPA_Final AS i
    WHERE i.ID_Ejecucion = v_ejecucion_ipa AND i.ID_Fund = p_ID_Fund
  ) AS h
  FULL JOIN (
    SELECT i.InvestID, i.Cantidad, i.ValorMercado
    FROM (
      -- una fila heredada esta en la ejecucion compartida o en la del fondo, nunca en las dos
      SELECT v_anterior.id_ejecucion AS ID_Ejecucion
      UNION ALL
      SELECT m.ID_Ejecucion_Nuevo FROM logs.Backfill_Mapa AS m WHERE m.ID_Ejecucion = v_anterior.id_ejecucion AND m.ID_Fund = p_ID_Fund
      UNION ALL
      SELECT m.ID_Ejecucion FROM logs.Backfill_Mapa AS m WHERE m.ID_Ejecucion_Nuevo = v_anterior.id_ejecucion AND m.ID_Fund = p_ID_Fund
    ) AS x
    INNER JOIN staging.IPA_Final AS i ON i.ID_Ejecucion = x.ID_Ejecucion
    WHERE i.ID_Fund = p_ID_Fund
  ) AS a ON a.InvestID = h.InvestID;
END;
$funcion$;
