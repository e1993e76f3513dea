SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Revokes a credential: from now on it opens nothing. One that was revoked before keeps its time. The row stays, for who asks
  later what it was.

  Returns: one
    Nombre    nvarchar(100)  not null
    Revocada  datetime2(3)   not null
  Errors: 50400, 50404
  Touches: trabajo.Credenciales write
  Batch: 1
  Entry: carril_dba
  Since: 029
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Revocar_Credencial
  @ID_Credencial bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Nombre nvarchar(100), @Revocada datetime2(3), @Mensaje nvarchar(2048);

  IF @ID_Credencial IS NULL
    THROW 50400, N'@ID_Credencial es obligatorio', 1;

  BEGIN TRY
    BEGIN TRANSACTION;

    UPDATE c
    SET Revocada = SYSUTCDATETIME()
    FROM trabajo.Credenciales AS c
    WHERE c.ID_Credencial = @ID_Credencial AND c.Revocada IS NULL;

    SELECT @Nombre = c.Nombre, @Revocada = c.Revocada
    FROM trabajo.Credenciales AS c
    WHERE c.ID_Credencial = @ID_Credencial;

    IF @Nombre IS NULL
    BEGIN
      SET @Mensaje = CONCAT(N'no existe la credencial ', @ID_Credencial);
      THROW 50404, @Mensaje, 1;
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0 ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  SELECT @Nombre AS Nombre, @Revocada AS Revocada;
END;
GO
GRANT EXECUTE ON OBJECT::trabajo.sp_Revocar_Credencial TO carril_dba;
GO
