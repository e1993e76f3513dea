SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The newest processes, newest first, of one date or of all; runs of the old way among them.

  Returns: many
    ID_Proceso        bigint         not null
    FechaReporte      date           not null
    Estado            varchar(50)    not null
    Etapa_Actual      nvarchar(50)   null
    Usuario           nvarchar(100)  null
    Arquitectura      varchar(20)    not null
    FechaInicio       datetime2(3)   not null
    FechaFin          datetime2(3)   null
    TotalFondos       int            not null
    FondosExitosos    int            not null
    FondosFallidos    int            not null
    FondosOmitidos    int            not null
    FondosEnProgreso  int            not null
    FondosPendientes  int            not null
    ID_Trabajo        bigint         null
  Errors: 50400
  Touches: trabajo.Chunks read, logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Servicios read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Listar_Procesos
  @FechaReporte date = NULL,
  @Maximo int = 20
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Ultimos TABLE (ID_Proceso bigint NOT NULL PRIMARY KEY);

  IF @Maximo IS NULL OR @Maximo NOT BETWEEN 1 AND 2000
    THROW 50400, N'@Maximo debe estar entre 1 y 2000', 1;

  -- primero cuales, por su ID, que crece con el tiempo; los contadores, solo de esos
  INSERT INTO @Ultimos (ID_Proceso)
  SELECT TOP (@Maximo) u.ID_Proceso
  FROM (
    SELECT p.ID_Proceso FROM logs.Procesos AS p WHERE @FechaReporte IS NULL OR p.FechaReporte = @FechaReporte
    UNION ALL
    SELECT e.ID_Ejecucion
    FROM logs.Ejecuciones AS e
    WHERE e.ID_Proceso IS NULL AND (@FechaReporte IS NULL OR e.FechaReporte = @FechaReporte)
  ) AS u
  ORDER BY u.ID_Proceso DESC
  OPTION (RECOMPILE);

  SELECT
    v.ID_Proceso, v.FechaReporte, v.Estado, v.Etapa_Actual, v.Usuario, v.Arquitectura, v.FechaInicio, v.FechaFin, v.TotalFondos,
    v.FondosExitosos, v.FondosFallidos, v.FondosOmitidos, v.FondosEnProgreso, v.FondosPendientes, v.ID_Trabajo
  FROM @Ultimos AS u
  INNER JOIN logs.vw_Procesos AS v ON v.ID_Proceso = u.ID_Proceso
  ORDER BY v.ID_Proceso DESC;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Listar_Procesos TO carril_app;
GRANT EXECUTE ON OBJECT::logs.sp_Listar_Procesos TO carril_lector;
GO
