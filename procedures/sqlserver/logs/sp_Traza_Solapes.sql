SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Which funds used the same resource at the same time (document 004's first query), from when each began until it ended, the longest
  first. 004 compared starts less than a second apart; here two overlap when both were running, however far apart they began, and
  Overlap_Ms says for how long. What has no end (still running, a worker that was killed) is left out. In a job that is no process's,
  chunks take the place of funds.

  Returns: many
    Fund1          int            null
    Fund2          int            null
    Nombre1        nvarchar(100)  null  the fund's short name
    Nombre2        nvarchar(100)  null
    Parte1         nvarchar(50)   null  chunk and token
    Parte2         nvarchar(50)   null
    Recurso        nvarchar(100)  null
    Inicio_Fund1   datetime2(3)   not null
    Inicio_Fund2   datetime2(3)   not null
    Diferencia_Ms  int            not null  from one start to the other: what 004 called Overlap_Ms
    Overlap_Ms     int            not null
  Errors: 50400, 50404
  Touches: dimensionales.BD_Funds read, trabajo.Trabajos read, logs.Procesos read, logs.Ejecuciones read, logs.Trace_Records read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Traza_Solapes
  @ID_Proceso bigint = NULL,
  @ID_Trabajo bigint = NULL,
  @Maximo int = 1000
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Proceso bigint, @Trabajo bigint;
  DECLARE @Intervalos TABLE (
    N int NOT NULL, ID_Fund int NULL, Parte nvarchar(50) NULL, Recurso nvarchar(100) NULL, Inicio datetime2(3) NOT NULL,
    Fin datetime2(3) NOT NULL, INDEX IX_Intervalos CLUSTERED (Recurso, Inicio));

  IF @Maximo IS NULL OR @Maximo NOT BETWEEN 1 AND 100000
    THROW 50400, N'@Maximo debe estar entre 1 y 100000', 1;
  EXEC logs.sp_Traza_Resolver
    @ID_Proceso = @ID_Proceso, @ID_Trabajo = @ID_Trabajo, @ID_Raiz_Proceso = @Proceso OUTPUT,
    @ID_Raiz_Trabajo = @Trabajo OUTPUT;

  -- cada START con lo que le sigue en su intento: su fin, u otro START si no lo tiene
  INSERT INTO @Intervalos (N, ID_Fund, Parte, Recurso, Inicio, Fin)
  SELECT ROW_NUMBER() OVER (ORDER BY i.Inicio), i.ID_Fund, i.SubEtapa, i.Recurso, i.Inicio, i.Fin
  FROM (
    SELECT
      e.ID_Fund, e.SubEtapa, e.Recurso, e.Tipo_Evento, e.[Timestamp] AS Inicio,
      LEAD(e.Tipo_Evento) OVER (
        PARTITION BY e.ID_Ejecucion, e.SubEtapa, e.Etapa
        ORDER BY e.[Timestamp], CASE WHEN e.Tipo_Evento = N'START' THEN 0 ELSE 1 END) AS Sigue,
      LEAD(e.[Timestamp]) OVER (
        PARTITION BY e.ID_Ejecucion, e.SubEtapa, e.Etapa
        ORDER BY e.[Timestamp], CASE WHEN e.Tipo_Evento = N'START' THEN 0 ELSE 1 END) AS Fin
    FROM logs.fn_Traza_Eventos(@Proceso, @Trabajo) AS e
    WHERE e.Tipo_Evento IN (N'START', N'END', N'ERROR')
  ) AS i
  WHERE i.Tipo_Evento = N'START' AND i.Sigue IN (N'END', N'ERROR') AND i.Fin > i.Inicio;

  SELECT TOP (@Maximo)
    p.Fund1, p.Fund2, f.FundShortName AS Nombre1, g.FundShortName AS Nombre2, p.Parte1, p.Parte2, p.Recurso, p.Inicio_Fund1,
    p.Inicio_Fund2, DATEDIFF(MILLISECOND, p.Inicio_Fund1, p.Inicio_Fund2) AS Diferencia_Ms, p.Overlap_Ms
  FROM (
    SELECT
      CASE WHEN b.ID_Fund < a.ID_Fund THEN b.ID_Fund ELSE a.ID_Fund END AS Fund1,
      CASE WHEN b.ID_Fund < a.ID_Fund THEN a.ID_Fund ELSE b.ID_Fund END AS Fund2,
      CASE WHEN b.ID_Fund < a.ID_Fund THEN b.Parte ELSE a.Parte END AS Parte1,
      CASE WHEN b.ID_Fund < a.ID_Fund THEN a.Parte ELSE b.Parte END AS Parte2,
      a.Recurso,
      CASE WHEN b.ID_Fund < a.ID_Fund THEN b.Inicio ELSE a.Inicio END AS Inicio_Fund1,
      CASE WHEN b.ID_Fund < a.ID_Fund THEN a.Inicio ELSE b.Inicio END AS Inicio_Fund2,
      DATEDIFF(MILLISECOND, b.Inicio, CASE WHEN a.Fin < b.Fin THEN a.Fin ELSE b.Fin END) AS Overlap_Ms
    FROM @Intervalos AS a
    -- b comienza mientras corre a
    INNER JOIN @Intervalos AS b ON b.Recurso = a.Recurso AND b.Inicio >= a.Inicio AND b.Inicio < a.Fin
    WHERE (b.Inicio > a.Inicio OR b.N > a.N)
      AND (a.ID_Fund <> b.ID_Fund OR (a.ID_Fund IS NULL AND b.ID_Fund IS NULL AND a.Parte <> b.Parte))
  ) AS p
  LEFT JOIN dimensionales.BD_Funds AS f ON f.ID_Fund = p.Fund1
  LEFT JOIN dimensionales.BD_Funds AS g ON g.ID_Fund = p.Fund2
  ORDER BY p.Overlap_Ms DESC, p.Inicio_Fund1, p.Fund1, p.Fund2, p.Recurso
  -- con el numero real de intervalos: una variable de tabla se estima en una sola fila
  OPTION (RECOMPILE);
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Traza_Solapes TO carril_app;
GRANT EXECUTE ON OBJECT::logs.sp_Traza_Solapes TO carril_lector;
GO
