SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Writes a process's state and counters from the final states of its executions: when it ends, and when one of them is rolled back
  after that. CANCELADO when an execution was cancelled; ERROR when all failed; COMPLETADO_CON_ERRORES when some did; REVERTIDO
  when all were rolled back; else COMPLETADO. A process of the old way keeps what its writers gave it, until all of it is
  REVERTIDO. The caller sees to it that no execution changes meanwhile.

  Returns: nothing
  Errors: none
  Touches: logs.Ejecuciones read, logs.Procesos write
  Batch: 1
  Step: called inside the caller's transaction
  Since: 021
*/
CREATE OR ALTER PROCEDURE logs.sp_Recontar_Proceso
  @ID_Proceso bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Total int, @Exitosos int, @Fallidos int, @Omitidos int, @Cancelados int, @Revertidos int;

  SELECT
    @Total = COUNT(*),
    @Exitosos = COALESCE(SUM(CASE WHEN e.Estado = 'COMPLETADO' THEN 1 ELSE 0 END), 0),
    @Fallidos = COALESCE(SUM(CASE WHEN e.Estado IN ('ERROR', 'COMPLETADO_CON_ERRORES') THEN 1 ELSE 0 END), 0),
    @Omitidos = COALESCE(SUM(CASE WHEN e.Estado IN ('OMITIDO', 'CANCELADO', 'REVERTIDO') THEN 1 ELSE 0 END), 0),
    @Cancelados = COALESCE(SUM(CASE WHEN e.Estado = 'CANCELADO' THEN 1 ELSE 0 END), 0),
    @Revertidos = COALESCE(SUM(CASE WHEN e.Estado = 'REVERTIDO' THEN 1 ELSE 0 END), 0)
  FROM logs.Ejecuciones AS e
  WHERE e.ID_Proceso = @ID_Proceso;

  UPDATE p
  SET
    Estado = CASE
      WHEN @Revertidos > 0 AND @Revertidos = @Total THEN 'REVERTIDO'
      WHEN @Cancelados > 0 THEN 'CANCELADO'
      WHEN @Fallidos > 0 AND @Fallidos = @Total THEN 'ERROR'
      WHEN @Fallidos > 0 THEN 'COMPLETADO_CON_ERRORES'
      ELSE 'COMPLETADO'
    END,
    Etapa_Actual = N'FINALIZADO', FechaFin = COALESCE(p.FechaFin, SYSUTCDATETIME()), TotalFondos = @Total,
    FondosExitosos = @Exitosos, FondosFallidos = @Fallidos, FondosOmitidos = @Omitidos
  FROM logs.Procesos AS p WITH (ROWLOCK, FORCESEEK)
  WHERE p.ID_Proceso = @ID_Proceso AND p.Arquitectura = 'JERARQUICA';

  UPDATE p
  SET Estado = 'REVERTIDO', FechaFin = COALESCE(p.FechaFin, SYSUTCDATETIME())
  FROM logs.Procesos AS p WITH (ROWLOCK, FORCESEEK)
  WHERE p.ID_Proceso = @ID_Proceso AND p.Arquitectura = 'LEGADO' AND @Revertidos > 0 AND @Revertidos = @Total;
END;
GO
