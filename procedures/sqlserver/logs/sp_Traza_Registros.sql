SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The trace records of a process, or of a job that is no process's, a page at a time in the order of their time: the next page goes on
  after the last row's Timestamp and ID_Trace. A record that a repeated bulk load brought in twice comes twice.

  Returns: many
    ID_Trace       bigint         not null
    ID_Ejecucion   bigint         null
    ID_Fund        int            null
    FundShortName  nvarchar(100)  null
    Timestamp      datetime2(3)   not null
    Etapa          nvarchar(50)   null
    SubEtapa       nvarchar(50)   null
    Tipo_Evento    nvarchar(20)   not null
    Recurso        nvarchar(100)  null
    Duracion_Ms    int            null
    Metadata       nvarchar(max)  null
    Thread_ID      int            null
  Errors: 50400, 50404
  Touches: dimensionales.BD_Funds read, trabajo.Trabajos read, logs.Procesos read, logs.Ejecuciones read, logs.Trace_Records read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Traza_Registros
  @ID_Proceso bigint = NULL,
  @ID_Trabajo bigint = NULL,
  @Desde datetime2(3) = NULL,
  @Despues_De bigint = 0,
  @Maximo int = 2000
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Proceso bigint, @Trabajo bigint;
  DECLARE @Desde_Ms datetime2(3) = COALESCE(@Desde, CONVERT(datetime2(3), '00010101'));

  IF @Maximo IS NULL OR @Maximo NOT BETWEEN 1 AND 10000
    THROW 50400, N'@Maximo debe estar entre 1 y 10000', 1;
  EXEC logs.sp_Traza_Resolver
    @ID_Proceso = @ID_Proceso, @ID_Trabajo = @ID_Trabajo, @ID_Raiz_Proceso = @Proceso OUTPUT,
    @ID_Raiz_Trabajo = @Trabajo OUTPUT;

  -- de los dos, uno es NULL: cada uno por su indice
  IF @Proceso IS NOT NULL
    SELECT TOP (@Maximo)
      t.ID_Trace, t.ID_Ejecucion, t.ID_Fund, f.FundShortName, t.[Timestamp], t.Etapa, t.SubEtapa, t.Tipo_Evento, t.Recurso,
      t.Duracion_Ms, t.Metadata, t.Thread_ID
    FROM logs.Trace_Records AS t
    LEFT JOIN dimensionales.BD_Funds AS f ON f.ID_Fund = t.ID_Fund
    WHERE t.ID_Proceso = @Proceso AND t.[Timestamp] >= @Desde_Ms AND (t.[Timestamp] > @Desde_Ms OR t.ID_Trace > @Despues_De)
    ORDER BY t.[Timestamp], t.ID_Trace;
  ELSE
    SELECT TOP (@Maximo)
      t.ID_Trace, t.ID_Ejecucion, t.ID_Fund, f.FundShortName, t.[Timestamp], t.Etapa, t.SubEtapa, t.Tipo_Evento, t.Recurso,
      t.Duracion_Ms, t.Metadata, t.Thread_ID
    FROM logs.Trace_Records AS t
    LEFT JOIN dimensionales.BD_Funds AS f ON f.ID_Fund = t.ID_Fund
    WHERE t.ID_Trabajo = @Trabajo AND t.ID_Proceso IS NULL AND t.[Timestamp] >= @Desde_Ms
      AND (t.[Timestamp] > @Desde_Ms OR t.ID_Trace > @Despues_De)
    ORDER BY t.[Timestamp], t.ID_Trace;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Traza_Registros TO carril_app;
GRANT EXECUTE ON OBJECT::logs.sp_Traza_Registros TO carril_lector;
GO
