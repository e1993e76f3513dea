SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Sets the fund's cash lines apart in staging.IPA_Cash; in IPA_WorkTable they stay, marked. Deletes the fund's rows first.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.IPA_WorkTable read, staging.IPA_Cash write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR ALTER PROCEDURE staging.IPA_02_Cash
  @ID_Ejecucion bigint,
  @FechaReporte date,
  @ID_Fund int,
  @Portfolio_Geneva varchar(50)
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  DECLARE @Desde bigint = 0, @Hasta bigint, @Borradas int = 2000;

  EXEC staging.sp_Comprobar_Paso @ID_Ejecucion, @FechaReporte, @ID_Fund, @Portfolio_Geneva;

  WHILE @Borradas = 2000
  BEGIN
    DELETE TOP (2000) FROM staging.IPA_Cash WITH (ROWLOCK, FORCESEEK)
    WHERE ID_Ejecucion = @ID_Ejecucion AND ID_Fund = @ID_Fund;
    SET @Borradas = @@ROWCOUNT;
  END;

  WHILE 1 = 1
  BEGIN
    SELECT @Hasta = MAX(t.ID_Linea)
    FROM (
      SELECT TOP (2000) w.ID_Linea
      FROM staging.IPA_WorkTable AS w
      WHERE w.ID_Ejecucion = @ID_Ejecucion AND w.ID_Fund = @ID_Fund AND w.Es_Efectivo = 1 AND w.ID_Linea > @Desde
      ORDER BY w.ID_Linea
    ) AS t;
    IF @Hasta IS NULL BREAK;

    INSERT INTO staging.IPA_Cash WITH (ROWLOCK) (
      ID_Ejecucion, ID_Fund, ID_Linea, InvestID, Descripcion, Moneda, ValorMercado)
    SELECT w.ID_Ejecucion, w.ID_Fund, w.ID_Linea, w.InvestID, w.Descripcion, w.Moneda, w.ValorMercado
    FROM staging.IPA_WorkTable AS w
    WHERE w.ID_Ejecucion = @ID_Ejecucion AND w.ID_Fund = @ID_Fund AND w.Es_Efectivo = 1
      AND w.ID_Linea > @Desde AND w.ID_Linea <= @Hasta;

    SET @Desde = @Hasta;
  END;
END;
