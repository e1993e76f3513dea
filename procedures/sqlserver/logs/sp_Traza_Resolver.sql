SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  What a question about traces is about: a process, by its ID, one of its executions' or a legacy ID_Ejecucion, or a job. A job that
  is a process's stands for the process. An ID that nothing goes by any more is accepted as long as it has traces.

  Returns: output
    ID_Raiz_Proceso  bigint  null  the process; NULL when it is a job
    ID_Raiz_Trabajo  bigint  null  the job; NULL when it is a process
  Errors: 50400, 50404
  Touches: trabajo.Trabajos read, logs.Procesos read, logs.Ejecuciones read, logs.Trace_Records read
  Batch: none
  Step: called inside the caller's transaction, or without one
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Traza_Resolver
  @ID_Proceso bigint,
  @ID_Trabajo bigint,
  @ID_Raiz_Proceso bigint = NULL OUTPUT,
  @ID_Raiz_Trabajo bigint = NULL OUTPUT
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Mensaje nvarchar(2048);
  SELECT @ID_Raiz_Proceso = NULL, @ID_Raiz_Trabajo = NULL;

  IF (@ID_Proceso IS NULL AND @ID_Trabajo IS NULL) OR (@ID_Proceso IS NOT NULL AND @ID_Trabajo IS NOT NULL)
    THROW 50400, N'uno de los dos: @ID_Proceso o @ID_Trabajo', 1;

  IF @ID_Trabajo IS NOT NULL
    SELECT @ID_Raiz_Proceso = p.ID_Proceso FROM logs.Procesos AS p WHERE p.ID_Trabajo = @ID_Trabajo;
  ELSE
  BEGIN
    SELECT @ID_Raiz_Proceso = p.ID_Proceso FROM logs.Procesos AS p WHERE p.ID_Proceso = @ID_Proceso;
    IF @ID_Raiz_Proceso IS NULL
      SELECT @ID_Raiz_Proceso = COALESCE(e.ID_Proceso, e.ID_Ejecucion)
      FROM logs.Ejecuciones AS e
      WHERE e.ID_Ejecucion = @ID_Proceso;
    IF @ID_Raiz_Proceso IS NULL
      SELECT TOP (1) @ID_Raiz_Proceso = t.ID_Proceso FROM logs.Trace_Records AS t WHERE t.ID_Proceso = @ID_Proceso;
  END;
  IF @ID_Raiz_Proceso IS NOT NULL
    RETURN;

  IF @ID_Trabajo IS NOT NULL
  BEGIN
    SELECT @ID_Raiz_Trabajo = t.ID_Trabajo FROM trabajo.Trabajos AS t WHERE t.ID_Trabajo = @ID_Trabajo;
    IF @ID_Raiz_Trabajo IS NULL
      SELECT TOP (1) @ID_Raiz_Trabajo = t.ID_Trabajo
      FROM logs.Trace_Records AS t
      WHERE t.ID_Trabajo = @ID_Trabajo AND t.ID_Proceso IS NULL;
    IF @ID_Raiz_Trabajo IS NOT NULL
      RETURN;
    SET @Mensaje = CONCAT(N'no existe el trabajo ', @ID_Trabajo, N', ni trazas suyas');
    THROW 50404, @Mensaje, 1;
  END;
  SET @Mensaje = CONCAT(N'no existe ningun proceso ni ejecucion con el ID ', @ID_Proceso, N', ni trazas suyas');
  THROW 50404, @Mensaje, 1;
END;
GO
