SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The credentials of the HTTP service, the newest first, without their fingerprints.

  Returns: many
    ID_Credencial  bigint         not null
    Nombre         nvarchar(100)  not null
    Rol            varchar(20)    not null
    FechaCreacion  datetime2(3)   not null
    Vence          datetime2(3)   null
    Revocada       datetime2(3)   null
    Usuario        nvarchar(100)  not null
  Errors: none
  Touches: trabajo.Credenciales read
  Batch: none
  Entry: carril_app, carril_dba
  Since: 029
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Listar_Credenciales
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  SELECT c.ID_Credencial, c.Nombre, c.Rol, c.FechaCreacion, c.Vence, c.Revocada, c.Usuario
  FROM trabajo.Credenciales AS c
  ORDER BY c.ID_Credencial DESC;
END;
GO
GRANT EXECUTE ON OBJECT::trabajo.sp_Listar_Credenciales TO carril_app;
GRANT EXECUTE ON OBJECT::trabajo.sp_Listar_Credenciales TO carril_dba;
GO
