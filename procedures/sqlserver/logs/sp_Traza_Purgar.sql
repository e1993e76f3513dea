SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Deletes trace records from before a moment, the first written first, at most @Maximo a call. Call again until Quedan is 0. Records
  are written soon after their time, so the first that is young ends it: no index on the time is needed.

  Returns: one
    Borradas  int  not null
    Quedan    bit  not null  1: the call reached its limit, there may be more
  Errors: 50400
  Touches: logs.Trace_Records write
  Batch: 2000
  Entry: carril_app
  Since: 016
*/
CREATE OR ALTER PROCEDURE logs.sp_Traza_Purgar
  @Antes_De datetime2(3),
  @Maximo int = 2000
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Vistas int, @Hasta bigint, @Borradas int = 0;

  IF @Antes_De IS NULL
    THROW 50400, N'@Antes_De es obligatorio: las trazas de antes de ese momento se borran', 1;
  IF @Maximo IS NULL OR @Maximo NOT BETWEEN 1 AND 2000
    THROW 50400, N'@Maximo debe estar entre 1 y 2000', 1;

  BEGIN TRY
    BEGIN TRANSACTION;

    SELECT @Vistas = COUNT(*), @Hasta = MAX(x.ID_Trace)
    FROM (SELECT TOP (@Maximo) t.ID_Trace FROM logs.Trace_Records AS t ORDER BY t.ID_Trace) AS x;

    DELETE t
    FROM logs.Trace_Records AS t WITH (ROWLOCK, FORCESEEK)
    WHERE t.ID_Trace <= @Hasta AND t.[Timestamp] < @Antes_De;
    SET @Borradas = @@ROWCOUNT;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  SELECT @Borradas AS Borradas, CONVERT(bit, CASE WHEN @Vistas = @Maximo AND @Borradas = @Vistas THEN 1 ELSE 0 END) AS Quedan;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Traza_Purgar TO carril_app;
GO
