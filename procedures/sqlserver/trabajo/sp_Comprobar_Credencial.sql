SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  What the credential with this fingerprint may do: no row when there is none, or when it was revoked or has expired.

  Returns: many
    ID_Credencial  bigint         not null
    Nombre         nvarchar(100)  not null
    Rol            varchar(20)    not null
  Errors: 50400
  Touches: trabajo.Credenciales read
  Batch: none
  Entry: carril_app
  Since: 029
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Comprobar_Credencial
  @Huella varchar(64)
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  IF @Huella IS NULL
    THROW 50400, N'@Huella es obligatoria', 1;

  SELECT c.ID_Credencial, c.Nombre, c.Rol
  FROM trabajo.Credenciales AS c
  WHERE c.Huella = @Huella AND c.Revocada IS NULL AND (c.Vence IS NULL OR c.Vence > SYSUTCDATETIME());
END;
GO
GRANT EXECUTE ON OBJECT::trabajo.sp_Comprobar_Credencial TO carril_app;
GO
