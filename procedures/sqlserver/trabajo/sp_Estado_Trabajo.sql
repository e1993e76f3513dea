SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  A job and its counts: live while it runs, as its finalizer wrote them afterwards.

  Returns: one
    ID_Trabajo     bigint         not null
    Tipo           varchar(50)    not null
    Clave          nvarchar(200)  null
    Parametros     nvarchar(max)  null
    Estado         varchar(50)    not null
    Cancelado      bit            not null
    FechaCreacion  datetime2(3)   not null
    FechaFin       datetime2(3)   null
    Total          int            not null
    Pendientes     int            not null  free, waiting for their time, or with an expired lease
    EnProgreso     int            not null  under a lease that has not expired
    Completados    int            not null
    Fallidos       int            not null
    Cancelados     int            not null
  Errors: 50400, 50404
  Touches: trabajo.Trabajos read, trabajo.Chunks read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Estado_Trabajo
  @ID_Trabajo bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Mensaje nvarchar(2048);

  IF @ID_Trabajo IS NULL
    THROW 50400, N'@ID_Trabajo es obligatorio', 1;
  IF NOT EXISTS (SELECT 1 FROM trabajo.Trabajos AS t WHERE t.ID_Trabajo = @ID_Trabajo)
  BEGIN
    SET @Mensaje = CONCAT(N'no existe el trabajo ', @ID_Trabajo);
    THROW 50404, @Mensaje, 1;
  END;

  SELECT
    v.ID_Trabajo, v.Tipo, v.Clave, v.Parametros, v.Estado, v.Cancelado, v.FechaCreacion, v.FechaFin, v.Total, v.Pendientes,
    v.EnProgreso, v.Completados, v.Fallidos, v.Cancelados
  FROM trabajo.vw_Trabajos AS v
  WHERE v.ID_Trabajo = @ID_Trabajo;
END;
GO
GRANT EXECUTE ON OBJECT::trabajo.sp_Estado_Trabajo TO carril_app;
GRANT EXECUTE ON OBJECT::trabajo.sp_Estado_Trabajo TO carril_lector;
GO
