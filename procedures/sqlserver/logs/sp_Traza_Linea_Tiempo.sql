SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The timeline of each fund, stage by stage (document 004's third query), by fund and start. Fin is when the last attempt ended, NULL
  while none has; Duracion_Ms runs from the first start to it, pauses between attempts included, as in 004, and Trabajo_Ms is what
  the attempts took. In a job that is no process's, a chunk takes the place of a fund.

  Returns: many
    ID_Fund        int            null
    FundShortName  nvarchar(100)  null
    Chunk          nvarchar(50)   null  of what has no fund
    Etapa          nvarchar(50)   null
    Inicio         datetime2(3)   not null
    Fin            datetime2(3)   null
    Duracion_Ms    bigint         null
    Trabajo_Ms     bigint         not null
    Espera_Ms      bigint         not null  of it or between attempts: waits that ended
    Intentos       int            not null
    Errores        int            not null
    Abiertos       int            not null  attempts without an end: running, or the worker was killed
  Errors: 50400, 50404
  Touches: dimensionales.BD_Funds read, trabajo.Trabajos read, logs.Procesos read, logs.Ejecuciones read, logs.Trace_Records read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Traza_Linea_Tiempo
  @ID_Proceso bigint = NULL,
  @ID_Trabajo bigint = NULL
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Proceso bigint, @Trabajo bigint;

  EXEC logs.sp_Traza_Resolver
    @ID_Proceso = @ID_Proceso, @ID_Trabajo = @ID_Trabajo, @ID_Raiz_Proceso = @Proceso OUTPUT,
    @ID_Raiz_Trabajo = @Trabajo OUTPUT;

  SELECT
    l.ID_Fund, f.FundShortName, l.Chunk, l.Etapa, l.Inicio, l.Fin, DATEDIFF_BIG(MILLISECOND, l.Inicio, l.Fin) AS Duracion_Ms,
    COALESCE(l.Trabajo_Ms, 0) AS Trabajo_Ms, COALESCE(l.Espera_Ms, 0) AS Espera_Ms, l.Intentos, l.Errores,
    CASE WHEN l.Intentos > l.Terminados THEN l.Intentos - l.Terminados ELSE 0 END AS Abiertos
  FROM (
    SELECT
      e.ID_Fund, c.Chunk, e.Etapa,
      MIN(CASE WHEN e.Tipo_Evento = N'START' THEN e.[Timestamp] END) AS Inicio,
      MAX(CASE WHEN e.Tipo_Evento IN (N'END', N'ERROR') THEN e.[Timestamp] END) AS Fin,
      SUM(CASE WHEN e.Tipo_Evento IN (N'END', N'ERROR') THEN CONVERT(bigint, e.Duracion_Ms) END) AS Trabajo_Ms,
      SUM(CASE WHEN e.Tipo_Evento = N'WAIT' THEN CONVERT(bigint, e.Duracion_Ms) END) AS Espera_Ms,
      COUNT(CASE WHEN e.Tipo_Evento = N'START' THEN 1 END) AS Intentos,
      COUNT(CASE WHEN e.Tipo_Evento IN (N'END', N'ERROR') THEN 1 END) AS Terminados,
      COUNT(CASE WHEN e.Tipo_Evento = N'ERROR' THEN 1 END) AS Errores
    FROM logs.fn_Traza_Eventos(@Proceso, @Trabajo) AS e
    -- 'chunk.token', sin el token
    CROSS APPLY (
      SELECT CASE WHEN e.ID_Fund IS NULL THEN LEFT(e.SubEtapa, CHARINDEX(N'.', e.SubEtapa + N'.') - 1) END AS Chunk
    ) AS c
    GROUP BY e.ID_Fund, c.Chunk, e.Etapa
  ) AS l
  LEFT JOIN dimensionales.BD_Funds AS f ON f.ID_Fund = l.ID_Fund
  WHERE l.Inicio IS NOT NULL
  ORDER BY CASE WHEN l.ID_Fund IS NULL THEN 1 ELSE 0 END, l.ID_Fund, l.Inicio, l.Chunk, l.Etapa;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Traza_Linea_Tiempo TO carril_app;
GRANT EXECUTE ON OBJECT::logs.sp_Traza_Linea_Tiempo TO carril_lector;
GO
