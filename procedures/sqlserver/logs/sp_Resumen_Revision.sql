SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  One review of a log: that job, or the newest of the file with that path (then Bloques and Firmas are the whole file's), or,
  with neither, the newest of all.

  Returns: one
    ID_Trabajo     bigint          not null
    Tipo           varchar(50)     not null
    Ruta           nvarchar(400)   not null
    ID_Archivo     bigint          not null
    Estado         varchar(50)     not null
    Desde          bigint          not null
    Hasta          bigint          not null
    Bloques        int             not null
    Firmas         int             not null  groups of sp_Informe_Bloques: signature and level
    FechaCreacion  datetime2(3)    not null
    FechaFin       datetime2(3)    null
    Ultimo_Error   nvarchar(4000)  null      of the first chunk that failed, or of the sequential review
  Errors: 50400, 50404
  Touches: trabajo.Chunks read, trabajo.Trabajos read, logs.Archivos read, logs.Bloques_Error read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 022
*/
CREATE OR ALTER PROCEDURE logs.sp_Resumen_Revision
  @ID_Trabajo bigint = NULL,
  @Ruta nvarchar(400) = NULL
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @ID bigint, @ID_Archivo bigint;

  IF @ID_Trabajo IS NOT NULL AND @Ruta IS NOT NULL
    THROW 50400, N'uno de los dos, @ID_Trabajo o @Ruta, o ninguno', 1;

  IF @Ruta IS NOT NULL
    SELECT TOP (1) @ID_Archivo = a.ID_Archivo, @ID = COALESCE(u.ID_Trabajo, t.ID_Trabajo)
    FROM logs.Archivos AS a
    LEFT JOIN trabajo.Trabajos AS u ON u.ID_Trabajo = a.ID_Ultimo_Trabajo
    LEFT JOIN trabajo.Trabajos AS t ON t.ID_Trabajo = a.ID_Trabajo
    WHERE a.Ruta = @Ruta
    ORDER BY a.ID_Archivo DESC;
  ELSE IF @ID_Trabajo IS NOT NULL
    SELECT @ID = t.ID_Trabajo
    FROM trabajo.Trabajos AS t
    WHERE t.ID_Trabajo = @ID_Trabajo AND t.Tipo IN ('LOGS', 'LOGS_SECUENCIAL');
  ELSE
    SELECT @ID = MAX(t.ID_Trabajo)
    FROM logs.Archivos AS a
    INNER JOIN trabajo.Trabajos AS t ON t.ID_Trabajo = a.ID_Ultimo_Trabajo
    WHERE a.ID_Ultimo_Trabajo IS NOT NULL;
  IF @ID IS NULL
    THROW 50404, N'no hay tal revision de un log', 1;

  -- de las dos mitades, solo una: los bloques del archivo o los del trabajo
  SELECT
    t.ID_Trabajo, t.Tipo, a.Ruta, a.ID_Archivo, t.Estado, CONVERT(bigint, JSON_VALUE(t.Parametros, '$.desde')) AS Desde,
    CONVERT(bigint, JSON_VALUE(t.Parametros, '$.hasta')) AS Hasta, n.Bloques, n.Firmas, t.FechaCreacion, t.FechaFin,
    CASE WHEN t.Tipo = 'LOGS' THEN f.Ultimo_Error ELSE CONVERT(nvarchar(4000), JSON_VALUE(t.Parametros, '$.error')) END
      AS Ultimo_Error
  FROM trabajo.Trabajos AS t
  INNER JOIN logs.Archivos AS a ON a.ID_Archivo = CONVERT(bigint, JSON_VALUE(t.Parametros, '$.id_archivo'))
  CROSS APPLY (
    SELECT COALESCE(SUM(g.Veces), 0) AS Bloques, COUNT(*) AS Firmas
    FROM (
      SELECT b.Firma, b.Nivel, COUNT(*) AS Veces
      FROM (
        SELECT x.Firma, x.Nivel FROM logs.Bloques_Error AS x WHERE x.ID_Trabajo = @ID AND @ID_Archivo IS NULL
        UNION ALL
        SELECT y.Firma, y.Nivel FROM logs.Bloques_Error AS y WHERE y.ID_Archivo = @ID_Archivo
      ) AS b
      GROUP BY b.Firma, b.Nivel
    ) AS g
  ) AS n
  OUTER APPLY (
    SELECT TOP (1) c.Ultimo_Error
    FROM trabajo.Chunks AS c
    WHERE c.ID_Trabajo = t.ID_Trabajo AND c.Estado = 'ERROR'
    ORDER BY c.Orden
  ) AS f
  WHERE t.ID_Trabajo = @ID
  OPTION (RECOMPILE);
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Resumen_Revision TO carril_app;
GRANT EXECUTE ON OBJECT::logs.sp_Resumen_Revision TO carril_lector;
GO
