SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  A process and its counters: live while it runs. Accepts the ID of the process, of one of its executions, or of a run of the
  old way.

  Returns: one
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
  Errors: 50400, 50404
  Touches: trabajo.Chunks read, logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Servicios read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Estado_Proceso
  @ID_Proceso bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @ID bigint;

  EXEC logs.sp_Resolver_Proceso @ID = @ID_Proceso, @ID_Proceso = @ID OUTPUT;

  SELECT
    v.ID_Proceso, v.FechaReporte, v.Estado, v.Etapa_Actual, v.Usuario, v.Arquitectura, v.FechaInicio, v.FechaFin, v.TotalFondos,
    v.FondosExitosos, v.FondosFallidos, v.FondosOmitidos, v.FondosEnProgreso, v.FondosPendientes, v.ID_Trabajo
  FROM logs.vw_Procesos AS v
  WHERE v.ID_Proceso = @ID;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Estado_Proceso TO carril_app;
GRANT EXECUTE ON OBJECT::logs.sp_Estado_Proceso TO carril_lector;
GO
