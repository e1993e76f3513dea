SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Cuts a consolidation off whose time is up by the server's clock: as trabajo.sp_Cancelar_Trabajo, and its closing will be left in
  timeout_consolidacion (document 003, chord.get(timeout=300)). Before that moment, without a limit, and once it has ended or was
  cancelled, it changes nothing.

  Returns: one
    Vencida     bit  not null  its time was up, now or at an earlier call
    Cancelados  int  not null  chunks that this call ended
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: trabajo.Trabajos write, trabajo.Chunks write, nomina.CierreNomina write
  Batch: 2000
  Entry: carril_app
  Since: 020
*/
CREATE OR ALTER PROCEDURE nomina.sp_Vencer_Consolidacion
  @ID_Trabajo bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @Cierre bigint, @Vencida bit = 0, @Vence bit = 0, @Cancelados int = 0, @Recurso nvarchar(255), @Mensaje nvarchar(2048);

  IF @ID_Trabajo IS NULL
    THROW 50400, N'@ID_Trabajo es obligatorio', 1;

  BEGIN TRY
    BEGIN TRANSACTION;

    SET @Recurso = CONCAT(N'carril:trabajo:', @ID_Trabajo);
    EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 15000;
    SELECT
      @Cierre = c.id, @Vencida = c.vencida,
      @Vence = CASE WHEN t.Estado = 'EN_PROGRESO' AND t.Cancelado = 0 AND c.limite <= SYSUTCDATETIME() THEN 1 ELSE 0 END
    FROM nomina.CierreNomina AS c WITH (READCOMMITTEDLOCK)
    INNER JOIN trabajo.Trabajos AS t WITH (READCOMMITTEDLOCK) ON t.ID_Trabajo = c.ID_Trabajo
    WHERE c.ID_Trabajo = @ID_Trabajo AND c.ID_Trabajo IS NOT NULL;
    IF @Cierre IS NULL
    BEGIN
      SET @Mensaje = CONCAT(N'el trabajo ', @ID_Trabajo, N' no es la consolidacion de ningun cierre');
      THROW 50404, @Mensaje, 1;
    END;

    IF @Vence = 1
    BEGIN
      UPDATE t SET Cancelado = 1 FROM trabajo.Trabajos AS t WITH (ROWLOCK, FORCESEEK) WHERE t.ID_Trabajo = @ID_Trabajo;
      EXEC trabajo.sp_Barrer_Cancelado @ID_Trabajo = @ID_Trabajo, @Cancelados = @Cancelados OUTPUT;
      UPDATE c SET vencida = 1 FROM nomina.CierreNomina AS c WITH (ROWLOCK, FORCESEEK) WHERE c.id = @Cierre;
      SET @Vencida = 1;
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  SELECT @Vencida AS Vencida, @Cancelados AS Cancelados;
END;
GO
GRANT EXECUTE ON OBJECT::nomina.sp_Vencer_Consolidacion TO carril_app;
GO
