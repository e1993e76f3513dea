-- carril: respaldo nomina.EmpleadoConsolidado, nomina.ConceptoEmpleadoConsolidado, nomina.MetricaConsolidacion, nomina.DiscrepanciaCierre, nomina.CierreNomina
/*
  Revierte 020. Lo consolidado y las discrepancias se pierden; las fuentes quedan. Un cierre consolidado, o que se consolidaba,
  vuelve al estado de antes; los trabajos quedan, y los que corrian, cancelados: sin sus procedimientos nadie podria terminarlos.
*/
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
UPDATE nomina.CierreNomina
SET estado = COALESCE(estado_anterior, 'verificado_sin_discrepancias')
WHERE ID_Trabajo IS NOT NULL;
GO
DECLARE @Filas int = 1;
WHILE @Filas > 0
BEGIN
  UPDATE TOP (2000) c
  SET Estado = 'CANCELADO', Poseedor = NULL, Expira = NULL, No_Antes_De = NULL, Fin = SYSUTCDATETIME()
  FROM trabajo.Chunks AS c
  INNER JOIN trabajo.Trabajos AS t ON t.ID_Trabajo = c.ID_Trabajo
  WHERE t.Tipo = 'NOMINA' AND t.Estado = 'EN_PROGRESO' AND c.Estado = 'PENDIENTE';
  SET @Filas = @@ROWCOUNT;
END;

SET @Filas = 1;
WHILE @Filas > 0
BEGIN
  UPDATE TOP (2000) t
  SET
    Estado = 'CANCELADO', Cancelado = 1, FechaFin = SYSUTCDATETIME(), Total = n.Total, Completados = n.Completados,
    Fallidos = n.Fallidos, Cancelados = n.Cancelados
  FROM trabajo.Trabajos AS t
  CROSS APPLY (
    SELECT
      COUNT(*) AS Total,
      COUNT(CASE WHEN c.Estado = 'COMPLETADO' THEN 1 END) AS Completados,
      COUNT(CASE WHEN c.Estado = 'ERROR' THEN 1 END) AS Fallidos,
      COUNT(CASE WHEN c.Estado = 'CANCELADO' THEN 1 END) AS Cancelados
    FROM trabajo.Chunks AS c
    WHERE c.ID_Trabajo = t.ID_Trabajo
  ) AS n
  WHERE t.Tipo = 'NOMINA' AND t.Estado = 'EN_PROGRESO';
  SET @Filas = @@ROWCOUNT;
END;
GO
DROP TYPE nomina.Lista_Movimientos_v1;
GO
DROP TYPE nomina.Lista_Conceptos_v1;
GO
DROP TYPE nomina.Lista_Empleados_v1;
GO
DROP TABLE nomina.DiscrepanciaCierre;
GO
DROP TABLE nomina.MetricaConsolidacion;
GO
DROP TABLE nomina.ConceptoEmpleadoConsolidado;
GO
DROP TABLE nomina.EmpleadoConsolidado;
GO
DROP INDEX UX_CierreNomina_Trabajo ON nomina.CierreNomina;
GO
ALTER TABLE nomina.CierreNomina DROP CONSTRAINT DF_CierreNomina_vencida, DF_CierreNomina_revision_requerida;
GO
ALTER TABLE nomina.CierreNomina DROP COLUMN estado_anterior, ID_Trabajo, inicio_consolidacion, limite, vencida, revision_requerida;
GO
DROP INDEX idx_empleado_rut_normalizado ON nomina.EmpleadoCierre;
GO
DROP INDEX idx_novedades_rut_normalizado ON nomina.EmpleadoCierreNovedades;
GO
DROP INDEX idx_movimiento_rut_normalizado ON nomina.MovimientoAltaBaja;
GO
DROP INDEX idx_ausentismo_rut_normalizado ON nomina.MovimientoAusentismo;
GO
ALTER TABLE nomina.EmpleadoCierre DROP COLUMN rut_normalizado;
GO
ALTER TABLE nomina.EmpleadoCierreNovedades DROP COLUMN rut_normalizado;
GO
ALTER TABLE nomina.MovimientoAltaBaja DROP COLUMN rut_normalizado;
GO
ALTER TABLE nomina.MovimientoAusentismo DROP COLUMN rut_normalizado;
GO
ALTER TABLE nomina.AnalistaIngreso DROP COLUMN rut_normalizado;
GO
ALTER TABLE nomina.AnalistaFiniquito DROP COLUMN rut_normalizado;
GO
