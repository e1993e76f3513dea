SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Cancels a job: sets its flag and turns what nobody holds (or whose lease has expired) into CANCELADO, at most 20,000 chunks a
  call in statements of 2,000; call again until Cancelados is 0, or leave the rest to the finalizer, which goes on with it.
  What is held and alive learns it at its next check or heartbeat. Waits for the job's lock at most 15 s: claims hold it for
  milliseconds. A job that has ended stays as it is; that of LO_PROCESOS cannot be cancelled (50409).

  Returns: one
    Estado      varchar(50)  not null  of the job: EN_PROGRESO until its finalizer has ended it
    Cancelados  int          not null  chunks that this call ended
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: trabajo.Trabajos write, trabajo.Chunks write
  Batch: 2000
  Entry: carril_app
  Since: 018
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Cancelar_Trabajo
  @ID_Trabajo bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE @Estado varchar(50), @Tipo varchar(50), @Cancelados int = 0, @Mensaje nvarchar(2048), @Recurso nvarchar(255);

  IF @ID_Trabajo IS NULL
    THROW 50400, N'@ID_Trabajo es obligatorio', 1;

  BEGIN TRY
    BEGIN TRANSACTION;

    -- Exclusive: los reclamos lo tienen Shared mientras miran la bandera, asi que ninguno toma un chunk despues de esto
    SET @Recurso = CONCAT(N'carril:trabajo:', @ID_Trabajo);
    EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 15000;

    SELECT @Estado = t.Estado, @Tipo = t.Tipo
    FROM trabajo.Trabajos AS t WITH (READCOMMITTEDLOCK)
    WHERE t.ID_Trabajo = @ID_Trabajo;
    IF @Estado IS NULL
    BEGIN
      SET @Mensaje = CONCAT(N'no existe el trabajo ', @ID_Trabajo);
      THROW 50404, @Mensaje, 1;
    END;
    IF @Tipo = 'LO_PROCESOS'
      THROW 50409, N'el trabajo de LO_PROCESOS es su historia: no se cancela', 1;

    IF @Estado = 'EN_PROGRESO'
    BEGIN
      UPDATE t
      SET Cancelado = 1
      FROM trabajo.Trabajos AS t WITH (ROWLOCK, FORCESEEK)
      WHERE t.ID_Trabajo = @ID_Trabajo AND t.Cancelado = 0;

      EXEC trabajo.sp_Barrer_Cancelado @ID_Trabajo = @ID_Trabajo, @Cancelados = @Cancelados OUTPUT;
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  SELECT @Estado AS Estado, @Cancelados AS Cancelados;
END;
GO
GRANT EXECUTE ON OBJECT::trabajo.sp_Cancelar_Trabajo TO carril_app;
GO
