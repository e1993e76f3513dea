SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The chunks of a job in their order, from @Desde_Orden on, all or those in one situation (see trabajo.vw_Chunks), at most @Maximo:
  the next page begins after the last Orden of this one.

  Returns: many
    ID_Chunk      bigint          not null
    Orden         int             not null
    Rango_Inicio  bigint          null
    Rango_Fin     bigint          null
    Recurso       nvarchar(400)   null
    Peso          decimal(12,2)   not null
    Estado        varchar(50)     not null
    Situacion     varchar(20)     not null
    Poseedor      nvarchar(200)   null
    Token         bigint          not null
    Intento       int             not null
    Max_Intentos  int             not null
    Expira        datetime2(3)    null
    No_Antes_De   datetime2(3)    null
    Inicio        datetime2(3)    null      of the last attempt
    Fin           datetime2(3)    null
    Resultado     nvarchar(max)   null
    Ultimo_Error  nvarchar(4000)  null
  Errors: 50400, 50404
  Touches: trabajo.Trabajos read, trabajo.Chunks read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 021
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Listar_Chunks
  @ID_Trabajo bigint,
  @Situacion varchar(20) = NULL,
  @Desde_Orden int = 0,
  @Maximo int = 100
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Mensaje nvarchar(2048);

  IF @ID_Trabajo IS NULL OR @Desde_Orden IS NULL
    THROW 50400, N'@ID_Trabajo y @Desde_Orden son obligatorios', 1;
  IF @Maximo IS NULL OR @Maximo NOT BETWEEN 1 AND 2000
    THROW 50400, N'@Maximo debe estar entre 1 y 2000', 1;
  IF @Situacion NOT IN ('PENDIENTE', 'EN_ESPERA', 'EN_PROGRESO', 'VENCIDO', 'COMPLETADO', 'ERROR', 'CANCELADO', 'OMITIDO')
    THROW 50400, N'@Situacion debe ser PENDIENTE, EN_ESPERA, EN_PROGRESO, VENCIDO, COMPLETADO, ERROR, CANCELADO u OMITIDO', 1;
  IF NOT EXISTS (SELECT 1 FROM trabajo.Trabajos AS t WHERE t.ID_Trabajo = @ID_Trabajo)
  BEGIN
    SET @Mensaje = CONCAT(N'no existe el trabajo ', @ID_Trabajo);
    THROW 50404, @Mensaje, 1;
  END;

  SELECT TOP (@Maximo)
    v.ID_Chunk, v.Orden, v.Rango_Inicio, v.Rango_Fin, v.Recurso, v.Peso, v.Estado, v.Situacion, v.Poseedor, v.Token, v.Intento,
    v.Max_Intentos, v.Expira, v.No_Antes_De, v.Inicio, v.Fin, v.Resultado, v.Ultimo_Error
  FROM trabajo.vw_Chunks AS v
  WHERE v.ID_Trabajo = @ID_Trabajo AND v.Orden >= @Desde_Orden AND (@Situacion IS NULL OR v.Situacion = @Situacion)
  ORDER BY v.Orden;
END;
GO
GRANT EXECUTE ON OBJECT::trabajo.sp_Listar_Chunks TO carril_app;
GRANT EXECUTE ON OBJECT::trabajo.sp_Listar_Chunks TO carril_lector;
GO
