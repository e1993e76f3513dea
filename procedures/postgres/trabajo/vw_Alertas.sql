SET LOCAL ROLE carril_dueno;

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
CREATE OR REPLACE VIEW trabajo.vw_Alertas AS
WITH ajustes AS (
  SELECT
    a.Ajuste,
    -- solo cifras; lo que pasa de seis es tanto como nunca
    CASE
      WHEN a.Valor ~ '^[0-9]{1,6}$' THEN a.Valor::integer
      WHEN a.Valor ~ '^[0-9]+$' THEN 999999
    END AS valor
  FROM logs.Ajustes AS a
  WHERE a.ID_Fund IS NULL AND a.Ajuste LIKE 'ALERTA\_%'
), umbrales AS MATERIALIZED (
  SELECT
    clock_timestamp() - COALESCE(max(a.valor) FILTER (WHERE a.ajuste = 'ALERTA_HORAS'), 24) * interval '1 hour' AS reciente,
    clock_timestamp() - COALESCE(max(a.valor) FILTER (WHERE a.ajuste = 'ALERTA_VENCIDO_S'), 60) * interval '1 second' AS vencido,
    clock_timestamp() - COALESCE(max(a.valor) FILTER (WHERE a.ajuste = 'ALERTA_SIN_PROGRESO_MIN'), 30) * interval '1 minute'
      AS quieto,
    COALESCE(max(a.valor) FILTER (WHERE a.ajuste = 'ALERTA_FALLIDOS_PCT'), 50) AS fallidos_pct,
    clock_timestamp() - COALESCE(max(a.valor) FILTER (WHERE a.ajuste = 'ALERTA_DURACION_MIN'), 720) * interval '1 minute' AS viejo
  FROM ajustes AS a
), alertas AS (
  -- vivos y terminados por separado: cada cual con su indice parcial
  SELECT
    'CHUNK_FALLIDO' AS alerta, t.ID_Trabajo, t.Tipo, c.ID_Chunk, c.Recurso, c.Fin AS desde,
    COALESCE(c.Ultimo_Error, 'sin mensaje') AS detalle
  FROM umbrales AS u
  INNER JOIN trabajo.Trabajos AS t ON t.Estado = 'EN_PROGRESO'
  INNER JOIN trabajo.Chunks AS c ON c.ID_Trabajo = t.ID_Trabajo AND c.Estado = 'ERROR'
  WHERE t.Tipo <> 'LO_PROCESOS' OR c.Fin >= u.reciente

  UNION ALL

  SELECT 'CHUNK_FALLIDO', t.ID_Trabajo, t.Tipo, c.ID_Chunk, c.Recurso, c.Fin, COALESCE(c.Ultimo_Error, 'sin mensaje')
  FROM umbrales AS u
  INNER JOIN trabajo.Trabajos AS t ON t.FechaFin >= u.reciente
  INNER JOIN trabajo.Chunks AS c ON c.ID_Trabajo = t.ID_Trabajo AND c.Estado = 'ERROR'
  -- por la clave del archivo, uno por trabajo: nunca los bloques ni la historia
  WHERE NOT EXISTS (
    SELECT FROM logs.Archivos AS f
    WHERE f.ID_Archivo = CASE
        WHEN t.Tipo = 'LOGS' AND t.Parametros::jsonb ->> 'id_archivo' ~ '^[0-9]{1,18}$'
          THEN (t.Parametros::jsonb ->> 'id_archivo')::bigint
      END
      AND f.ID_Trabajo > t.ID_Trabajo)

  UNION ALL

  SELECT
    'ARRIENDO_VENCIDO', t.ID_Trabajo, t.Tipo, c.ID_Chunk, c.Recurso, c.Expira,
    format('el arriendo de %s vencio y nadie lo ha reclamado; intento %s de %s', c.Poseedor, c.Intento, t.Max_Intentos)
  FROM umbrales AS u
  INNER JOIN trabajo.Trabajos AS t ON t.Estado = 'EN_PROGRESO' AND t.Tipo <> 'LO_PROCESOS'
  INNER JOIN trabajo.Chunks AS c
    ON c.ID_Trabajo = t.ID_Trabajo AND c.Estado = 'PENDIENTE' AND c.Poseedor IS NOT NULL AND c.Expira < u.vencido

  UNION ALL

  SELECT
    'TRABAJO_SIN_PROGRESO', t.ID_Trabajo, t.Tipo, NULL, NULL, greatest(t.FechaCreacion, n.inicio, n.fin, n.libre),
    CASE
      WHEN n.tomables > 0 THEN format('nadie reclama ni termina nada: %s chunks libres o arrendados', n.tomables)
      ELSE 'no le quedan chunks por terminar y nadie lo ha terminado'
    END
  FROM umbrales AS u
  INNER JOIN trabajo.Trabajos AS t
    ON t.Estado = 'EN_PROGRESO' AND t.Tipo <> 'LO_PROCESOS' AND t.FechaCreacion < u.quieto
  CROSS JOIN LATERAL (
    SELECT
      max(c.Inicio) AS inicio,
      max(c.Fin) AS fin,
      max(c.No_Antes_De) FILTER (WHERE c.No_Antes_De <= clock_timestamp()) AS libre,
      count(*) FILTER (WHERE c.Estado = 'PENDIENTE') AS pendientes,
      count(*) FILTER (
        WHERE c.Estado = 'PENDIENTE'
          AND (c.Poseedor IS NOT NULL OR c.No_Antes_De IS NULL OR c.No_Antes_De <= clock_timestamp())) AS tomables
    FROM trabajo.Chunks AS c
    WHERE c.ID_Trabajo = t.ID_Trabajo
  ) AS n
  WHERE greatest(t.FechaCreacion, n.inicio, n.fin, n.libre) < u.quieto AND (n.tomables > 0 OR n.pendientes = 0)

  UNION ALL

  SELECT
    'UMBRAL_FALLIDOS', t.ID_Trabajo, t.Tipo, NULL, NULL, t.FechaCreacion,
    format('%s de %s chunks terminados fallaron: mas de %s por ciento', n.fallidos, n.terminados, u.fallidos_pct)
  FROM umbrales AS u
  INNER JOIN trabajo.Trabajos AS t ON t.Estado = 'EN_PROGRESO' AND t.Tipo <> 'LO_PROCESOS'
  CROSS JOIN LATERAL (
    SELECT
      count(*) FILTER (WHERE c.Estado = 'ERROR') AS fallidos,
      count(*) FILTER (WHERE c.Estado IN ('COMPLETADO', 'ERROR', 'CANCELADO')) AS terminados
    FROM trabajo.Chunks AS c
    WHERE c.ID_Trabajo = t.ID_Trabajo
  ) AS n
  WHERE n.terminados >= 4 AND n.fallidos * 100 > n.terminados * u.fallidos_pct

  UNION ALL

  SELECT
    'UMBRAL_FALLIDOS', t.ID_Trabajo, t.Tipo, NULL, NULL, t.FechaFin,
    format('%s de %s chunks terminados fallaron: mas de %s por ciento',
      t.Fallidos, t.Completados + t.Fallidos + t.Cancelados, u.fallidos_pct)
  FROM umbrales AS u
  INNER JOIN trabajo.Trabajos AS t
    ON t.FechaFin >= u.reciente AND t.Completados + t.Fallidos + t.Cancelados >= 4
      AND t.Fallidos::bigint * 100 > (t.Completados + t.Fallidos + t.Cancelados)::bigint * u.fallidos_pct
  -- lo mismo que el chunk fallido
  WHERE NOT EXISTS (
    SELECT FROM logs.Archivos AS f
    WHERE f.ID_Archivo = CASE
        WHEN t.Tipo = 'LOGS' AND t.Parametros::jsonb ->> 'id_archivo' ~ '^[0-9]{1,18}$'
          THEN (t.Parametros::jsonb ->> 'id_archivo')::bigint
      END
      AND f.ID_Trabajo > t.ID_Trabajo)

  UNION ALL

  SELECT
    'UMBRAL_DURACION', t.ID_Trabajo, t.Tipo, NULL, NULL, t.FechaCreacion,
    format('lleva %s minutos sin terminar', floor(extract(epoch FROM clock_timestamp() - t.FechaCreacion) / 60))
  FROM umbrales AS u
  INNER JOIN trabajo.Trabajos AS t ON t.Estado = 'EN_PROGRESO' AND t.Tipo <> 'LO_PROCESOS' AND t.FechaCreacion < u.viejo
)
SELECT
  a.alerta::varchar(40) AS Alerta,
  a.id_trabajo AS ID_Trabajo,
  a.tipo AS Tipo,
  a.id_chunk AS ID_Chunk,
  a.recurso AS Recurso,
  a.desde AS Desde,
  a.detalle::varchar(4000) AS Detalle
FROM alertas AS a;
GRANT SELECT ON trabajo.vw_Alertas TO carril_lector;
