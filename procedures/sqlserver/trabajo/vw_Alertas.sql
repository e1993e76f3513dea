SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  What somebody should look at, one row each:

    CHUNK_FALLIDO         a chunk in ERROR, of a job that is alive or ended within ALERTA_HORAS (24)
    ARRIENDO_VENCIDO      a lease that expired more than ALERTA_VENCIDO_S (60) seconds ago and that nobody has claimed
    TRABAJO_SIN_PROGRESO  a live job in which nothing was claimed or ended, or became free, for ALERTA_SIN_PROGRESO_MIN (30)
                          minutes, although a chunk could be claimed or is held, or none is left and nobody has ended it
    UMBRAL_FALLIDOS       more than ALERTA_FALLIDOS_PCT (50) per cent of a job's ended chunks failed, of 4 at least; of a job
                          that is alive or ended within ALERTA_HORAS
    UMBRAL_DURACION       a job alive for more than ALERTA_DURACION_MIN (720) minutes

  The thresholds are rows of logs.Ajustes with those names and no fund; a value that is no whole number counts as the default.
  An ended review of a log (LOGS) has neither CHUNK_FALLIDO nor UMBRAL_FALLIDOS once a newer review of the same file is complete:
  what failed has been read since. A file that has only taken its path is another file.
  LO_PROCESOS, a job that never ends, has only its chunks that failed within ALERTA_HORAS. Looks at live jobs, at what ended
  within those hours, and at their chunks, never at older history.

  Touches: trabajo.Chunks read, trabajo.Trabajos read, logs.Archivos read, logs.Ajustes read
  Since: 022
*/
CREATE OR ALTER VIEW trabajo.vw_Alertas
AS
WITH Ajustes AS (
  SELECT
    a.Ajuste,
    -- solo cifras; lo que pasa de seis es tanto como nunca
    CASE
      WHEN a.Valor LIKE N'%[^0-9]%' THEN NULL
      WHEN LEN(a.Valor) BETWEEN 1 AND 6 THEN TRY_CONVERT(int, a.Valor)
      WHEN LEN(a.Valor) > 6 THEN 999999
    END AS Valor
  FROM logs.Ajustes AS a
  WHERE a.ID_Fund IS NULL AND a.Ajuste LIKE 'ALERTA[_]%'
), Momentos AS (
  SELECT
    DATEADD(HOUR, -COALESCE(MAX(CASE WHEN a.Ajuste = 'ALERTA_HORAS' THEN a.Valor END), 24), SYSUTCDATETIME()) AS Reciente,
    DATEADD(SECOND, -COALESCE(MAX(CASE WHEN a.Ajuste = 'ALERTA_VENCIDO_S' THEN a.Valor END), 60), SYSUTCDATETIME()) AS Vencido,
    DATEADD(MINUTE, -COALESCE(MAX(CASE WHEN a.Ajuste = 'ALERTA_SIN_PROGRESO_MIN' THEN a.Valor END), 30), SYSUTCDATETIME())
      AS Quieto,
    COALESCE(MAX(CASE WHEN a.Ajuste = 'ALERTA_FALLIDOS_PCT' THEN a.Valor END), 50) AS Fallidos_Pct,
    DATEADD(MINUTE, -COALESCE(MAX(CASE WHEN a.Ajuste = 'ALERTA_DURACION_MIN' THEN a.Valor END), 720), SYSUTCDATETIME()) AS Viejo
  FROM Ajustes AS a
), Umbrales AS (
  -- del tipo de las columnas con que se comparan: ni conversion ni redondeo entre el indice y el umbral
  SELECT
    CONVERT(datetime2(3), m.Reciente) AS Reciente, CONVERT(datetime2(3), m.Vencido) AS Vencido,
    CONVERT(datetime2(3), m.Quieto) AS Quieto, m.Fallidos_Pct, CONVERT(datetime2(3), m.Viejo) AS Viejo
  FROM Momentos AS m
), Alertas AS (
  -- vivos y terminados por separado: cada cual con su indice filtrado
  SELECT
    'CHUNK_FALLIDO' AS Alerta, t.ID_Trabajo, t.Tipo, c.ID_Chunk, c.Recurso, c.Fin AS Desde,
    COALESCE(c.Ultimo_Error, N'sin mensaje') AS Detalle
  FROM Umbrales AS u
  INNER JOIN trabajo.Trabajos AS t ON t.Estado = 'EN_PROGRESO'
  INNER JOIN trabajo.Chunks AS c ON c.ID_Trabajo = t.ID_Trabajo AND c.Estado = 'ERROR'
  WHERE t.Tipo <> 'LO_PROCESOS' OR c.Fin >= u.Reciente

  UNION ALL

  SELECT
    'CHUNK_FALLIDO', t.ID_Trabajo, t.Tipo, c.ID_Chunk, c.Recurso, c.Fin, COALESCE(c.Ultimo_Error, N'sin mensaje')
  FROM Umbrales AS u
  INNER JOIN trabajo.Trabajos AS t ON t.FechaFin IS NOT NULL AND t.FechaFin >= u.Reciente
  INNER JOIN trabajo.Chunks AS c ON c.ID_Trabajo = t.ID_Trabajo AND c.Estado = 'ERROR'
  -- por la clave del archivo, uno por trabajo: nunca los bloques ni la historia
  WHERE NOT EXISTS (
    SELECT 1
    FROM logs.Archivos AS f WITH (FORCESEEK (PK_Archivos (ID_Archivo)))
    WHERE f.ID_Archivo = CASE WHEN t.Tipo = 'LOGS' THEN TRY_CONVERT(bigint, JSON_VALUE(t.Parametros, '$.id_archivo')) END
      AND f.ID_Trabajo > t.ID_Trabajo)

  UNION ALL

  SELECT
    'ARRIENDO_VENCIDO', t.ID_Trabajo, t.Tipo, c.ID_Chunk, c.Recurso, c.Expira,
    CONCAT(N'el arriendo de ', c.Poseedor, N' vencio y nadie lo ha reclamado; intento ', c.Intento, N' de ', t.Max_Intentos)
  FROM Umbrales AS u
  INNER JOIN trabajo.Trabajos AS t ON t.Estado = 'EN_PROGRESO' AND t.Tipo <> 'LO_PROCESOS'
  INNER JOIN trabajo.Chunks AS c
    ON c.ID_Trabajo = t.ID_Trabajo AND c.Estado = 'PENDIENTE' AND c.Poseedor IS NOT NULL AND c.Expira < u.Vencido

  UNION ALL

  SELECT
    'TRABAJO_SIN_PROGRESO', t.ID_Trabajo, t.Tipo, NULL, NULL, p.Momento,
    CASE
      WHEN n.Tomables > 0 THEN CONCAT(N'nadie reclama ni termina nada: ', n.Tomables, N' chunks libres o arrendados')
      ELSE N'no le quedan chunks por terminar y nadie lo ha terminado'
    END
  FROM Umbrales AS u
  INNER JOIN trabajo.Trabajos AS t
    ON t.Estado = 'EN_PROGRESO' AND t.Tipo <> 'LO_PROCESOS' AND t.FechaCreacion < u.Quieto
  CROSS APPLY (
    SELECT
      MAX(c.Inicio) AS Inicio,
      MAX(c.Fin) AS Fin,
      MAX(CASE WHEN c.No_Antes_De <= SYSUTCDATETIME() THEN c.No_Antes_De END) AS Libre,
      COALESCE(SUM(CASE WHEN c.Estado = 'PENDIENTE' THEN 1 ELSE 0 END), 0) AS Pendientes,
      COALESCE(SUM(CASE
        WHEN c.Estado = 'PENDIENTE'
          AND (c.Poseedor IS NOT NULL OR c.No_Antes_De IS NULL OR c.No_Antes_De <= SYSUTCDATETIME()) THEN 1
        ELSE 0
      END), 0) AS Tomables
    FROM trabajo.Chunks AS c
    WHERE c.ID_Trabajo = t.ID_Trabajo
  ) AS n
  CROSS APPLY (
    SELECT MAX(m.Momento) AS Momento FROM (VALUES (t.FechaCreacion), (n.Inicio), (n.Fin), (n.Libre)) AS m (Momento)
  ) AS p
  WHERE p.Momento < u.Quieto AND (n.Tomables > 0 OR n.Pendientes = 0)

  UNION ALL

  SELECT
    'UMBRAL_FALLIDOS', t.ID_Trabajo, t.Tipo, NULL, NULL, t.FechaCreacion,
    CONCAT(n.Fallidos, N' de ', n.Terminados, N' chunks terminados fallaron: mas de ', u.Fallidos_Pct, N' por ciento')
  FROM Umbrales AS u
  INNER JOIN trabajo.Trabajos AS t ON t.Estado = 'EN_PROGRESO' AND t.Tipo <> 'LO_PROCESOS'
  CROSS APPLY (
    SELECT
      SUM(CASE WHEN c.Estado = 'ERROR' THEN 1 ELSE 0 END) AS Fallidos,
      SUM(CASE WHEN c.Estado IN ('COMPLETADO', 'ERROR', 'CANCELADO') THEN 1 ELSE 0 END) AS Terminados
    FROM trabajo.Chunks AS c
    WHERE c.ID_Trabajo = t.ID_Trabajo
  ) AS n
  WHERE n.Terminados >= 4 AND CONVERT(bigint, n.Fallidos) * 100 > CONVERT(bigint, n.Terminados) * u.Fallidos_Pct

  UNION ALL

  SELECT
    'UMBRAL_FALLIDOS', t.ID_Trabajo, t.Tipo, NULL, NULL, t.FechaFin,
    CONCAT(t.Fallidos, N' de ', t.Completados + t.Fallidos + t.Cancelados, N' chunks terminados fallaron: mas de ',
      u.Fallidos_Pct, N' por ciento')
  FROM Umbrales AS u
  INNER JOIN trabajo.Trabajos AS t
    ON t.FechaFin IS NOT NULL AND t.FechaFin >= u.Reciente AND t.Completados + t.Fallidos + t.Cancelados >= 4
      AND CONVERT(bigint, t.Fallidos) * 100 > CONVERT(bigint, t.Completados + t.Fallidos + t.Cancelados) * u.Fallidos_Pct
  -- lo mismo que el chunk fallido
  WHERE NOT EXISTS (
    SELECT 1
    FROM logs.Archivos AS f WITH (FORCESEEK (PK_Archivos (ID_Archivo)))
    WHERE f.ID_Archivo = CASE WHEN t.Tipo = 'LOGS' THEN TRY_CONVERT(bigint, JSON_VALUE(t.Parametros, '$.id_archivo')) END
      AND f.ID_Trabajo > t.ID_Trabajo)

  UNION ALL

  SELECT
    'UMBRAL_DURACION', t.ID_Trabajo, t.Tipo, NULL, NULL, t.FechaCreacion,
    CONCAT(N'lleva ', DATEDIFF(MINUTE, t.FechaCreacion, SYSUTCDATETIME()), N' minutos sin terminar')
  FROM Umbrales AS u
  INNER JOIN trabajo.Trabajos AS t ON t.Estado = 'EN_PROGRESO' AND t.Tipo <> 'LO_PROCESOS' AND t.FechaCreacion < u.Viejo
)
SELECT
  CONVERT(varchar(40), a.Alerta) AS Alerta,
  a.ID_Trabajo,
  a.Tipo,
  a.ID_Chunk,
  a.Recurso,
  a.Desde,
  CONVERT(nvarchar(4000), a.Detalle) AS Detalle
FROM Alertas AS a;
GO
GRANT SELECT ON OBJECT::trabajo.vw_Alertas TO carril_lector;
GO
