SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Takes a consolidation back, whether it went well or not: deletes its results, discrepancies and metrics, a bounded number a call
  (call again until Quedan is 0; meanwhile the closing is in revirtiendo_consolidacion), and puts the closing back into the state
  from which it was consolidated; where that is not known, con_discrepancias if any are left, else verificado_sin_discrepancias. One
  that still runs is refused (50409): cancel it first. Nothing to take back: changes nothing.
  Document 003, rollback_consolidacion_fallida.

  Returns: one
    Estado    varchar(50)  not null  of the closing
    Borrados  int          not null  rows that this call deleted
    Quedan    bit          not null
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: trabajo.Trabajos read, nomina.CierreNomina write, nomina.ConceptoEmpleadoConsolidado write, nomina.EmpleadoConsolidado write, nomina.DiscrepanciaCierre write, nomina.MetricaConsolidacion write
  Batch: 2000
  Entry: carril_app
  Since: 020
*/
CREATE OR ALTER PROCEDURE nomina.sp_Revertir_Consolidacion
  @ID_Cierre bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @Estado varchar(50), @Anterior varchar(50), @ID_Trabajo bigint, @Trabajo varchar(50), @Borrados int = 0, @Quedan bit = 0,
    @Recurso nvarchar(255), @Mensaje nvarchar(2048);

  IF @ID_Cierre IS NULL
    THROW 50400, N'@ID_Cierre es obligatorio', 1;

  BEGIN TRY
    BEGIN TRANSACTION;

    SET @Recurso = CONCAT(N'carril:clave:nomina:', @ID_Cierre);
    EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 15000;
    SELECT @Estado = c.estado, @Anterior = c.estado_anterior, @ID_Trabajo = c.ID_Trabajo, @Trabajo = t.Estado
    FROM nomina.CierreNomina AS c WITH (READCOMMITTEDLOCK)
    LEFT JOIN trabajo.Trabajos AS t WITH (READCOMMITTEDLOCK) ON t.ID_Trabajo = c.ID_Trabajo
    WHERE c.id = @ID_Cierre;
    IF @Estado IS NULL
    BEGIN
      SET @Mensaje = CONCAT(N'no existe el cierre ', @ID_Cierre);
      THROW 50404, @Mensaje, 1;
    END;
    IF @Trabajo = 'EN_PROGRESO'
    BEGIN
      SET @Mensaje = CONCAT(N'el trabajo ', @ID_Trabajo, N' todavia consolida el cierre ', @ID_Cierre,
        N': cancelelo, y cuando haya terminado deshaga');
      THROW 50409, @Mensaje, 1;
    END;

    IF @Estado NOT IN ('cargando', 'verificado_sin_discrepancias', 'con_discrepancias') OR @ID_Trabajo IS NOT NULL
    BEGIN
      SET @Estado = 'revirtiendo_consolidacion';
      EXEC nomina.sp_Borrar_Consolidacion @ID_Cierre = @ID_Cierre, @Borrados = @Borrados OUTPUT, @Quedan = @Quedan OUTPUT;
      IF @Quedan = 0
        SET @Estado = COALESCE(@Anterior, CASE
          WHEN EXISTS (SELECT 1 FROM nomina.DiscrepanciaCierre AS d WHERE d.cierre_id = @ID_Cierre) THEN 'con_discrepancias'
          ELSE 'verificado_sin_discrepancias'
        END);
      UPDATE c
      SET
        estado = @Estado,
        estado_anterior = CASE WHEN @Quedan = 1 THEN c.estado_anterior END,
        ID_Trabajo = CASE WHEN @Quedan = 1 THEN c.ID_Trabajo END,
        inicio_consolidacion = CASE WHEN @Quedan = 1 THEN c.inicio_consolidacion END,
        limite = NULL, vencida = 0, revision_requerida = 0
      FROM nomina.CierreNomina AS c WITH (ROWLOCK, FORCESEEK)
      WHERE c.id = @ID_Cierre;
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  SELECT @Estado AS Estado, @Borrados AS Borrados, @Quedan AS Quedan;
END;
GO
GRANT EXECUTE ON OBJECT::nomina.sp_Revertir_Consolidacion TO carril_app;
GO
