SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Checks what every extraction of the old way is called with: inside a transaction, for a shared execution of that date.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read
  Batch: none
  Step: called inside the caller's transaction
  Since: 013
*/
CREATE OR ALTER PROCEDURE logs.sp_Comprobar_Legado
  @ID_Ejecucion bigint,
  @FechaReporte date
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Mensaje nvarchar(2048), @Fecha date, @ID_Fund int;

  IF @@TRANCOUNT = 0
    THROW 50409, N'logs.sp_Comprobar_Legado es un paso: se llama dentro de la transaccion de quien lo ejecuta', 1;

  SELECT @Fecha = e.FechaReporte, @ID_Fund = e.ID_Fund FROM logs.Ejecuciones AS e WHERE e.ID_Ejecucion = @ID_Ejecucion;
  IF @Fecha IS NULL
  BEGIN
    SET @Mensaje = CONCAT(N'no existe la ejecucion ', @ID_Ejecucion);
    THROW 50404, @Mensaje, 1;
  END;
  IF @FechaReporte IS NULL OR @FechaReporte <> @Fecha
  BEGIN
    SET @Mensaje = CONCAT(N'la ejecucion ', @ID_Ejecucion, N' es del ', CONVERT(char(10), @Fecha, 23), N', no del ',
      ISNULL(CONVERT(char(10), @FechaReporte, 23), N'NULL'));
    THROW 50400, @Mensaje, 1;
  END;
  IF @ID_Fund IS NOT NULL
  BEGIN
    SET @Mensaje = CONCAT(N'la ejecucion ', @ID_Ejecucion, N' es de un solo fondo: la extrae su servicio, con su ID_Ejecucion');
    THROW 50409, @Mensaje, 1;
  END;
END;
