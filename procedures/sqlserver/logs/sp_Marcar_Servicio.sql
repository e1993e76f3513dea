SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Writes the state of one service of an execution, and its message (NULL clears it). Updates exactly one row, else 50404. The
  first service that is marked sets the fund's start.

  Returns: nothing
  Errors: 50400, 50404
  Touches: logs.Ejecucion_Fondos write
  Batch: 1
  Step: called inside the caller's transaction
  Since: 006
*/
CREATE OR ALTER PROCEDURE logs.sp_Marcar_Servicio
  @ID_Ejecucion bigint,
  @ID_Fund int,
  @Servicio varchar(50),
  @Estado varchar(50),
  @Mensaje_Error nvarchar(4000) = NULL,
  @Inicio datetime2(3) = NULL
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Filas int, @Mensaje nvarchar(2048);

  IF @Servicio IS NULL OR @Servicio NOT IN ('IPA', 'CAPM', 'PosModRF', 'SONA', 'Derivados', 'UBS', 'PNL')
  BEGIN
    SET @Mensaje = CONCAT(N'el servicio ', REPLACE(@Servicio, '%', '%%'), N' no tiene columna de estado en logs.Ejecucion_Fondos');
    THROW 50400, @Mensaje, 1;
  END;

  UPDATE f
  SET
    Estado_Process_IPA = CASE WHEN @Servicio = 'IPA' THEN @Estado ELSE f.Estado_Process_IPA END,
    Estado_Process_CAPM = CASE WHEN @Servicio = 'CAPM' THEN @Estado ELSE f.Estado_Process_CAPM END,
    Estado_Process_PosModRF = CASE WHEN @Servicio = 'PosModRF' THEN @Estado ELSE f.Estado_Process_PosModRF END,
    Estado_Process_SONA = CASE WHEN @Servicio = 'SONA' THEN @Estado ELSE f.Estado_Process_SONA END,
    Estado_Process_Derivados = CASE WHEN @Servicio = 'Derivados' THEN @Estado ELSE f.Estado_Process_Derivados END,
    Estado_Process_UBS = CASE WHEN @Servicio = 'UBS' THEN @Estado ELSE f.Estado_Process_UBS END,
    Estado_Process_PNL = CASE WHEN @Servicio = 'PNL' THEN @Estado ELSE f.Estado_Process_PNL END,
    FechaInicio = COALESCE(f.FechaInicio, @Inicio),
    Mensaje_Error = @Mensaje_Error
  FROM logs.Ejecucion_Fondos AS f WITH (ROWLOCK, FORCESEEK)
  WHERE f.ID_Ejecucion = @ID_Ejecucion AND f.ID_Fund = @ID_Fund;

  SET @Filas = @@ROWCOUNT;
  IF @Filas <> 1
  BEGIN
    SET @Mensaje = CONCAT(N'no hay fila de estados de la ejecucion ', @ID_Ejecucion, N' y el fondo ', @ID_Fund);
    THROW 50404, @Mensaje, 1;
  END;
END;
GO
