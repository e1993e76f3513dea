SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Counts the funds of a shared execution and writes the counters on its row: what every lane of a run of the old way does when its
  fund has ended, so that all of them update one row (document 002, "logs.Ejecuciones: TotalFondos, FondosExitosos,
  FondosFallidos"; the count is that of updateProcesoStats in document 004). An execution that has ended stays as it is.

  Returns: nothing
  Errors: 50404
  Touches: logs.Ejecuciones write, logs.Ejecucion_Fondos read
  Batch: 1
  Entry: carril_app
  Since: 013
*/
CREATE OR ALTER PROCEDURE logs.sp_Contar_Fondos_Legado
  @ID_Ejecucion bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE @Mensaje nvarchar(2048);

  IF NOT EXISTS (SELECT 1 FROM logs.Ejecuciones AS e WHERE e.ID_Ejecucion = @ID_Ejecucion AND e.ID_Fund IS NULL)
  BEGIN
    SET @Mensaje = CONCAT(N'no existe la ejecucion compartida ', @ID_Ejecucion);
    THROW 50404, @Mensaje, 1;
  END;

  BEGIN TRY
    BEGIN TRANSACTION;

    UPDATE e
    SET FondosExitosos = n.Exitosos, FondosFallidos = n.Fallidos, FondosOmitidos = n.Omitidos
    FROM logs.Ejecuciones AS e WITH (ROWLOCK, FORCESEEK)
    CROSS APPLY (
      SELECT
        COALESCE(SUM(CASE WHEN x.Completados > 0 AND x.Pendientes = 0 THEN 1 ELSE 0 END), 0) AS Exitosos,
        COALESCE(SUM(CASE WHEN x.Fallidos > 0 THEN 1 ELSE 0 END), 0) AS Fallidos,
        COALESCE(SUM(CASE WHEN x.Completados = 0 AND x.Pendientes = 0 THEN 1 ELSE 0 END), 0) AS Omitidos
      FROM (
        SELECT
          SUM(CASE WHEN v.Estado = 'COMPLETADO' THEN 1 ELSE 0 END) AS Completados,
          SUM(CASE WHEN v.Estado = 'ERROR' THEN 1 ELSE 0 END) AS Fallidos,
          SUM(CASE WHEN v.Estado IN ('COMPLETADO', 'OMITIDO') THEN 0 ELSE 1 END) AS Pendientes
        FROM logs.vw_Ejecucion_Servicios AS v
        WHERE v.ID_Ejecucion = e.ID_Ejecucion
        GROUP BY v.ID_Fund
      ) AS x
    ) AS n
    WHERE e.ID_Ejecucion = @ID_Ejecucion AND e.Estado = 'EN_PROGRESO';

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Contar_Fondos_Legado TO carril_app;
GO
