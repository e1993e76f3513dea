-- Comprueba, sin escribir nada, que esta todo lo que crea 008_nomina_fuentes; si no, 50422 con lo que falta.
SET NOCOUNT ON;

DECLARE @falta TABLE (Que nvarchar(300) NOT NULL);

-- columnas, con su tipo y si admiten NULL
INSERT INTO @falta (Que)
SELECT CONCAT(N'columna ', e.Tabla, N'.', e.Columna, N' ', e.Tipo, CASE e.Nulo WHEN 1 THEN N' NULL' ELSE N' NOT NULL' END)
FROM (VALUES
  (N'nomina.CierreNomina', N'id', N'bigint', 0),
  (N'nomina.CierreNomina', N'cliente', N'nvarchar(200)', 0),
  (N'nomina.CierreNomina', N'mes', N'int', 0),
  (N'nomina.CierreNomina', N'anno', N'int', 0),
  (N'nomina.CierreNomina', N'estado', N'varchar(50)', 0),
  (N'nomina.CierreNomina', N'fecha_creacion', N'datetime2(3)', 0),
  (N'nomina.EmpleadoCierre', N'id', N'bigint', 0),
  (N'nomina.EmpleadoCierre', N'cierre_id', N'bigint', 0),
  (N'nomina.EmpleadoCierre', N'rut', N'varchar(15)', 0),
  (N'nomina.EmpleadoCierre', N'nombre', N'nvarchar(200)', 0),
  (N'nomina.EmpleadoCierre', N'cargo', N'nvarchar(100)', 0),
  (N'nomina.EmpleadoCierre', N'centro_costo', N'nvarchar(50)', 0),
  (N'nomina.EmpleadoCierre', N'sueldo_base', N'decimal(12,2)', 0),
  (N'nomina.EmpleadoCierre', N'fecha_ingreso', N'date', 1),
  (N'nomina.RegistroConceptoEmpleado', N'id', N'bigint', 0),
  (N'nomina.RegistroConceptoEmpleado', N'empleado_id', N'bigint', 0),
  (N'nomina.RegistroConceptoEmpleado', N'codigo_concepto', N'nvarchar(10)', 0),
  (N'nomina.RegistroConceptoEmpleado', N'nombre_concepto', N'nvarchar(200)', 0),
  (N'nomina.RegistroConceptoEmpleado', N'valor', N'decimal(12,2)', 0),
  (N'nomina.RegistroConceptoEmpleado', N'tipo_concepto', N'nvarchar(20)', 0),
  (N'nomina.EmpleadoCierreNovedades', N'id', N'bigint', 0),
  (N'nomina.EmpleadoCierreNovedades', N'cierre_id', N'bigint', 0),
  (N'nomina.EmpleadoCierreNovedades', N'rut', N'varchar(15)', 0),
  (N'nomina.EmpleadoCierreNovedades', N'nombre', N'nvarchar(200)', 0),
  (N'nomina.EmpleadoCierreNovedades', N'cargo', N'nvarchar(100)', 1),
  (N'nomina.EmpleadoCierreNovedades', N'centro_costo', N'nvarchar(50)', 1),
  (N'nomina.RegistroConceptoEmpleadoNovedades', N'id', N'bigint', 0),
  (N'nomina.RegistroConceptoEmpleadoNovedades', N'empleado_id', N'bigint', 0),
  (N'nomina.RegistroConceptoEmpleadoNovedades', N'codigo_concepto', N'nvarchar(10)', 0),
  (N'nomina.RegistroConceptoEmpleadoNovedades', N'nombre_concepto', N'nvarchar(200)', 0),
  (N'nomina.RegistroConceptoEmpleadoNovedades', N'valor', N'decimal(12,2)', 0),
  (N'nomina.RegistroConceptoEmpleadoNovedades', N'tipo_concepto', N'nvarchar(20)', 0),
  (N'nomina.MovimientoAltaBaja', N'id', N'bigint', 0),
  (N'nomina.MovimientoAltaBaja', N'rut', N'varchar(15)', 0),
  (N'nomina.MovimientoAltaBaja', N'tipo_movimiento', N'varchar(20)', 0),
  (N'nomina.MovimientoAltaBaja', N'fecha_movimiento', N'date', 0),
  (N'nomina.MovimientoAltaBaja', N'motivo', N'nvarchar(200)', 1),
  (N'nomina.MovimientoAusentismo', N'id', N'bigint', 0),
  (N'nomina.MovimientoAusentismo', N'rut', N'varchar(15)', 0),
  (N'nomina.MovimientoAusentismo', N'tipo_ausentismo', N'nvarchar(50)', 0),
  (N'nomina.MovimientoAusentismo', N'fecha_inicio', N'date', 0),
  (N'nomina.MovimientoAusentismo', N'fecha_fin', N'date', 0),
  (N'nomina.MovimientoAusentismo', N'dias_ausentismo', N'int', 0),
  (N'nomina.MovimientoVacaciones', N'id', N'bigint', 0),
  (N'nomina.MovimientoVacaciones', N'rut', N'varchar(15)', 0),
  (N'nomina.MovimientoVacaciones', N'fecha_inicio', N'date', 0),
  (N'nomina.MovimientoVacaciones', N'fecha_fin', N'date', 0),
  (N'nomina.MovimientoVacaciones', N'dias_habiles', N'int', 0),
  (N'nomina.AnalistaIngreso', N'id', N'bigint', 0),
  (N'nomina.AnalistaIngreso', N'cierre_id', N'bigint', 0),
  (N'nomina.AnalistaIngreso', N'rut', N'varchar(15)', 0),
  (N'nomina.AnalistaIngreso', N'fecha_ingreso', N'date', 0),
  (N'nomina.AnalistaIngreso', N'observaciones', N'nvarchar(max)', 1),
  (N'nomina.AnalistaFiniquito', N'id', N'bigint', 0),
  (N'nomina.AnalistaFiniquito', N'cierre_id', N'bigint', 0),
  (N'nomina.AnalistaFiniquito', N'rut', N'varchar(15)', 0),
  (N'nomina.AnalistaFiniquito', N'fecha_finiquito', N'date', 0),
  (N'nomina.AnalistaFiniquito', N'motivo', N'nvarchar(200)', 0),
  (N'nomina.AnalistaIncidencia', N'id', N'bigint', 0),
  (N'nomina.AnalistaIncidencia', N'cierre_id', N'bigint', 0),
  (N'nomina.AnalistaIncidencia', N'rut', N'varchar(15)', 0),
  (N'nomina.AnalistaIncidencia', N'tipo_incidencia', N'nvarchar(50)', 0),
  (N'nomina.AnalistaIncidencia', N'descripcion', N'nvarchar(max)', 0)
) AS e (Tabla, Columna, Tipo, Nulo)
WHERE NOT EXISTS (
  SELECT 1
  FROM sys.columns AS c
  INNER JOIN sys.types AS t ON t.user_type_id = c.user_type_id
  WHERE c.object_id = OBJECT_ID(e.Tabla)
    AND c.name = e.Columna
    AND c.is_nullable = e.Nulo
    AND e.Tipo = CASE
      WHEN t.name IN (N'nvarchar', N'nchar') AND c.max_length = -1 THEN CONCAT(t.name, N'(max)')
      WHEN t.name IN (N'nvarchar', N'nchar') THEN CONCAT(t.name, N'(', c.max_length / 2, N')')
      WHEN t.name IN (N'varchar', N'char') THEN CONCAT(t.name, N'(', c.max_length, N')')
      WHEN t.name = N'decimal' THEN CONCAT(t.name, N'(', c.precision, N',', c.scale, N')')
      WHEN t.name = N'datetime2' THEN CONCAT(t.name, N'(', c.scale, N')')
      ELSE t.name
    END
);

-- claves, restricciones y valores por defecto
INSERT INTO @falta (Que)
SELECT N'restriccion ' + e.Nombre
FROM (VALUES
  (N'nomina.PK_CierreNomina'),
  (N'nomina.DF_CierreNomina_fecha_creacion'),
  (N'nomina.CK_CierreNomina_mes'),
  (N'nomina.PK_EmpleadoCierre'),
  (N'nomina.FK_EmpleadoCierre_CierreNomina'),
  (N'nomina.PK_RegistroConceptoEmpleado'),
  (N'nomina.FK_RegistroConceptoEmpleado_EmpleadoCierre'),
  (N'nomina.PK_EmpleadoCierreNovedades'),
  (N'nomina.FK_EmpleadoCierreNovedades_CierreNomina'),
  (N'nomina.PK_RegistroConceptoEmpleadoNovedades'),
  (N'nomina.FK_RegistroConceptoEmpleadoNovedades_EmpleadoCierreNovedades'),
  (N'nomina.PK_MovimientoAltaBaja'),
  (N'nomina.CK_MovimientoAltaBaja_tipo'),
  (N'nomina.PK_MovimientoAusentismo'),
  (N'nomina.PK_MovimientoVacaciones'),
  (N'nomina.PK_AnalistaIngreso'),
  (N'nomina.FK_AnalistaIngreso_CierreNomina'),
  (N'nomina.PK_AnalistaFiniquito'),
  (N'nomina.FK_AnalistaFiniquito_CierreNomina'),
  (N'nomina.PK_AnalistaIncidencia'),
  (N'nomina.FK_AnalistaIncidencia_CierreNomina')
) AS e (Nombre)
WHERE OBJECT_ID(e.Nombre) IS NULL;

INSERT INTO @falta (Que)
SELECT CONCAT(N'indice ', e.Tabla, N'.', e.Indice)
FROM (VALUES
  (N'nomina.CierreNomina', N'idx_cierre_periodo'),
  (N'nomina.EmpleadoCierre', N'idx_empleado_cierre'),
  (N'nomina.EmpleadoCierre', N'idx_empleado_rut'),
  (N'nomina.EmpleadoCierre', N'idx_empleado_cierre_rut'),
  (N'nomina.EmpleadoCierre', N'idx_empleado_nombre'),
  (N'nomina.RegistroConceptoEmpleado', N'idx_concepto_empleado'),
  (N'nomina.RegistroConceptoEmpleado', N'idx_concepto_codigo'),
  (N'nomina.RegistroConceptoEmpleado', N'idx_concepto_emp_cod'),
  (N'nomina.RegistroConceptoEmpleado', N'idx_concepto_tipo'),
  (N'nomina.EmpleadoCierreNovedades', N'idx_novedades_cierre'),
  (N'nomina.EmpleadoCierreNovedades', N'idx_novedades_rut'),
  (N'nomina.EmpleadoCierreNovedades', N'idx_novedades_cierre_rut'),
  (N'nomina.RegistroConceptoEmpleadoNovedades', N'idx_concepto_nov_empleado'),
  (N'nomina.RegistroConceptoEmpleadoNovedades', N'idx_concepto_nov_codigo'),
  (N'nomina.RegistroConceptoEmpleadoNovedades', N'idx_concepto_nov_emp_cod'),
  (N'nomina.MovimientoAltaBaja', N'idx_movimiento_rut'),
  (N'nomina.MovimientoAltaBaja', N'idx_movimiento_fecha'),
  (N'nomina.MovimientoAltaBaja', N'idx_movimiento_tipo'),
  (N'nomina.MovimientoAltaBaja', N'idx_movimiento_rut_tipo_fecha'),
  (N'nomina.MovimientoAusentismo', N'idx_ausentismo_rut'),
  (N'nomina.MovimientoAusentismo', N'idx_ausentismo_fecha_inicio'),
  (N'nomina.MovimientoAusentismo', N'idx_ausentismo_tipo'),
  (N'nomina.MovimientoAusentismo', N'idx_ausentismo_rut_fecha'),
  (N'nomina.MovimientoVacaciones', N'idx_vacaciones_rut_fecha'),
  (N'nomina.AnalistaIngreso', N'idx_analista_ingreso_cierre_rut'),
  (N'nomina.AnalistaFiniquito', N'idx_analista_finiquito_cierre_rut'),
  (N'nomina.AnalistaIncidencia', N'idx_analista_incidencia_cierre_rut')
) AS e (Tabla, Indice)
WHERE NOT EXISTS (
  SELECT 1
  FROM sys.indexes AS i
  WHERE i.object_id = OBJECT_ID(e.Tabla) AND i.name = e.Indice AND i.is_disabled = 0
);

IF EXISTS (SELECT 1 FROM @falta)
BEGIN
  DECLARE @mensaje nvarchar(2048);
  SELECT @mensaje = LEFT(CONCAT(N'008_nomina_fuentes: falta ', STRING_AGG(CAST(f.Que AS nvarchar(max)), N', ')), 2000)
  FROM @falta AS f;
  THROW 50422, @mensaje, 1;
END;
