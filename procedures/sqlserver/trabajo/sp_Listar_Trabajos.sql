SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The newest jobs, newest first, of one kind or of all, in one state or in any, with their counts. Counts only the chunks of the
  jobs that it lists.

  Returns: many
    ID_Trabajo     bigint         not null
    Tipo           varchar(50)    not null
    Clave          nvarchar(200)  null
    Estado         varchar(50)    not null
    Cancelado      bit            not null
    Usuario        nvarchar(100)  null
    FechaCreacion  datetime2(3)   not null
    FechaFin       datetime2(3)   null
    Total          int            not null
    Pendientes     int            not null
    EnProgreso     int            not null
    Completados    int            not null
    Fallidos       int            not null
    Cancelados     int            not null
    Omitidos       int            not null
  Errors: 50400
  Touches: trabajo.Trabajos read, trabajo.Chunks read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 021
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Listar_Trabajos
  @Tipo varchar(50) = NULL,
  @Estado varchar(50) = NULL,
  @Maximo int = 20
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Ultimos TABLE (ID_Trabajo bigint NOT NULL PRIMARY KEY);

  IF @Maximo IS NULL OR @Maximo NOT BETWEEN 1 AND 2000
    THROW 50400, N'@Maximo debe estar entre 1 y 2000', 1;
  IF @Estado NOT IN ('EN_PROGRESO', 'COMPLETADO', 'COMPLETADO_CON_ERRORES', 'ERROR', 'CANCELADO')
    THROW 50400, N'@Estado debe ser EN_PROGRESO, COMPLETADO, COMPLETADO_CON_ERRORES, ERROR o CANCELADO', 1;

  -- primero cuales, por su ID, que crece con el tiempo; las cuentas, solo de esos
  INSERT INTO @Ultimos (ID_Trabajo)
  SELECT TOP (@Maximo) t.ID_Trabajo
  FROM trabajo.Trabajos AS t
  WHERE (@Tipo IS NULL OR t.Tipo = @Tipo) AND (@Estado IS NULL OR t.Estado = @Estado)
  ORDER BY t.ID_Trabajo DESC
  OPTION (RECOMPILE);

  SELECT
    v.ID_Trabajo, v.Tipo, v.Clave, v.Estado, v.Cancelado, v.Usuario, v.FechaCreacion, v.FechaFin, v.Total, v.Pendientes,
    v.EnProgreso, v.Completados, v.Fallidos, v.Cancelados, v.Omitidos
  FROM @Ultimos AS u
  INNER JOIN trabajo.vw_Trabajos AS v ON v.ID_Trabajo = u.ID_Trabajo
  ORDER BY v.ID_Trabajo DESC;
END;
GO
GRANT EXECUTE ON OBJECT::trabajo.sp_Listar_Trabajos TO carril_app;
GRANT EXECUTE ON OBJECT::trabajo.sp_Listar_Trabajos TO carril_lector;
GO
