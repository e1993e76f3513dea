SET LOCAL ROLE carril_dueno;

/*
  Leaves the breaks between the custodian and IPA in staging.UBS_Final, one row per InvestID whose quantities differ:
  FALTA_EN_IPA when IPA has no such position, FALTA_EN_UBS when the custodian has none, else CANTIDAD_DISTINTA; Diferencia is
  the custodian's quantity less IPA's. Quantities of one InvestID are added up; one of zero is as good as none. IPA's cash is
  no position: it is not looked for at the custodian, and the custodian's lines of that InvestID are left out. Without lines
  of the custodian every position is a break. Deletes the fund's rows first.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Backfill_Mapa read, logs.Backfill_Estado read, staging.IPA_Final read, staging.UBS_WorkTable read, staging.UBS_Final write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR REPLACE FUNCTION staging.UBS_02_Final(
  p_ID_Ejecucion bigint, p_FechaReporte date, p_ID_Fund integer, p_Portfolio_Geneva text
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $funcion$
#variable_conflict use_column
DECLARE
  v_ejecucion_ipa bigint := staging.sp_Ejecucion_IPA(p_ID_Ejecucion, p_FechaReporte, p_ID_Fund);
BEGIN
  PERFORM staging.sp_Comprobar_Paso(p_ID_Ejecucion, p_FechaReporte, p_ID_Fund, p_Portfolio_Geneva);

  DELETE FROM staging.UBS_Final AS w WHERE w.ID_Ejecucion = p_ID_Ejecucion AND w.ID_Fund = p_ID_Fund;

  INSERT INTO staging.UBS_Final (
    ID_Ejecucion, ID_Fund, InvestID, FechaReporte, Tipo_Diferencia, Cantidad_IPA, Cantidad_UBS, Diferencia)
  SELECT
    p_ID_Ejecucion, p_ID_Fund, coalesce(p.InvestID, c.InvestID), p_FechaReporte,
    CASE
      WHEN p.InvestID IS NULL THEN 'FALTA_EN_IPA'
      WHEN c.InvestID IS NULL THEN 'FALTA_EN_UBS'
      ELSE 'CANTIDAD_DISTINTA'
    END,
    p.Cantidad, c.Cantidad, coalesce(c.Cantidad, 0) - coalesce(p.Cantidad, 0)
  FROM (
    SELECT i.InvestID, i.Cantidad, i.Es_Efectivo
    FROM staging.IPA_Final AS i
    WHERE i.ID_Ejecucion = v_ejecucion_ipa AND i.ID_Fund = p_ID_Fund
  ) AS p
  FULL JOIN (
    SELECT w.InvestID, sum(w.Cantidad) AS Cantidad
    FROM staging.UBS_WorkTable AS w
    WHERE w.ID_Ejecucion = p_ID_Ejecucion AND w.ID_Fund = p_ID_Fund
    GROUP BY w.InvestID
  ) AS c ON c.InvestID = p.InvestID
  WHERE coalesce(p.Cantidad, 0) <> coalesce(c.Cantidad, 0) AND p.Es_Efectivo IS NOT TRUE;
END;
$funcion$;
