SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Ends a job whose chunks have all ended; to be tried after every commit that ends a chunk and on every idle poll. A cheap look
  without a lock comes first; then the job's lock Exclusive, a recount, one commit: whoever comes second finds it done.
  Of a cancelled job it first ends what nobody holds. Jobs of kind FONDOS are ended by logs.sp_Finalizar_Proceso, those of the
  log review by logs.sp_Finalizar_Revision, those of a payroll by nomina.sp_Finalizar_Consolidacion, and that of LO_PROCESOS
  never (50409).

  Returns: one
    Estado       varchar(50)  not null  of the job
    Finalizado   bit          not null  this call ended it
    Total        int          null      counts: null until the job has ended
    Completados  int          null
    Fallidos     int          null
    Cancelados   int          null
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: trabajo.Chunks write, trabajo.Trabajos write
  Batch: 2000
  Entry: carril_app
  Since: 021
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Finalizar_Trabajo
  @ID_Trabajo bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @Estado varchar(50), @Tipo varchar(50), @Cancelado bit, @Finalizado bit = 0, @Restantes int,
    @Mensaje nvarchar(2048), @Recurso nvarchar(255);

  IF @ID_Trabajo IS NULL
    THROW 50400, N'@ID_Trabajo es obligatorio', 1;

  SELECT @Estado = t.Estado, @Tipo = t.Tipo, @Cancelado = t.Cancelado
  FROM trabajo.Trabajos AS t
  WHERE t.ID_Trabajo = @ID_Trabajo;
  IF @Estado IS NULL
  BEGIN
    SET @Mensaje = CONCAT(N'no existe el trabajo ', @ID_Trabajo);
    THROW 50404, @Mensaje, 1;
  END;
  IF @Tipo IN ('FONDOS', 'FONDOS_LEGADO')
    THROW 50409, N'un trabajo de fondos lo termina logs.sp_Finalizar_Proceso', 1;
  IF @Tipo IN ('LOGS', 'LOGS_SECUENCIAL')
    THROW 50409, N'una revision de logs la termina logs.sp_Finalizar_Revision', 1;
  IF @Tipo = 'NOMINA'
    THROW 50409, N'una consolidacion de nomina la termina nomina.sp_Finalizar_Consolidacion', 1;
  IF @Tipo = 'LO_PROCESOS'
    THROW 50409, N'el trabajo de LO_PROCESOS es su historia: no termina nunca', 1;

  -- sin candado: casi siempre queda algo, y entonces no se molesta a nadie. El recuento, con el candado, decide
  EXEC trabajo.sp_Restantes @ID_Trabajo = @ID_Trabajo, @Restantes = @Restantes OUTPUT;
  IF @Estado = 'EN_PROGRESO' AND (@Cancelado = 1 OR @Restantes = 0)
  BEGIN
    BEGIN TRY
      BEGIN TRANSACTION;

      SET @Recurso = CONCAT(N'carril:trabajo:', @ID_Trabajo);
      EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 15000;

      -- otra vez, con el candado: pudieron cancelarlo o terminarlo mientras se esperaba
      SELECT @Estado = t.Estado, @Cancelado = t.Cancelado
      FROM trabajo.Trabajos AS t WITH (READCOMMITTEDLOCK)
      WHERE t.ID_Trabajo = @ID_Trabajo;
      IF @Estado = 'EN_PROGRESO' AND @Cancelado = 1
        EXEC trabajo.sp_Barrer_Cancelado @ID_Trabajo = @ID_Trabajo;

      EXEC trabajo.sp_Cerrar_Trabajo @ID_Trabajo = @ID_Trabajo, @Estado = @Estado OUTPUT, @Cerrado = @Finalizado OUTPUT;

      COMMIT TRANSACTION;
    END TRY
    BEGIN CATCH
      IF XACT_STATE() <> 0
        ROLLBACK TRANSACTION;
      THROW;
    END CATCH;
  END;

  SELECT t.Estado, @Finalizado AS Finalizado, t.Total, t.Completados, t.Fallidos, t.Cancelados
  FROM trabajo.Trabajos AS t
  WHERE t.ID_Trabajo = @ID_Trabajo;
END;
GO
GRANT EXECUTE ON OBJECT::trabajo.sp_Finalizar_Trabajo TO carril_app;
GO
