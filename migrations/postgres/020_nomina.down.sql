-- carril: respaldo nomina.EmpleadoConsolidado, nomina.ConceptoEmpleadoConsolidado, nomina.MetricaConsolidacion, nomina.DiscrepanciaCierre, nomina.CierreNomina
/*
  Revierte 020. Lo consolidado y las discrepancias se pierden; las fuentes quedan. Un cierre consolidado, o que se consolidaba,
  vuelve al estado de antes; los trabajos quedan, y los que corrian, cancelados: sin sus procedimientos nadie podria terminarlos.
*/
SET LOCAL ROLE carril_dueno;

UPDATE nomina.CierreNomina AS c
SET estado = COALESCE(c.estado_anterior, 'verificado_sin_discrepancias')
WHERE c.id_trabajo IS NOT NULL;

UPDATE trabajo.Chunks AS c
SET estado = 'CANCELADO', poseedor = NULL, expira = NULL, no_antes_de = NULL, fin = clock_timestamp()
FROM trabajo.Trabajos AS t
WHERE t.id_trabajo = c.id_trabajo AND t.tipo = 'NOMINA' AND t.estado = 'EN_PROGRESO' AND c.estado = 'PENDIENTE';

UPDATE trabajo.Trabajos AS t
SET
  estado = 'CANCELADO', cancelado = true, fechafin = clock_timestamp(), total = n.total, completados = n.completados,
  fallidos = n.fallidos, cancelados = n.cancelados
FROM trabajo.Trabajos AS x
CROSS JOIN LATERAL (
  SELECT
    count(*) AS total,
    count(*) FILTER (WHERE c.estado = 'COMPLETADO') AS completados,
    count(*) FILTER (WHERE c.estado = 'ERROR') AS fallidos,
    count(*) FILTER (WHERE c.estado = 'CANCELADO') AS cancelados
  FROM trabajo.Chunks AS c
  WHERE c.id_trabajo = x.id_trabajo
) AS n
WHERE x.id_trabajo = t.id_trabajo AND t.tipo = 'NOMINA' AND t.estado = 'EN_PROGRESO';

DROP TABLE nomina.DiscrepanciaCierre;
DROP TABLE nomina.MetricaConsolidacion;
DROP TABLE nomina.ConceptoEmpleadoConsolidado;
DROP TABLE nomina.EmpleadoConsolidado;

DROP INDEX nomina.UX_CierreNomina_Trabajo;
ALTER TABLE nomina.CierreNomina
  DROP COLUMN estado_anterior,
  DROP COLUMN ID_Trabajo,
  DROP COLUMN inicio_consolidacion,
  DROP COLUMN limite,
  DROP COLUMN vencida,
  DROP COLUMN revision_requerida;

DROP INDEX nomina.idx_empleado_rut_normalizado;
DROP INDEX nomina.idx_novedades_rut_normalizado;
DROP INDEX nomina.idx_movimiento_rut_normalizado;
DROP INDEX nomina.idx_ausentismo_rut_normalizado;
ALTER TABLE nomina.EmpleadoCierre DROP COLUMN rut_normalizado;
ALTER TABLE nomina.EmpleadoCierreNovedades DROP COLUMN rut_normalizado;
ALTER TABLE nomina.MovimientoAltaBaja DROP COLUMN rut_normalizado;
ALTER TABLE nomina.MovimientoAusentismo DROP COLUMN rut_normalizado;
ALTER TABLE nomina.AnalistaIngreso DROP COLUMN rut_normalizado;
ALTER TABLE nomina.AnalistaFiniquito DROP COLUMN rut_normalizado;

REVOKE USAGE ON SCHEMA nomina FROM carril_app, carril_lector;
