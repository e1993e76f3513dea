SET LOCAL ROLE carril_dueno;

/*
  Finds whose rows of staging.IPA_Final stand for a fund at the latest date between two: its last completed execution of that
  date that ran IPA and left rows. Of several on that date the one that began last counts. A run of the old way counts for
  those of its funds whose IPA is complete. Nothing found: NULL. While a backfill moves the rows of the old way, a fund's own
  execution counts together with the shared one that it comes from: whoever reads the rows reads those of both.

  Returns: output
    ID_Ejecucion_IPA  bigint  null
    FechaReporte      date    null
  Errors: none
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Backfill_Mapa read, staging.IPA_Final read
  Batch: none
  Step: called inside the caller's transaction
  Since: 018
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
  -- IX_Ejecuciones_Fund da las fechas de atras para adelante: se ordena dentro de la primera que sirve, y nada mas se lee.
  -- Las propias del fondo y las heredadas (sin ID_Fund) van aparte: un OR recorreria las de otros fondos. ID_Fund esta en el
  -- orden para que sea el del indice: por IS NULL solo, PostgreSQL no lo da por constante. A medio backfill, el estado y las filas de una
  -- propia pueden estar aun en la compartida de la que sale, cada cosa por su lado.
  SELECT u.ID_Ejecucion, u.FechaReporte INTO p_ID_Ejecucion_IPA, p_FechaReporte
  FROM (
    (SELECT e.ID_Ejecucion, e.FechaReporte, e.FechaInicio
    FROM logs.Ejecuciones AS e
    WHERE e.ID_Fund = p_ID_Fund AND e.FechaReporte >= p_Desde AND e.FechaReporte <= p_Hasta AND e.Estado = 'COMPLETADO'
      AND EXISTS (
        SELECT FROM (
          SELECT e.ID_Ejecucion
          UNION ALL
          SELECT m.ID_Ejecucion FROM logs.Backfill_Mapa AS m WHERE m.ID_Ejecucion_Nuevo = e.ID_Ejecucion
        ) AS x
        INNER JOIN logs.Ejecucion_Fondos AS f ON f.ID_Ejecucion = x.ID_Ejecucion
        WHERE f.ID_Fund = p_ID_Fund AND f.Estado_Process_IPA = 'COMPLETADO')
      AND EXISTS (
        SELECT FROM (
          SELECT e.ID_Ejecucion
          UNION ALL
          SELECT m.ID_Ejecucion FROM logs.Backfill_Mapa AS m WHERE m.ID_Ejecucion_Nuevo = e.ID_Ejecucion
        ) AS x
        INNER JOIN staging.IPA_Final AS i ON i.ID_Ejecucion = x.ID_Ejecucion
        WHERE i.ID_Fund = p_ID_Fund)
    ORDER BY e.ID_Fund DESC, e.FechaReporte DESC, e.FechaInicio DESC NULLS LAST, e.ID_Ejecucion DESC
    LIMIT 1)
    UNION ALL
    (SELECT e.ID_Ejecucion, e.FechaReporte, e.FechaInicio
    FROM logs.Ejecuciones AS e
    WHERE e.ID_Fund IS NULL AND e.FechaReporte >= p_Desde AND e.FechaReporte <= p_Hasta
      AND e.Estado IN ('COMPLETADO', 'COMPLETADO_CON_ERRORES')
      AND EXISTS (
        SELECT FROM logs.Ejecucion_Fondos AS f
        WHERE f.ID_Ejecucion = e.ID_Ejecucion AND f.ID_Fund = p_ID_Fund AND f.Estado_Process_IPA = 'COMPLETADO')
      AND EXISTS (SELECT FROM staging.IPA_Final AS i WHERE i.ID_Ejecucion = e.ID_Ejecucion AND i.ID_Fund = p_ID_Fund)
    ORDER BY e.ID_Fund DESC, e.FechaReporte DESC, e.FechaInicio DESC NULLS LAST, e.ID_Ejecucion DESC
    LIMIT 1)
  ) AS u
  ORDER BY u.FechaReporte DESC, u.FechaInicio DESC NULLS LAST, u.ID_Ejecucion DESC
  LIMIT 1;
END;
$funcion$;
