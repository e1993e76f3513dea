SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The step procedure a name of the catalogue stands for: one that exists as a procedure in schema extract or staging, quoted and
  ready to be executed. Anything else is 50409: a synonym, a function, another schema, another database.

  A caller sees in sys.procedures only what it has a permission on, hence VIEW DEFINITION on the two schemas for carril_app: it
  lets it see that a step exists, not execute it. (EXECUTE AS OWNER would need a migrator that may impersonate dbo.)

  Returns: output
    Esquema  nvarchar(128)  not null  extract or staging
    Nombre   nvarchar(300)  not null  [schema].[name]
  Errors: 50409
  Touches: nothing
  Batch: none
  Step: called inside the caller's transaction
  Since: 014
*/
CREATE OR ALTER PROCEDURE logs.sp_Resolver_Paso
  @Procedimiento nvarchar(256),
  @Esquema nvarchar(128) = NULL OUTPUT,
  @Nombre nvarchar(300) = NULL OUTPUT
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Mensaje nvarchar(2048);
  SELECT @Esquema = NULL, @Nombre = NULL;

  SELECT @Esquema = s.name, @Nombre = QUOTENAME(s.name) + N'.' + QUOTENAME(p.name)
  FROM sys.procedures AS p
  INNER JOIN sys.schemas AS s ON s.schema_id = p.schema_id
  WHERE PARSENAME(@Procedimiento, 3) IS NULL
    AND s.name IN (N'extract', N'staging')
    AND s.name = PARSENAME(@Procedimiento, 2)
    AND p.name = PARSENAME(@Procedimiento, 1);

  IF @Nombre IS NULL
  BEGIN
    SET @Mensaje = CONCAT(N'logs.Servicio_Procedimientos nombra ', REPLACE(@Procedimiento, N'%', N'%%'),
      N', que no existe como procedimiento de los esquemas extract o staging');
    THROW 50409, @Mensaje, 1;
  END;
END;
GO
GRANT VIEW DEFINITION ON SCHEMA::extract TO carril_app;
GRANT VIEW DEFINITION ON SCHEMA::staging TO carril_app;
GO
