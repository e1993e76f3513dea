SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Leaves the fund's accounting NAV (all its balances added up) beside its IPA total in staging.CAPM_Final: the difference, NAV
  less IPA, in money and in basis points of the NAV's absolute value, rounded half away from zero to 4 decimals. No basis
  points (NULL) when the NAV is zero or they do not fit their column. Without IPA rows the IPA total is 0; without balances
  there is no row. Deletes the fund's row first.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Backfill_Mapa read, logs.Backfill_Estado read, staging.IPA_Final read, staging.CAPM_WorkTable read, staging.CAPM_Final write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR ALTER PROCEDURE staging.CAPM_02_Final
  @ID_Ejecucion bigint,
  @FechaReporte date,
  @ID_Fund int,
  @Portfolio_Geneva varchar(50)
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  DECLARE
    @ID_Ejecucion_IPA bigint, @Saldos int, @Patrimonio decimal(19, 4), @Total decimal(19, 4) = 0, @Diferencia decimal(19, 4);

  EXEC staging.sp_Comprobar_Paso @ID_Ejecucion, @FechaReporte, @ID_Fund, @Portfolio_Geneva;

  DELETE FROM staging.CAPM_Final WITH (ROWLOCK, FORCESEEK)
  WHERE ID_Ejecucion = @ID_Ejecucion AND ID_Fund = @ID_Fund;

  SELECT @Saldos = COUNT(*), @Patrimonio = SUM(w.Saldo)
  FROM staging.CAPM_WorkTable AS w
  WHERE w.ID_Ejecucion = @ID_Ejecucion AND w.ID_Fund = @ID_Fund;
  IF @Saldos = 0
    RETURN;

  EXEC staging.sp_Ejecucion_IPA
    @ID_Ejecucion = @ID_Ejecucion, @FechaReporte = @FechaReporte, @ID_Fund = @ID_Fund,
    @ID_Ejecucion_IPA = @ID_Ejecucion_IPA OUTPUT;
  SELECT @Total = COALESCE(SUM(i.ValorMercado), 0)
  FROM staging.IPA_Final AS i
  WHERE i.ID_Ejecucion = @ID_Ejecucion_IPA AND i.ID_Fund = @ID_Fund;
  SET @Diferencia = @Patrimonio - @Total;

  -- decimal(23,4) / decimal(19,4) es decimal(38,15), y la division trunca: quedan once cifras mas que las cuatro que se
  -- guardan, asi que el CAST redondea lo mismo que redondearia el cociente exacto
  INSERT INTO staging.CAPM_Final WITH (ROWLOCK) (
    ID_Ejecucion, ID_Fund, FechaReporte, Patrimonio_Contable, Total_IPA, Diferencia, Diferencia_PB)
  SELECT
    @ID_Ejecucion, @ID_Fund, @FechaReporte, @Patrimonio, @Total, @Diferencia,
    TRY_CAST(
      CAST(@Diferencia * 10000 AS decimal(23, 4)) / NULLIF(CAST(ABS(@Patrimonio) AS decimal(19, 4)), 0) AS decimal(18, 4));
END;
