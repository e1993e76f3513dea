SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Takes a transaction-owned application lock and turns sp_getapplock's return codes into errors: -1 and -3 into 50408, -2
  into 50499, anything else negative into 50400. With @Espera_ms = 0 a refusal is an answer, @Concedido = 0, and no error.
  The lock ends with the caller's transaction.

  Returns: output
    Concedido  bit  not null
  Errors: 50400, 50408, 50409, 50499
  Touches: nothing
  Batch: none
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Bloquear
  @Recurso nvarchar(255),
  @Modo varchar(20),
  @Espera_ms int,
  @Concedido bit = NULL OUTPUT
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Codigo int, @Mensaje nvarchar(2048), @Nombre nvarchar(600) = REPLACE(@Recurso, N'%', N'%%'); -- THROW lee los %
  SET @Concedido = 0;

  IF @@TRANCOUNT = 0
    THROW 50409, N'trabajo.sp_Bloquear necesita una transaccion abierta: el candado dura lo que ella', 1;

  EXEC @Codigo = sys.sp_getapplock
    @Resource = @Recurso, @LockMode = @Modo, @LockOwner = 'Transaction', @LockTimeout = @Espera_ms;

  IF @Codigo >= 0
  BEGIN
    SET @Concedido = 1;
    RETURN;
  END;
  IF @Codigo = -1 AND @Espera_ms = 0
    RETURN;
  IF @Codigo IN (-1, -3)
  BEGIN
    SET @Mensaje = CONCAT(N'el candado ', @Nombre, N' (', @Modo, N') no se obtuvo en ', @Espera_ms,
      N' ms: otra sesion lo tiene; se puede repetir la llamada');
    THROW 50408, @Mensaje, 1;
  END;
  IF @Codigo = -2
  BEGIN
    SET @Mensaje = CONCAT(N'la espera por el candado ', @Nombre, N' fue cancelada');
    THROW 50499, @Mensaje, 1;
  END;
  SET @Mensaje = CONCAT(N'sp_getapplock rechazo recurso, modo o espera (', @Nombre, N', ', @Modo, N', ', @Espera_ms,
    N'): codigo ', @Codigo);
  THROW 50400, @Mensaje, 1;
END;
GO
