SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Creates a credential for the HTTP service from the SHA-256 of its key: the key itself never comes here. The same fingerprint a
  second time gives the first one's ID, so that a call repeated after a lost connection creates nothing twice.

  Returns: output
    ID_Credencial  bigint  not null
  Errors: 50400, 50409
  Touches: trabajo.Credenciales write
  Batch: 1
  Entry: carril_dba
  Since: 029
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Crear_Credencial
  @Nombre nvarchar(100),
  @Rol varchar(20),
  @Huella varchar(64),
  @Vence datetime2(3) = NULL,
  @ID_Credencial bigint OUTPUT
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Otro nvarchar(100);
  -- lo que trajera la variable de quien llama no es la credencial de nadie
  SET @ID_Credencial = NULL;

  IF @Nombre IS NULL OR LTRIM(@Nombre) = N''
    THROW 50400, N'@Nombre es obligatorio', 1;
  IF @Rol IS NULL OR @Rol NOT IN ('LECTURA', 'EJECUCION', 'ADMIN')
    THROW 50400, N'@Rol debe ser LECTURA, EJECUCION o ADMIN', 1;
  IF @Huella IS NULL OR LEN(@Huella) <> 64 OR @Huella LIKE '%[^0-9a-f]%' COLLATE Latin1_General_BIN2
    THROW 50400, N'@Huella debe ser un SHA-256: 64 cifras hexadecimales en minusculas', 1;
  IF @Vence <= SYSUTCDATETIME()
    THROW 50400, N'@Vence ya paso', 1;

  BEGIN TRY
    BEGIN TRANSACTION;

    -- el rango de la huella, aunque todavia no este: dos veces la misma se esperan
    SELECT @ID_Credencial = c.ID_Credencial, @Otro = c.Nombre
    FROM trabajo.Credenciales AS c WITH (UPDLOCK, HOLDLOCK)
    WHERE c.Huella = @Huella;

    IF @ID_Credencial IS NOT NULL AND @Otro <> @Nombre
      THROW 50409, N'esa huella es de otra credencial', 1;

    IF @ID_Credencial IS NULL
    BEGIN
      INSERT INTO trabajo.Credenciales (Nombre, Rol, Huella, Vence, Usuario)
      VALUES (@Nombre, @Rol, @Huella, @Vence, CONVERT(nvarchar(100), ORIGINAL_LOGIN()));
      SET @ID_Credencial = SCOPE_IDENTITY();
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0 ROLLBACK TRANSACTION;
    THROW;
  END CATCH;
END;
GO
GRANT EXECUTE ON OBJECT::trabajo.sp_Crear_Credencial TO carril_dba;
GO
