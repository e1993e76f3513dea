SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The bottlenecks by resource (document 004's second query): what was waited for first, then what took longest. 004 counted every row
  as an access and averaged the zeros of START in; here an access is a START, and durations are those of END and ERROR.

  Returns: many
    Recurso               nvarchar(100)  null
    Total_Accesos         int            not null
    Duracion_Promedio_Ms  int            null  NULL for what was only waited for
    Duracion_Maxima_Ms    int            null
    Duracion_Total_Ms     bigint         not null
    Total_Locks           int            not null  waits on a lock that were seen
    Total_Esperas         int            not null  waits of any kind that ended
    Espera_Ms             bigint         not null  how long they took together
    Errores               int            not null
  Errors: 50400, 50404
  Touches: trabajo.Trabajos read, logs.Procesos read, logs.Ejecuciones read, logs.Trace_Records read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Traza_Cuellos
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
    r.Recurso, r.Total_Accesos,
    CONVERT(int, r.Duracion_Total_Ms / NULLIF(r.Terminados, 0)) AS Duracion_Promedio_Ms,
    r.Duracion_Maxima_Ms, COALESCE(r.Duracion_Total_Ms, 0) AS Duracion_Total_Ms, r.Total_Locks, r.Total_Esperas,
    COALESCE(r.Espera_Ms, 0) AS Espera_Ms, r.Errores
  FROM (
    SELECT
      e.Recurso,
      COUNT(CASE WHEN e.Tipo_Evento = N'START' THEN 1 END) AS Total_Accesos,
      COUNT(CASE WHEN e.Tipo_Evento IN (N'END', N'ERROR') THEN e.Duracion_Ms END) AS Terminados,
      MAX(CASE WHEN e.Tipo_Evento IN (N'END', N'ERROR') THEN e.Duracion_Ms END) AS Duracion_Maxima_Ms,
      SUM(CASE WHEN e.Tipo_Evento IN (N'END', N'ERROR') THEN CONVERT(bigint, e.Duracion_Ms) END) AS Duracion_Total_Ms,
      COUNT(CASE WHEN e.Tipo_Evento = N'LOCK' THEN 1 END) AS Total_Locks,
      COUNT(CASE WHEN e.Tipo_Evento = N'WAIT' THEN 1 END) AS Total_Esperas,
      SUM(CASE WHEN e.Tipo_Evento = N'WAIT' THEN CONVERT(bigint, e.Duracion_Ms) END) AS Espera_Ms,
      COUNT(CASE WHEN e.Tipo_Evento = N'ERROR' THEN 1 END) AS Errores
    FROM logs.fn_Traza_Eventos(@Proceso, @Trabajo) AS e
    GROUP BY e.Recurso
  ) AS r
  ORDER BY r.Total_Locks DESC, COALESCE(r.Duracion_Total_Ms / NULLIF(r.Terminados, 0), 0) DESC, r.Recurso;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Traza_Cuellos TO carril_app;
GRANT EXECUTE ON OBJECT::logs.sp_Traza_Cuellos TO carril_lector;
GO
