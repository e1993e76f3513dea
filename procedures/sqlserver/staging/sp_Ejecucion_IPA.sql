SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Whose rows of staging.IPA_Final the other services of an execution read: its own, or, when IPA was skipped in it (OMITIDO,
  because one service was run alone), those of the fund's last completed execution of the same date. Neither has rows: NULL.
  Of a date whose rows a backfill is moving, the latter are refused (50409): a part of them is elsewhere.

  Returns: output
    ID_Ejecucion_IPA  bigint  null
  Errors: 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Backfill_Mapa read, logs.Backfill_Estado read, staging.IPA_Final read
  Batch: none
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR ALTER PROCEDURE staging.sp_Ejecucion_IPA
  @ID_Ejecucion bigint,
  @FechaReporte date,
  @ID_Fund int,
  @ID_Ejecucion_IPA bigint = NULL OUTPUT
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Estado varchar(50), @Mensaje nvarchar(2048);
  SET @ID_Ejecucion_IPA = NULL;

  SELECT @Estado = f.Estado_Process_IPA
  FROM logs.Ejecucion_Fondos AS f
  WHERE f.ID_Ejecucion = @ID_Ejecucion AND f.ID_Fund = @ID_Fund;

  IF @Estado = 'OMITIDO'
  BEGIN
    EXEC staging.sp_Buscar_IPA
      @ID_Fund = @ID_Fund, @Desde = @FechaReporte, @Hasta = @FechaReporte, @ID_Ejecucion_IPA = @ID_Ejecucion_IPA OUTPUT;
    IF EXISTS (SELECT 1 FROM logs.Backfill_Estado AS b WHERE b.Fase IN ('PROCESOS', 'FILAS', 'REVIRTIENDO'))
      AND EXISTS (SELECT 1 FROM logs.Ejecuciones AS e WHERE e.ID_Ejecucion = @ID_Ejecucion_IPA AND e.ID_Chunk IS NULL)
    BEGIN
      SET @Mensaje = CONCAT(N'Los resultados del fondo ', @ID_Fund,
        N' de la arquitectura anterior se estan moviendo (carril backfill): repita el fondo cuando termine.');
      THROW 50409, @Mensaje, 1;
    END;
  END;
  ELSE IF EXISTS (SELECT 1 FROM staging.IPA_Final AS i WHERE i.ID_Ejecucion = @ID_Ejecucion AND i.ID_Fund = @ID_Fund)
    SET @ID_Ejecucion_IPA = @ID_Ejecucion;
END;
