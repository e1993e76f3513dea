SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Which process an ID stands for: its own, its child's (ID_Ejecucion), or a run's of the old way. A legacy ID_Ejecucion without
  a process stands for itself. IDs come from one sequence, so no number is both.

  Returns: output
    ID_Proceso  bigint  not null
  Errors: 50400, 50404
  Touches: logs.Procesos read, logs.Ejecuciones read
  Batch: none
  Step: called inside the caller's transaction, or without one
  Since: 013
*/
CREATE OR ALTER PROCEDURE logs.sp_Resolver_Proceso
  @ID bigint,
  @ID_Proceso bigint = NULL OUTPUT
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Mensaje nvarchar(2048);
  SET @ID_Proceso = NULL;

  IF @ID IS NULL
    THROW 50400, N'falta el ID del proceso (o el de una de sus ejecuciones)', 1;

  SELECT @ID_Proceso = p.ID_Proceso FROM logs.Procesos AS p WHERE p.ID_Proceso = @ID;
  IF @ID_Proceso IS NULL
    SELECT @ID_Proceso = COALESCE(e.ID_Proceso, e.ID_Ejecucion) FROM logs.Ejecuciones AS e WHERE e.ID_Ejecucion = @ID;
  IF @ID_Proceso IS NULL
  BEGIN
    SET @Mensaje = CONCAT(N'no existe ningun proceso ni ejecucion con el ID ', @ID);
    THROW 50404, @Mensaje, 1;
  END;
END;
GO
