/*
  Claims free chunks for a worker.

  Returns: many
    ID_Chunk   bigint        not null
    Peso       decimal(12,2) not null
    Expira     datetime2(3)  null
    Parametros nvarchar(max) null
  Errors: 50400
  Touches: trabajo.Trabajos read, trabajo.Chunks write
  Batch: 2000
  Entry: carril_app
  Since: 018
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Reclamar_Chunks
    @Poseedor nvarchar(200),
    @Tipos trabajo.Lista_Tipos_v1 READONLY,
    @Maximo int = 1,
    @Activo bit = 1,
    @ID_Trabajo bigint = NULL
AS
BEGIN
    IF @Maximo < 1 THROW 50400, N'@Maximo', 1;
END;
GO
GRANT EXECUTE ON trabajo.sp_Reclamar_Chunks TO carril_app;
