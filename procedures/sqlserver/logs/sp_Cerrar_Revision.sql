SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Ends a review of a log if nothing of it is left to do, and writes what is known of its file then, once. The caller holds the
  job's lock Exclusive. LOGS: as trabajo.sp_Cerrar_Trabajo, all or nothing: one failed chunk makes the job ERROR; of a
  cancelled one it first ends what nobody holds. LOGS_SECUENCIAL: at once, CANCELADO, ERROR (the message goes into the job's
  parameters) or COMPLETADO.

  Only COMPLETADO moves the file on: read up to the review's end; the next review begins at @Reanudar_En, else at what the
  last chunk's result says ({"reanudar_en":"123"}), else at the review's end; compressed input is always read from its start.

  Returns: output
    Estado   varchar(50)  not null  of the job
    Cerrado  bit          not null  this call ended it
  Errors: 50400, 50404, 50409, 50499
  Touches: trabajo.Chunks write, trabajo.Trabajos write, logs.Archivos write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 022
*/
CREATE OR ALTER PROCEDURE logs.sp_Cerrar_Revision
  @ID_Trabajo bigint,
  @Error nvarchar(4000) = NULL,
  @Reanudar_En bigint = NULL,
  @Estado varchar(50) = NULL OUTPUT,
  @Cerrado bit = NULL OUTPUT
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Tipo varchar(50), @Cancelado bit, @Parametros nvarchar(max), @Hasta bigint, @Mensaje nvarchar(2048);
  SELECT @Estado = NULL, @Cerrado = 0;

  IF @@TRANCOUNT = 0
    THROW 50409, N'logs.sp_Cerrar_Revision necesita una transaccion abierta, con el candado del trabajo', 1;

  SELECT @Estado = t.Estado, @Tipo = t.Tipo, @Cancelado = t.Cancelado, @Parametros = t.Parametros
  FROM trabajo.Trabajos AS t WITH (READCOMMITTEDLOCK)
  WHERE t.ID_Trabajo = @ID_Trabajo;
  IF @Estado IS NULL
  BEGIN
    SET @Mensaje = CONCAT(N'no existe el trabajo ', @ID_Trabajo);
    THROW 50404, @Mensaje, 1;
  END;
  IF @Estado <> 'EN_PROGRESO'
    RETURN;
  SET @Hasta = TRY_CONVERT(bigint, JSON_VALUE(@Parametros, '$.hasta'));

  IF @Tipo = 'LOGS'
  BEGIN
    IF @Cancelado = 1
      EXEC trabajo.sp_Barrer_Cancelado @ID_Trabajo = @ID_Trabajo;
    EXEC trabajo.sp_Cerrar_Trabajo
      @ID_Trabajo = @ID_Trabajo, @Todo_O_Nada = 1, @Estado = @Estado OUTPUT, @Cerrado = @Cerrado OUTPUT;

    -- una vez por revision: recorre sus chunks, que el cierre acaba de contar
    IF @Cerrado = 1 AND @Estado = 'COMPLETADO'
      SELECT TOP (1) @Reanudar_En = TRY_CONVERT(bigint, JSON_VALUE(c.Resultado, '$.reanudar_en'))
      FROM trabajo.Chunks AS c
      WHERE c.ID_Trabajo = @ID_Trabajo AND c.Estado = 'COMPLETADO'
      ORDER BY c.Rango_Fin DESC, c.ID_Chunk DESC;
  END
  ELSE
  BEGIN
    SET @Estado = CASE WHEN @Cancelado = 1 THEN 'CANCELADO' WHEN @Error IS NOT NULL THEN 'ERROR' ELSE 'COMPLETADO' END;
    UPDATE t
    SET
      Estado = @Estado, FechaFin = SYSUTCDATETIME(), Total = 0, Completados = 0, Fallidos = 0, Cancelados = 0,
      Parametros = CASE WHEN @Error IS NULL THEN t.Parametros ELSE JSON_MODIFY(t.Parametros, '$.error', @Error) END
    FROM trabajo.Trabajos AS t WITH (ROWLOCK, FORCESEEK)
    WHERE t.ID_Trabajo = @ID_Trabajo AND t.Estado = 'EN_PROGRESO';
    SET @Cerrado = CASE WHEN @@ROWCOUNT = 1 THEN 1 ELSE 0 END;
  END;

  IF @Cerrado = 1 AND @Estado = 'COMPLETADO'
    UPDATE a
    SET
      Leido = @Hasta,
      Reanudar_En = CASE
        WHEN JSON_VALUE(@Parametros, '$.gzip') = N'true' THEN 0
        WHEN @Reanudar_En BETWEEN 0 AND @Hasta THEN @Reanudar_En
        ELSE @Hasta
      END,
      ID_Trabajo = @ID_Trabajo
    FROM logs.Archivos AS a WITH (ROWLOCK, FORCESEEK)
    WHERE a.ID_Ultimo_Trabajo = @ID_Trabajo AND a.ID_Ultimo_Trabajo IS NOT NULL;
END;
GO
