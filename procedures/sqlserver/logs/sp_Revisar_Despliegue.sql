SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The two triggers of a rollout (document 002, "Rollback Plan"), computed from the logs. FALLOS: of the hierarchical executions
  that ended within @Horas, more than @Fallos_Pct per cent failed. DURACION: the hierarchical processes that completed within
  @Dias took more than @Duracion_Pct per cent of the baseline, the newest 20 legacy processes that completed. Durations are
  seconds a fund (the processes' time over their funds), so that a rollout of some funds compares with runs of all of them.

  Returns: many
    Disparador  varchar(20)  not null  FALLOS or DURACION
    Dispara     bit          not null
    Valor       float        null      per cent; null without anything to judge, or without a baseline
    Umbral      float        not null  per cent above which it fires
    Muestras    int          not null  executions (FALLOS) or processes (DURACION) that were judged
    Actual      float        null      failed executions, or seconds a fund
    Base        float        null      seconds a fund of the baseline
  Errors: 50400
  Touches: logs.Procesos read, logs.Ejecuciones read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Revisar_Despliegue
  @Horas int = 2,
  @Dias int = 7,
  @Fallos_Pct int = 50,
  @Duracion_Pct int = 120
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE
    @Ahora datetime2(3) = SYSUTCDATETIME(), @Ejecuciones int, @Fallidas int, @Procesos int, @Actual float, @Base float,
    @Fallos float, @Duracion float;

  IF ISNULL(@Horas, 0) < 1 OR ISNULL(@Dias, 0) < 1 OR ISNULL(@Fallos_Pct, 0) < 1 OR ISNULL(@Duracion_Pct, 0) < 1
    THROW 50400, N'@Horas, @Dias, @Fallos_Pct y @Duracion_Pct deben ser 1 o mas', 1;

  -- un proceso dura como mucho un dia: el indice de FechaInicio acota lo que se lee
  SELECT
    @Ejecuciones = COUNT(*),
    @Fallidas = COALESCE(SUM(CASE WHEN e.Estado IN ('ERROR', 'COMPLETADO_CON_ERRORES') THEN 1 ELSE 0 END), 0)
  FROM logs.Procesos AS p
  INNER JOIN logs.Ejecuciones AS e ON e.ID_Proceso = p.ID_Proceso
  WHERE p.Arquitectura = 'JERARQUICA' AND p.FechaInicio >= DATEADD(HOUR, -(@Horas + 24), @Ahora)
    AND e.FechaFin >= DATEADD(HOUR, -@Horas, @Ahora);

  SELECT
    @Procesos = COUNT(*),
    @Actual = SUM(DATEDIFF_BIG(MILLISECOND, p.FechaInicio, p.FechaFin) / 1000e0) / SUM(p.TotalFondos)
  FROM logs.Procesos AS p
  WHERE p.Arquitectura = 'JERARQUICA' AND p.FechaInicio >= DATEADD(DAY, -@Dias, @Ahora)
    AND p.Estado IN ('COMPLETADO', 'COMPLETADO_CON_ERRORES') AND p.TotalFondos > 0;

  SELECT @Base = SUM(DATEDIFF_BIG(MILLISECOND, x.Inicio, x.Fin) / 1000e0) / SUM(x.Fondos)
  FROM (
    -- los tiempos de una corrida heredada estan en su ejecucion compartida
    SELECT TOP (20) e.FechaInicio AS Inicio, e.FechaFin AS Fin, e.TotalFondos AS Fondos
    FROM logs.Procesos AS p
    INNER JOIN logs.Ejecuciones AS e ON e.ID_Proceso = p.ID_Proceso AND e.ID_Fund IS NULL
    WHERE p.Arquitectura = 'LEGADO' AND e.Estado IN ('COMPLETADO', 'COMPLETADO_CON_ERRORES')
      AND e.FechaFin > e.FechaInicio AND e.TotalFondos > 0
    ORDER BY p.FechaInicio DESC, p.ID_Proceso DESC
  ) AS x;

  SET @Fallos = 100e0 * @Fallidas / NULLIF(@Ejecuciones, 0);
  SET @Duracion = 100e0 * @Actual / @Base;

  SELECT
    CONVERT(varchar(20), 'FALLOS') AS Disparador,
    CONVERT(bit, CASE WHEN @Fallos > @Fallos_Pct THEN 1 ELSE 0 END) AS Dispara,
    @Fallos AS Valor, CONVERT(float, @Fallos_Pct) AS Umbral, @Ejecuciones AS Muestras, CONVERT(float, @Fallidas) AS Actual,
    CONVERT(float, NULL) AS Base
  UNION ALL
  SELECT
    'DURACION', CONVERT(bit, CASE WHEN @Duracion > @Duracion_Pct THEN 1 ELSE 0 END), @Duracion,
    CONVERT(float, @Duracion_Pct), @Procesos, @Actual, @Base;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Revisar_Despliegue TO carril_app;
GRANT EXECUTE ON OBJECT::logs.sp_Revisar_Despliegue TO carril_lector;
GO
