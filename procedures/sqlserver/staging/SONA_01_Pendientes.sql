SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Brings the fund's trades that are pending at the date from extract.SONA to staging.SONA_WorkTable, numbered from 1: traded
  at or before the date and settling after it; what settles on the date is settled. Deletes the fund's rows first.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, extract.SONA read, staging.SONA_WorkTable write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR ALTER PROCEDURE staging.SONA_01_Pendientes
  @ID_Ejecucion bigint,
  @FechaReporte date,
  @ID_Fund int,
  @Portfolio_Geneva varchar(50)
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  DECLARE @Desde bigint = 0, @Hasta bigint, @Hechas bigint = 0, @Borradas int = 2000;

  EXEC staging.sp_Comprobar_Paso @ID_Ejecucion, @FechaReporte, @ID_Fund, @Portfolio_Geneva;

  WHILE @Borradas = 2000
  BEGIN
    DELETE TOP (2000) FROM staging.SONA_WorkTable WITH (ROWLOCK, FORCESEEK)
    WHERE ID_Ejecucion = @ID_Ejecucion AND ID_Fund = @ID_Fund;
    SET @Borradas = @@ROWCOUNT;
  END;

  WHILE 1 = 1
  BEGIN
    SELECT @Hasta = MAX(t.ID)
    FROM (
      SELECT TOP (2000) x.ID
      FROM extract.vw_SONA AS x
      WHERE x.ID_Ejecucion = @ID_Ejecucion AND x.Portfolio = @Portfolio_Geneva AND x.ID > @Desde
        AND x.FechaOperacion <= @FechaReporte AND x.FechaLiquidacion > @FechaReporte
      ORDER BY x.ID
    ) AS t;
    IF @Hasta IS NULL BREAK;

    INSERT INTO staging.SONA_WorkTable WITH (ROWLOCK) (
      ID_Ejecucion, ID_Fund, ID_Linea, FechaReporte, Portfolio, ID_Operacion, InvestID, Descripcion, Moneda,
      FechaOperacion, FechaLiquidacion, Cantidad, Monto)
    SELECT
      @ID_Ejecucion, @ID_Fund, @Hechas + ROW_NUMBER() OVER (ORDER BY x.ID), x.FechaReporte, x.Portfolio,
      x.ID_Operacion, x.InvestID, x.Descripcion, x.Moneda, x.FechaOperacion, x.FechaLiquidacion, x.Cantidad, x.Monto
    FROM extract.vw_SONA AS x
    WHERE x.ID_Ejecucion = @ID_Ejecucion AND x.Portfolio = @Portfolio_Geneva AND x.ID > @Desde AND x.ID <= @Hasta
      AND x.FechaOperacion <= @FechaReporte AND x.FechaLiquidacion > @FechaReporte;

    SET @Hechas += @@ROWCOUNT;
    SET @Desde = @Hasta;
  END;
END;
