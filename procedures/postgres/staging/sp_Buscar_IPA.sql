SET LOCAL ROLE carril_dueno;

/*
  Finds whose rows of staging.IPA_Final stand for a fund at the latest date between two: its last completed execution of that
  date that ran IPA and left rows. Of several on that date the one that began last counts. A run of the old way counts for
  those of its funds whose IPA is complete. Nothing found: NULL.

  Returns: output
    ID_Ejecucion_IPA  bigint  null
    FechaReporte      date    null
  Errors: none
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.IPA_Final read
  Batch: none
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR REPLACE FUNCTION staging.sp_Buscar_IPA(
  p_ID_Fund integer,
  p_Desde date,
  p_Hasta date,
  OUT p_ID_Ejecucion_IPA bigint,
  OUT p_FechaReporte date
)
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $funcion$
BEGIN
  -- Primero la fecha, que IX_Ejecuciones_Fund da de atras para adelante y se detiene en la primera, y despues la ejecucion
  -- dentro de ella. Las propias del fondo y las heredadas (sin ID_Fund) van aparte: un OR recorreria las de otros fondos.
  SELECT max(u.FechaReporte) INTO p_FechaReporte
  FROM (
    (SELECT e.FechaReporte
    FROM logs.Ejecuciones AS e
    WHERE e.ID_Fund = p_ID_Fund AND e.FechaReporte >= p_Desde AND e.FechaReporte <= p_Hasta AND e.Estado = 'COMPLETADO'
    AND EXISTS (
      SELECT FROM logs.Ejecucion_Fondos AS f
      WHERE f.ID_Ejecucion = e.ID_Ejecucion AND f.ID_Fund = p_ID_Fund AND f.Estado_Process_IPA = 'COMPLETADO')
    AND EXISTS (SELECT FROM staging.IPA_Final AS i WHERE i.ID_Ejecucion = e.ID_Ejecucion AND i.ID_Fund = p_ID_Fund)
    ORDER BY e.FechaReporte DESC
    LIMIT 1)
    UNION ALL
    (SELECT e.FechaReporte
    FROM logs.Ejecuciones AS e
    WHERE e.ID_Fund IS NULL AND e.FechaReporte >= p_Desde AND e.FechaReporte <= p_Hasta
      AND e.Estado IN ('COMPLETADO', 'COMPLETADO_CON_ERRORES')
    AND EXISTS (
      SELECT FROM logs.Ejecucion_Fondos AS f
      WHERE f.ID_Ejecucion = e.ID_Ejecucion AND f.ID_Fund = p_ID_Fund AND f.Estado_Process_IPA = 'COMPLETADO')
    AND EXISTS (SELECT FROM staging.IPA_Final AS i WHERE i.ID_Ejecucion = e.ID_Ejecucion AND i.ID_Fund = p_ID_Fund)
    ORDER BY e.FechaReporte DESC
    LIMIT 1)
  ) AS u;

  SELECT u.ID_Ejecucion INTO p_ID_Ejecucion_IPA
  FROM (
    SELECT e.ID_Ejecucion, e.FechaInicio
    FROM logs.Ejecuciones AS e
    WHERE e.ID_Fund = p_ID_Fund AND e.FechaReporte = p_FechaReporte AND e.Estado = 'COMPLETADO'
    AND EXISTS (
      SELECT FROM logs.Ejecucion_Fondos AS f
      WHERE f.ID_Ejecucion = e.ID_Ejecucion AND f.ID_Fund = p_ID_Fund AND f.Estado_Process_IPA = 'COMPLETADO')
    AND EXISTS (SELECT FROM staging.IPA_Final AS i WHERE i.ID_Ejecucion = e.ID_Ejecucion AND i.ID_Fund = p_ID_Fund)
    UNION ALL
    SELECT e.ID_Ejecucion, e.FechaInicio
    FROM logs.Ejecuciones AS e
    WHERE e.ID_Fund IS NULL AND e.FechaReporte = p_FechaReporte AND e.Estado IN ('COMPLETADO', 'COMPLETADO_CON_ERRORES')
    AND EXISTS (
      SELECT FROM logs.Ejecucion_Fondos AS f
      WHERE f.ID_Ejecucion = e.ID_Ejecucion AND f.ID_Fund = p_ID_Fund AND f.Estado_Process_IPA = 'COMPLETADO')
    AND EXISTS (SELECT FROM staging.IPA_Final AS i WHERE i.ID_Ejecucion = e.ID_Ejecucion AND i.ID_Fund = p_ID_Fund)
  ) AS u
  ORDER BY u.FechaInicio DESC NULLS LAST, u.ID_Ejecucion DESC
  LIMIT 1;
END;
$funcion$;
