SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Brings the fund's accounting balances from extract.CAPM to staging.CAPM_WorkTable, numbered from 1. Deletes the fund's rows
  first.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, extract.CAPM read, staging.CAPM_WorkTable write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR ALTER PROCEDURE staging.CAPM_01_Saldos
  @ID_Ejecucion bigint,
  @FechaReporte date,
  @ID_Fund int,
  @Portfolio_Geneva varchar(50)
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  DECLARE
    @Portfolio varchar(50), @Desde bigint = 0, @Hasta bigint, @Hechas bigint = 0, @Borradas int = 2000;

  EXEC staging.sp_Comprobar_Paso @ID_Ejecucion, @FechaReporte, @ID_Fund, @Portfolio_Geneva;

  WHILE @Borradas = 2000
  BEGIN
    DELETE TOP (2000) FROM staging.CAPM_WorkTable WITH (ROWLOCK, FORCESEEK)
    WHERE ID_Ejecucion = @ID_Ejecucion AND ID_Fund = @ID_Fund;
    SET @Borradas = @@ROWCOUNT;
  END;

  -- sin codigo en ese sistema no hay nada que traer
  SELECT @Portfolio = f.Portfolio_CAPM
  FROM logs.Ejecucion_Fondos AS f
  WHERE f.ID_Ejecucion = @ID_Ejecucion AND f.ID_Fund = @ID_Fund;

  WHILE 1 = 1
  BEGIN
    SELECT @Hasta = MAX(t.ID)
    FROM (
      SELECT TOP (2000) x.ID
      FROM extract.vw_CAPM AS x
      WHERE x.ID_Ejecucion = @ID_Ejecucion AND x.Portfolio = @Portfolio AND x.ID > @Desde
      ORDER BY x.ID
    ) AS t;
    IF @Hasta IS NULL BREAK;

    INSERT INTO staging.CAPM_WorkTable WITH (ROWLOCK) (
      ID_Ejecucion, ID_Fund, ID_Linea, FechaReporte, Portfolio, Cuenta, Descripcion, Moneda, Saldo)
    SELECT
      @ID_Ejecucion, @ID_Fund, @Hechas + ROW_NUMBER() OVER (ORDER BY x.ID), x.FechaReporte, x.Portfolio, x.Cuenta,
      x.Descripcion, x.Moneda, x.Saldo
    FROM extract.vw_CAPM AS x
    WHERE x.ID_Ejecucion = @ID_Ejecucion AND x.Portfolio = @Portfolio AND x.ID > @Desde AND x.ID <= @Hasta;

    SET @Hechas += @@ROWCOUNT;
    SET @Desde = @Hasta;
  END;
END;
