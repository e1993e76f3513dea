SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Takes a closing's lock Exclusive, waiting at most 15 s, and checks that the closing is in the state cargando.

  Returns: nothing
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: nomina.CierreNomina read
  Batch: none
  Step: called inside the caller's transaction
  Since: 020
*/
CREATE OR ALTER PROCEDURE nomina.sp_Comprobar_Carga
  @ID_Cierre bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Estado varchar(50), @Recurso nvarchar(255), @Mensaje nvarchar(2048);

  IF @@TRANCOUNT = 0
    THROW 50409, N'nomina.sp_Comprobar_Carga necesita una transaccion abierta', 1;
  IF @ID_Cierre IS NULL
    THROW 50400, N'@ID_Cierre es obligatorio', 1;
  SET @Recurso = CONCAT(N'carril:clave:nomina:', @ID_Cierre);
  EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 15000;
  SELECT @Estado = c.estado FROM nomina.CierreNomina AS c WITH (READCOMMITTEDLOCK) WHERE c.id = @ID_Cierre;
  IF @Estado IS NULL
  BEGIN
    SET @Mensaje = CONCAT(N'no existe el cierre ', @ID_Cierre);
    THROW 50404, @Mensaje, 1;
  END;
  IF @Estado <> 'cargando'
  BEGIN
    SET @Mensaje = CONCAT(N'el cierre ', @ID_Cierre, N' esta en ', @Estado, N': la carga se abre con nomina.sp_Abrir_Carga');
    THROW 50409, @Mensaje, 1;
  END;
END;
GO
