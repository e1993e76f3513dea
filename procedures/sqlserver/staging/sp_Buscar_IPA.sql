SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
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
CREATE OR ALTER PROCEDURE staging.sp_Buscar_IPA
  @ID_Fund int,
  @Desde date,
  @Hasta date,
  @ID_Ejecucion_IPA bigint = NULL OUTPUT,
  @FechaReporte date = NULL OUTPUT
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SELECT @ID_Ejecucion_IPA = NULL, @FechaReporte = NULL;

  -- Primero la fecha, que IX_Ejecuciones_Fund da de atras para adelante y se detiene en la primera, y despues la ejecucion
  -- dentro de ella. Las propias del fondo y las heredadas (sin ID_Fund) van aparte: un OR recorreria las de otros fondos.
  -- ID_Fund esta en el orden para que sea el del indice. A medio backfill, el estado y las filas de una propia pueden estar aun
  -- en la compartida de la que sale, cada cosa por su lado.
  SELECT @FechaReporte = MAX(u.FechaReporte)
  FROM (
    SELECT propia.FechaReporte
    FROM (
      SELECT TOP (1) e.FechaReporte
      FROM logs.Ejecuciones AS e
      WHERE e.ID_Fund = @ID_Fund AND e.FechaReporte >= @Desde AND e.FechaReporte <= @Hasta AND e.Estado = 'COMPLETADO'
        AND EXISTS (
          SELECT 1
          FROM (
            SELECT e.ID_Ejecucion
            UNION ALL
            SELECT m.ID_Ejecucion FROM logs.Backfill_Mapa AS m WHERE m.ID_Ejecucion_Nuevo = e.ID_Ejecucion
          ) AS x
          INNER JOIN logs.Ejecucion_Fondos AS f ON f.ID_Ejecucion = x.ID_Ejecucion
          WHERE f.ID_Fund = @ID_Fund AND f.Estado_Process_IPA = 'COMPLETADO')
        AND EXISTS (
          SELECT 1
          FROM (
            SELECT e.ID_Ejecucion
            UNION ALL
            SELECT m.ID_Ejecucion FROM logs.Backfill_Mapa AS m WHERE m.ID_Ejecucion_Nuevo = e.ID_Ejecucion
          ) AS x
          INNER JOIN staging.IPA_Final AS i ON i.ID_Ejecucion = x.ID_Ejecucion
          WHERE i.ID_Fund = @ID_Fund)
      ORDER BY e.ID_Fund DESC, e.FechaReporte DESC
    ) AS propia
    UNION ALL
    SELECT heredada.FechaReporte
    FROM (
      SELECT TOP (1) e.FechaReporte
      FROM logs.Ejecuciones AS e
      WHERE e.ID_Fund IS NULL AND e.FechaReporte >= @Desde AND e.FechaReporte <= @Hasta
        AND e.Estado IN ('COMPLETADO', 'COMPLETADO_CON_ERRORES')
        AND EXISTS (
          SELECT 1 FROM logs.Ejecucion_Fondos AS f
          WHERE f.ID_Ejecucion = e.ID_Ejecucion AND f.ID_Fund = @ID_Fund AND f.Estado_Process_IPA = 'COMPLETADO')
        AND EXISTS (SELECT 1 FROM staging.IPA_Final AS i WHERE i.ID_Ejecucion = e.ID_Ejecucion AND i.ID_Fund = @ID_Fund)
      ORDER BY e.ID_Fund DESC, e.FechaReporte DESC
    ) AS heredada
  ) AS u;

  SELECT TOP (1) @ID_Ejecucion_IPA = u.ID_Ejecucion
  FROM (
    SELECT e.ID_Ejecucion, e.FechaInicio
    FROM logs.Ejecuciones AS e
    WHERE e.ID_Fund = @ID_Fund AND e.FechaReporte = @FechaReporte AND e.Estado = 'COMPLETADO'
      AND EXISTS (
        SELECT 1
        FROM (
          SELECT e.ID_Ejecucion
          UNION ALL
          SELECT m.ID_Ejecucion FROM logs.Backfill_Mapa AS m WHERE m.ID_Ejecucion_Nuevo = e.ID_Ejecucion
        ) AS x
        INNER JOIN logs.Ejecucion_Fondos AS f ON f.ID_Ejecucion = x.ID_Ejecucion
        WHERE f.ID_Fund = @ID_Fund AND f.Estado_Process_IPA = 'COMPLETADO')
      AND EXISTS (
        SELECT 1
        FROM (
          SELECT e.ID_Ejecucion
          UNION ALL
          SELECT m.ID_Ejecucion FROM logs.Backfill_Mapa AS m WHERE m.ID_Ejecucion_Nuevo = e.ID_Ejecucion
        ) AS x
        INNER JOIN staging.IPA_Final AS i ON i.ID_Ejecucion = x.ID_Ejecucion
        WHERE i.ID_Fund = @ID_Fund)
    UNION ALL
    SELECT e.ID_Ejecucion, e.FechaInicio
    FROM logs.Ejecuciones AS e
    WHERE e.ID_Fund IS NULL AND e.FechaReporte = @FechaReporte AND e.Estado IN ('COMPLETADO', 'COMPLETADO_CON_ERRORES')
      AND EXISTS (
        SELECT 1 FROM logs.Ejecucion_Fondos AS f
        WHERE f.ID_Ejecucion = e.ID_Ejecucion AND f.ID_Fund = @ID_Fund AND f.Estado_Process_IPA = 'COMPLETADO')
      AND EXISTS (SELECT 1 FROM staging.IPA_Final AS i WHERE i.ID_Ejecucion = e.ID_Ejecucion AND i.ID_Fund = @ID_Fund)
  ) AS u
  ORDER BY u.FechaInicio DESC, u.ID_Ejecucion DESC;
END;
