SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  What carril logs sync writes down: of each file (the newest with its path) its newest review and, of kind LOGS, its chunks in
  their order, those that were split left out; one row without a chunk where there is none. Of all files, or of one.

  Returns: many
    Ruta            nvarchar(400)  not null
    ID_Archivo      bigint         not null
    ID_Trabajo      bigint         null
    Estado_Trabajo  varchar(50)    null
    Leido           bigint         not null
    Reanudar_En     bigint         not null
    ID_Chunk        bigint         null
    Orden           int            null
    Byte_Inicio     bigint         null
    Byte_Fin        bigint         null
    Estado          varchar(50)    null      PROCESANDO: held under a lease that has not expired
    Poseedor        nvarchar(200)  null
    Intento         int            null
    Fin             datetime2(3)   null
  Errors: none
  Touches: trabajo.Chunks read, trabajo.Trabajos read, logs.Archivos read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 022
*/
CREATE OR ALTER PROCEDURE logs.sp_Listar_Revisiones
  @Ruta nvarchar(400) = NULL
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  SELECT
    a.Ruta, a.ID_Archivo, t.ID_Trabajo, t.Estado AS Estado_Trabajo, a.Leido, a.Reanudar_En, c.ID_Chunk, c.Orden,
    c.Rango_Inicio AS Byte_Inicio, c.Rango_Fin AS Byte_Fin,
    CONVERT(varchar(50), CASE WHEN c.Expira >= SYSUTCDATETIME() THEN 'PROCESANDO' ELSE c.Estado END) AS Estado,
    c.Poseedor, c.Intento, c.Fin
  FROM logs.Archivos AS a
  LEFT JOIN trabajo.Trabajos AS t ON t.ID_Trabajo = a.ID_Ultimo_Trabajo
  LEFT JOIN trabajo.Chunks AS c ON c.ID_Trabajo = t.ID_Trabajo AND c.Estado <> 'OMITIDO'
  WHERE (@Ruta IS NULL OR a.Ruta = @Ruta)
    AND NOT EXISTS (SELECT 1 FROM logs.Archivos AS n WHERE n.Ruta = a.Ruta AND n.ID_Archivo > a.ID_Archivo)
  ORDER BY a.Ruta, c.Rango_Inicio, c.Orden;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Listar_Revisiones TO carril_app;
GRANT EXECUTE ON OBJECT::logs.sp_Listar_Revisiones TO carril_lector;
GO
