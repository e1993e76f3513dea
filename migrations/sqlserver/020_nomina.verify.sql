/* Comprueba 020: calla si todo esta; si no, 50422 y lo que falta. Solo lee. */
DECLARE @Falta nvarchar(max);

SELECT @Falta = STRING_AGG(CONVERT(nvarchar(max), f.Nombre), N', ') WITHIN GROUP (ORDER BY f.Nombre)
FROM (
  SELECT v.Tabla AS Nombre
  FROM (VALUES
    (N'nomina.EmpleadoConsolidado'), (N'nomina.ConceptoEmpleadoConsolidado'), (N'nomina.MetricaConsolidacion'),
    (N'nomina.DiscrepanciaCierre')) AS v (Tabla)
  WHERE OBJECT_ID(v.Tabla, N'U') IS NULL
  UNION ALL
  SELECT N'nomina.' + v.Tipo
  FROM (VALUES (N'Lista_Empleados_v1'), (N'Lista_Conceptos_v1'), (N'Lista_Movimientos_v1')) AS v (Tipo)
  WHERE NOT EXISTS (
    SELECT 1 FROM sys.table_types AS t WHERE t.schema_id = SCHEMA_ID(N'nomina') AND t.name = v.Tipo)
  UNION ALL
  SELECT v.Tabla + N'.' + v.Columna
  FROM (VALUES
    (N'nomina.EmpleadoCierre', N'rut_normalizado'), (N'nomina.EmpleadoCierreNovedades', N'rut_normalizado'),
    (N'nomina.MovimientoAltaBaja', N'rut_normalizado'), (N'nomina.MovimientoAusentismo', N'rut_normalizado'),
    (N'nomina.AnalistaIngreso', N'rut_normalizado'), (N'nomina.AnalistaFiniquito', N'rut_normalizado'),
    (N'nomina.CierreNomina', N'estado_anterior'), (N'nomina.CierreNomina', N'ID_Trabajo'),
    (N'nomina.CierreNomina', N'inicio_consolidacion'), (N'nomina.CierreNomina', N'limite'),
    (N'nomina.CierreNomina', N'vencida'), (N'nomina.CierreNomina', N'revision_requerida'),
    (N'nomina.EmpleadoConsolidado', N'fuentes_utilizadas'), (N'nomina.EmpleadoConsolidado', N'reglas_aplicadas'),
    (N'nomina.EmpleadoConsolidado', N'liquido_pagar'), (N'nomina.ConceptoEmpleadoConsolidado', N'valor'),
    (N'nomina.ConceptoEmpleadoConsolidado', N'fuente_dato'), (N'nomina.MetricaConsolidacion', N'registros_creados'),
    (N'nomina.DiscrepanciaCierre', N'tipo'), (N'nomina.DiscrepanciaCierre', N'ID_Trabajo')) AS v (Tabla, Columna)
  WHERE NOT EXISTS (SELECT 1 FROM sys.columns AS c WHERE c.object_id = OBJECT_ID(v.Tabla) AND c.name = v.Columna)
  UNION ALL
  SELECT v.Tabla + N' (' + v.Indice + N')'
  FROM (VALUES
    (N'nomina.CierreNomina', N'UX_CierreNomina_Trabajo'), (N'nomina.EmpleadoConsolidado', N'PK_EmpleadoConsolidado'),
    (N'nomina.EmpleadoConsolidado', N'UQ_EmpleadoConsolidado_cierre_rut'),
    (N'nomina.EmpleadoConsolidado', N'idx_consolidado_origen'),
    (N'nomina.ConceptoEmpleadoConsolidado', N'PK_ConceptoEmpleadoConsolidado'),
    (N'nomina.DiscrepanciaCierre', N'idx_discrepancia_cierre'),
    (N'nomina.EmpleadoCierre', N'idx_empleado_rut_normalizado'),
    (N'nomina.EmpleadoCierreNovedades', N'idx_novedades_rut_normalizado'),
    (N'nomina.MovimientoAltaBaja', N'idx_movimiento_rut_normalizado'),
    (N'nomina.MovimientoAusentismo', N'idx_ausentismo_rut_normalizado')) AS v (Tabla, Indice)
  WHERE NOT EXISTS (SELECT 1 FROM sys.indexes AS i WHERE i.object_id = OBJECT_ID(v.Tabla) AND i.name = v.Indice)
) AS f;

IF @Falta IS NOT NULL
BEGIN
  DECLARE @Mensaje nvarchar(2048) = N'020_nomina: falta ' + LEFT(@Falta, 1900);
  THROW 50422, @Mensaje, 1;
END;
GO
