SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Checks what every extraction is called with: inside a transaction, for an execution that exists and is of that date.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read
  Batch: none
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR ALTER PROCEDURE extract.sp_Comprobar_Extraccion
  @FechaReporte date,
  @ID_Ejecucion bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  DECLARE @Mensaje nvarchar(2048), @Fecha date;

  IF @@TRANCOUNT = 0
    THROW 50409, N'Una extraccion es un paso: se llama dentro de la transaccion de quien la ejecuta.', 1;

  SELECT @Fecha = e.FechaReporte FROM logs.Ejecuciones AS e WHERE e.ID_Ejecucion = @ID_Ejecucion;
  IF @Fecha IS NULL
  BEGIN
    SET @Mensaje = CONCAT(N'La ejecucion ', @ID_Ejecucion, N' no existe.');
    THROW 50404, @Mensaje, 1;
  END;
  IF @FechaReporte IS NULL OR @FechaReporte <> @Fecha
  BEGIN
    SET @Mensaje = CONCAT(N'La ejecucion ', @ID_Ejecucion, N' es del ', CONVERT(char(10), @Fecha, 23), N', no del ',
      ISNULL(CONVERT(char(10), @FechaReporte, 23), N'NULL'), N'.');
    THROW 50400, @Mensaje, 1;
  END;
END;
