SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The error blocks of one review that begin in a range of bytes, in the file's order, at most @Maximo: the next page begins after
  the last Byte_Inicio of this one. The text is cut at 4,000 characters; its range of bytes is whole.

  Returns: many
    ID_Chunk       bigint          null      which chunk found it; none in a sequential review
    Byte_Inicio    bigint          not null
    Byte_Fin       bigint          not null
    Nivel          varchar(20)     not null
    Momento        datetime2(3)    null
    Firma          nvarchar(400)   not null
    Primera_Linea  nvarchar(1000)  not null
    Texto          nvarchar(4000)  not null
  Errors: 50400
  Touches: logs.Bloques_Error read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 022
*/
CREATE OR ALTER PROCEDURE logs.sp_Listar_Bloques
  @ID_Trabajo bigint,
  @Desde bigint = 0,
  @Hasta bigint = NULL,
  @Maximo int = 1000
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @ID_Archivo bigint;

  IF @ID_Trabajo IS NULL OR @Desde IS NULL
    THROW 50400, N'@ID_Trabajo y @Desde son obligatorios', 1;
  IF @Maximo IS NULL OR @Maximo NOT BETWEEN 1 AND 2000
    THROW 50400, N'@Maximo debe estar entre 1 y 2000', 1;

  -- una revision es de un solo archivo, y la clave de los bloques empieza por el
  SELECT TOP (1) @ID_Archivo = b.ID_Archivo FROM logs.Bloques_Error AS b WHERE b.ID_Trabajo = @ID_Trabajo;

  SELECT TOP (@Maximo)
    b.ID_Chunk, b.Byte_Inicio, b.Byte_Fin, b.Nivel, b.Momento, b.Firma, b.Primera_Linea,
    CONVERT(nvarchar(4000), LEFT(b.Texto, 4000)) AS Texto
  FROM logs.Bloques_Error AS b
  WHERE b.ID_Archivo = @ID_Archivo AND b.ID_Trabajo = @ID_Trabajo
    AND b.Byte_Inicio >= @Desde AND (@Hasta IS NULL OR b.Byte_Inicio < @Hasta)
  ORDER BY b.Byte_Inicio;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Listar_Bloques TO carril_app;
GRANT EXECUTE ON OBJECT::logs.sp_Listar_Bloques TO carril_lector;
GO
