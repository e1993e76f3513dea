SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Checks what every staging step is called with: inside a transaction, for an execution that exists, of that date, that holds
  that fund under that portfolio.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read
  Batch: none
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR ALTER PROCEDURE staging.sp_Comprobar_Paso
  @ID_Ejecucion bigint,
  @FechaReporte date,
  @ID_Fund int,
  @Portfolio_Geneva varchar(50)
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  DECLARE @Mensaje nvarchar(2048), @Fecha date, @Portfolio varchar(50);

  IF @@TRANCOUNT = 0
    THROW 50409, N'Un paso de staging se llama dentro de la transaccion de quien lo ejecuta.', 1;

  SELECT @Fecha = e.FechaReporte, @Portfolio = f.Portfolio_Geneva
  FROM logs.Ejecuciones AS e
  LEFT JOIN logs.Ejecucion_Fondos AS f ON f.ID_Ejecucion = e.ID_Ejecucion AND f.ID_Fund = @ID_Fund
  WHERE e.ID_Ejecucion = @ID_Ejecucion;

  IF @Fecha IS NULL
  BEGIN
    SET @Mensaje = CONCAT(N'La ejecucion ', @ID_Ejecucion, N' no existe.');
    THROW 50404, @Mensaje, 1;
  END;
  IF @Portfolio IS NULL
  BEGIN
    SET @Mensaje = CONCAT(N'La ejecucion ', @ID_Ejecucion, N' no tiene el fondo ', @ID_Fund, N'.');
    THROW 50404, @Mensaje, 1;
  END;
  IF @FechaReporte IS NULL OR @FechaReporte <> @Fecha
  BEGIN
    SET @Mensaje = CONCAT(N'La ejecucion ', @ID_Ejecucion, N' es del ', CONVERT(char(10), @Fecha, 23), N', no del ',
      ISNULL(CONVERT(char(10), @FechaReporte, 23), N'NULL'), N'.');
    THROW 50400, @Mensaje, 1;
  END;
  IF @Portfolio_Geneva IS NULL OR @Portfolio_Geneva <> @Portfolio
  BEGIN
    SET @Mensaje = REPLACE(CONCAT(N'El fondo ', @ID_Fund, N' de la ejecucion ', @ID_Ejecucion, N' es el portfolio ',
      @Portfolio, N', no ', ISNULL(@Portfolio_Geneva, N'NULL'), N'.'), N'%', N'%%');
    THROW 50400, @Mensaje, 1;
  END;
END;
