SET LOCAL ROLE carril_dueno;

/*
  Leaves one row per InvestID in staging.Derivados_Final: notionals and market values added up, description of the line with
  the largest absolute notional, delta exposure (notional times delta, line by line, added up exactly and then rounded half
  away from zero to 8 decimals). A position with a line whose delta is not known has no exposure (NULL). Deletes the fund's
  rows first.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.Derivados_WorkTable read, staging.Derivados_Final write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR REPLACE FUNCTION staging.Derivados_02_Final(
  p_ID_Ejecucion bigint, p_FechaReporte date, p_ID_Fund integer, p_Portfolio_Geneva text
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $funcion$
#variable_conflict use_column
BEGIN
  PERFORM staging.sp_Comprobar_Paso(p_ID_Ejecucion, p_FechaReporte, p_ID_Fund, p_Portfolio_Geneva);

  DELETE FROM staging.Derivados_Final AS w WHERE w.ID_Ejecucion = p_ID_Ejecucion AND w.ID_Fund = p_ID_Fund;

  INSERT INTO staging.Derivados_Final (
    ID_Ejecucion, ID_Fund, InvestID, FechaReporte, Descripcion, Nocional, ValorMercado, Exposicion_Delta)
  SELECT
    p_ID_Ejecucion, p_ID_Fund, w.InvestID, p_FechaReporte,
    (array_agg(w.Descripcion ORDER BY abs(w.Nocional) DESC, w.ID_Linea))[1],
    sum(w.Nocional), sum(w.ValorMercado),
    CASE WHEN count(w.Delta) = count(*) THEN round(sum(w.Nocional * w.Delta), 8) END
  FROM staging.Derivados_WorkTable AS w
  WHERE w.ID_Ejecucion = p_ID_Ejecucion AND w.ID_Fund = p_ID_Fund
  GROUP BY w.InvestID;
END;
$funcion$;
