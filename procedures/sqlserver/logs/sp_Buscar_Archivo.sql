SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  What is known of a log file: the newest row of that path, how far it was read, its newest completed review, and the one that
  is running, if any (not one that was cancelled). No row: never seen.

  Returns: many
    ID_Archivo    bigint       not null
    Huella        varchar(64)  not null
    Huella_Bytes  int          not null
    Opciones      varchar(64)  not null
    Leido         bigint       not null  read up to here by completed reviews
    Reanudar_En   bigint       not null  where the next review begins
    ID_Trabajo    bigint       null      newest completed review
    Tipo          varchar(50)  null
    Estado        varchar(50)  null
    Trabajo_Vivo  bigint       null      review that is running
    Desde         bigint       null      its range
    Hasta         bigint       null
  Errors: 50400
  Touches: logs.Archivos read, trabajo.Trabajos read
  Batch: none
  Entry: carril_app
  Since: 022
*/
CREATE OR ALTER PROCEDURE logs.sp_Buscar_Archivo
  @Ruta nvarchar(400)
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  IF @Ruta IS NULL OR @Ruta = N''
    THROW 50400, N'@Ruta es obligatoria', 1;

  SELECT TOP (1)
    a.ID_Archivo, CONVERT(varchar(64), a.Huella) AS Huella, a.Huella_Bytes, CONVERT(varchar(64), a.Opciones) AS Opciones,
    a.Leido, a.Reanudar_En, t.ID_Trabajo, t.Tipo, t.Estado, v.ID_Trabajo AS Trabajo_Vivo,
    TRY_CONVERT(bigint, JSON_VALUE(v.Parametros, '$.desde')) AS Desde,
    TRY_CONVERT(bigint, JSON_VALUE(v.Parametros, '$.hasta')) AS Hasta
  FROM logs.Archivos AS a
  LEFT JOIN trabajo.Trabajos AS t ON t.ID_Trabajo = a.ID_Trabajo
  LEFT JOIN trabajo.Trabajos AS v ON v.ID_Trabajo = a.ID_Ultimo_Trabajo AND v.Estado = 'EN_PROGRESO' AND v.Cancelado = 0
  WHERE a.Ruta = @Ruta
  ORDER BY a.ID_Archivo DESC;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Buscar_Archivo TO carril_app;
GO
