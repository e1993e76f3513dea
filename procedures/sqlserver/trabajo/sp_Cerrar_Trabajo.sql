SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Ends a job whose chunks have all ended: counts them and writes its final state, once. The caller holds the job's lock
  Exclusive. With an unfinished chunk left, or a job that has ended already, it changes nothing and says so.

  With @Todo_O_Nada = 1 ERROR when a chunk failed, whatever became of the others. CANCELADO when a chunk was cancelled; ERROR when
  all failed; COMPLETADO_CON_ERRORES when some did; else COMPLETADO. A chunk that was split (OMITIDO) does not count: its halves do.

  Returns: output
    Estado       varchar(50)  not null  state of the job
    Cerrado      bit          not null  this call ended it
    Total        int          null
    Completados  int          null
    Fallidos     int          null
    Cancelados   int          null
  Errors: 50404
  Touches: trabajo.Chunks read, trabajo.Trabajos write
  Batch: 1
  Step: called inside the caller's transaction
  Since: 021
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Cerrar_Trabajo
  @ID_Trabajo bigint,
  @Todo_O_Nada bit = 0,
  @Estado varchar(50) = NULL OUTPUT,
  @Cerrado bit = NULL OUTPUT,
  @Total int = NULL OUTPUT,
  @Completados int = NULL OUTPUT,
  @Fallidos int = NULL OUTPUT,
  @Cancelados int = NULL OUTPUT
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Mensaje nvarchar(2048), @Pendientes int, @Omitidos int;
  SELECT @Cerrado = 0, @Estado = NULL;

  SELECT
    @Estado = t.Estado, @Total = t.Total, @Completados = t.Completados, @Fallidos = t.Fallidos, @Cancelados = t.Cancelados
  FROM trabajo.Trabajos AS t
  WHERE t.ID_Trabajo = @ID_Trabajo;
  IF @Estado IS NULL
  BEGIN
    SET @Mensaje = CONCAT(N'no existe el trabajo ', @ID_Trabajo);
    THROW 50404, @Mensaje, 1;
  END;
  IF @Estado <> 'EN_PROGRESO'
    RETURN;

  SELECT
    @Total = COALESCE(SUM(CASE WHEN c.Estado <> 'OMITIDO' THEN 1 ELSE 0 END), 0),
    @Completados = COALESCE(SUM(CASE WHEN c.Estado = 'COMPLETADO' THEN 1 ELSE 0 END), 0),
    @Fallidos = COALESCE(SUM(CASE WHEN c.Estado = 'ERROR' THEN 1 ELSE 0 END), 0),
    @Cancelados = COALESCE(SUM(CASE WHEN c.Estado = 'CANCELADO' THEN 1 ELSE 0 END), 0),
    @Omitidos = COALESCE(SUM(CASE WHEN c.Estado = 'OMITIDO' THEN 1 ELSE 0 END), 0),
    @Pendientes = COALESCE(SUM(CASE WHEN c.Estado = 'PENDIENTE' THEN 1 ELSE 0 END), 0)
  FROM trabajo.Chunks AS c
  WHERE c.ID_Trabajo = @ID_Trabajo;
  IF @Pendientes > 0
    RETURN;

  SET @Estado = CASE
    WHEN @Todo_O_Nada = 1 AND @Fallidos > 0 THEN 'ERROR'
    WHEN @Cancelados > 0 THEN 'CANCELADO'
    WHEN @Fallidos > 0 AND @Fallidos = @Total THEN 'ERROR'
    WHEN @Fallidos > 0 THEN 'COMPLETADO_CON_ERRORES'
    ELSE 'COMPLETADO'
  END;

  UPDATE t
  SET
    Estado = @Estado, FechaFin = SYSUTCDATETIME(),
    Total = @Total, Completados = @Completados, Fallidos = @Fallidos, Cancelados = @Cancelados,
    Omitidos = @Omitidos
  FROM trabajo.Trabajos AS t WITH (ROWLOCK, FORCESEEK)
  WHERE t.ID_Trabajo = @ID_Trabajo AND t.Estado = 'EN_PROGRESO';
  SET @Cerrado = CASE WHEN @@ROWCOUNT = 1 THEN 1 ELSE 0 END;
END;
GO
