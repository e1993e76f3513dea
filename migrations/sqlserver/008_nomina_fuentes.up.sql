/*
  Fuentes de la consolidacion de nomina (semilla 003, "Modelos de datos FUENTE"), con los campos e indices que da la
  semilla; las llaves foraneas se llaman como las nombra el sistema de origen (cierre_id, empleado_id).
  Los indices de una sola columna que son prefijo de otro se conservan porque la semilla los nombra.
  CierreNomina no esta descrito en la semilla: aqui tiene lo que sus consultas usan (mes, anno, estado) y el cliente.
*/
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO

-- un cierre por cliente y mes; estado sin CHECK: los anteriores a la consolidacion los pone el sistema de origen
CREATE TABLE nomina.CierreNomina
(
  id             bigint IDENTITY(1, 1) NOT NULL,
  cliente        nvarchar(200) NOT NULL,
  mes            int NOT NULL,
  anno           int NOT NULL,
  estado         varchar(50) NOT NULL,
  fecha_creacion datetime2(3) NOT NULL CONSTRAINT DF_CierreNomina_fecha_creacion DEFAULT (SYSUTCDATETIME()),
  CONSTRAINT PK_CierreNomina PRIMARY KEY CLUSTERED (id),
  CONSTRAINT CK_CierreNomina_mes CHECK (mes BETWEEN 1 AND 12)
);
CREATE NONCLUSTERED INDEX idx_cierre_periodo ON nomina.CierreNomina (anno, mes);

-- libro de remuneraciones: empleados y sus conceptos
CREATE TABLE nomina.EmpleadoCierre
(
  id            bigint IDENTITY(1, 1) NOT NULL,
  cierre_id     bigint NOT NULL,
  rut           varchar(15) NOT NULL,
  nombre        nvarchar(200) NOT NULL,
  cargo         nvarchar(100) NOT NULL,
  centro_costo  nvarchar(50) NOT NULL,
  sueldo_base   decimal(12, 2) NOT NULL,
  fecha_ingreso date NULL,
  CONSTRAINT PK_EmpleadoCierre PRIMARY KEY CLUSTERED (id),
  CONSTRAINT FK_EmpleadoCierre_CierreNomina FOREIGN KEY (cierre_id) REFERENCES nomina.CierreNomina (id)
    ON DELETE CASCADE
);
CREATE NONCLUSTERED INDEX idx_empleado_cierre ON nomina.EmpleadoCierre (cierre_id);
CREATE NONCLUSTERED INDEX idx_empleado_rut ON nomina.EmpleadoCierre (rut);
CREATE NONCLUSTERED INDEX idx_empleado_cierre_rut ON nomina.EmpleadoCierre (cierre_id, rut);
CREATE NONCLUSTERED INDEX idx_empleado_nombre ON nomina.EmpleadoCierre (nombre);

CREATE TABLE nomina.RegistroConceptoEmpleado
(
  id              bigint IDENTITY(1, 1) NOT NULL,
  empleado_id     bigint NOT NULL,
  codigo_concepto nvarchar(10) NOT NULL,
  nombre_concepto nvarchar(200) NOT NULL,
  valor           decimal(12, 2) NOT NULL,
  tipo_concepto   nvarchar(20) NOT NULL,
  CONSTRAINT PK_RegistroConceptoEmpleado PRIMARY KEY CLUSTERED (id),
  CONSTRAINT FK_RegistroConceptoEmpleado_EmpleadoCierre FOREIGN KEY (empleado_id) REFERENCES nomina.EmpleadoCierre (id)
    ON DELETE CASCADE
);
CREATE NONCLUSTERED INDEX idx_concepto_empleado ON nomina.RegistroConceptoEmpleado (empleado_id);
CREATE NONCLUSTERED INDEX idx_concepto_codigo ON nomina.RegistroConceptoEmpleado (codigo_concepto);
CREATE NONCLUSTERED INDEX idx_concepto_emp_cod ON nomina.RegistroConceptoEmpleado (empleado_id, codigo_concepto);
CREATE NONCLUSTERED INDEX idx_concepto_tipo ON nomina.RegistroConceptoEmpleado (tipo_concepto);

-- archivo de novedades: prevalece sobre el libro
CREATE TABLE nomina.EmpleadoCierreNovedades
(
  id           bigint IDENTITY(1, 1) NOT NULL,
  cierre_id    bigint NOT NULL,
  rut          varchar(15) NOT NULL,
  nombre       nvarchar(200) NOT NULL,
  cargo        nvarchar(100) NULL,
  centro_costo nvarchar(50) NULL,
  CONSTRAINT PK_EmpleadoCierreNovedades PRIMARY KEY CLUSTERED (id),
  CONSTRAINT FK_EmpleadoCierreNovedades_CierreNomina FOREIGN KEY (cierre_id) REFERENCES nomina.CierreNomina (id)
    ON DELETE CASCADE
);
CREATE NONCLUSTERED INDEX idx_novedades_cierre ON nomina.EmpleadoCierreNovedades (cierre_id);
CREATE NONCLUSTERED INDEX idx_novedades_rut ON nomina.EmpleadoCierreNovedades (rut);
CREATE NONCLUSTERED INDEX idx_novedades_cierre_rut ON nomina.EmpleadoCierreNovedades (cierre_id, rut);

CREATE TABLE nomina.RegistroConceptoEmpleadoNovedades
(
  id              bigint IDENTITY(1, 1) NOT NULL,
  empleado_id     bigint NOT NULL,
  codigo_concepto nvarchar(10) NOT NULL,
  nombre_concepto nvarchar(200) NOT NULL,
  valor           decimal(12, 2) NOT NULL,
  tipo_concepto   nvarchar(20) NOT NULL,
  CONSTRAINT PK_RegistroConceptoEmpleadoNovedades PRIMARY KEY CLUSTERED (id),
  CONSTRAINT FK_RegistroConceptoEmpleadoNovedades_EmpleadoCierreNovedades FOREIGN KEY (empleado_id) REFERENCES nomina.EmpleadoCierreNovedades (id)
    ON DELETE CASCADE
);
CREATE NONCLUSTERED INDEX idx_concepto_nov_empleado ON nomina.RegistroConceptoEmpleadoNovedades (empleado_id);
CREATE NONCLUSTERED INDEX idx_concepto_nov_codigo ON nomina.RegistroConceptoEmpleadoNovedades (codigo_concepto);
CREATE NONCLUSTERED INDEX idx_concepto_nov_emp_cod ON nomina.RegistroConceptoEmpleadoNovedades (empleado_id, codigo_concepto);

-- movimientos del sistema de personal: por rut, sin cierre
CREATE TABLE nomina.MovimientoAltaBaja
(
  id               bigint IDENTITY(1, 1) NOT NULL,
  rut              varchar(15) NOT NULL,
  tipo_movimiento  varchar(20) NOT NULL,
  fecha_movimiento date NOT NULL,
  motivo           nvarchar(200) NULL,
  CONSTRAINT PK_MovimientoAltaBaja PRIMARY KEY CLUSTERED (id),
  CONSTRAINT CK_MovimientoAltaBaja_tipo CHECK (tipo_movimiento IN ('ingreso', 'finiquito'))
);
CREATE NONCLUSTERED INDEX idx_movimiento_rut ON nomina.MovimientoAltaBaja (rut);
CREATE NONCLUSTERED INDEX idx_movimiento_fecha ON nomina.MovimientoAltaBaja (fecha_movimiento);
CREATE NONCLUSTERED INDEX idx_movimiento_tipo ON nomina.MovimientoAltaBaja (tipo_movimiento);
CREATE NONCLUSTERED INDEX idx_movimiento_rut_tipo_fecha ON nomina.MovimientoAltaBaja (rut, tipo_movimiento, fecha_movimiento);

CREATE TABLE nomina.MovimientoAusentismo
(
  id              bigint IDENTITY(1, 1) NOT NULL,
  rut             varchar(15) NOT NULL,
  tipo_ausentismo nvarchar(50) NOT NULL,
  fecha_inicio    date NOT NULL,
  fecha_fin       date NOT NULL,
  dias_ausentismo int NOT NULL,
  CONSTRAINT PK_MovimientoAusentismo PRIMARY KEY CLUSTERED (id)
);
CREATE NONCLUSTERED INDEX idx_ausentismo_rut ON nomina.MovimientoAusentismo (rut);
CREATE NONCLUSTERED INDEX idx_ausentismo_fecha_inicio ON nomina.MovimientoAusentismo (fecha_inicio);
CREATE NONCLUSTERED INDEX idx_ausentismo_tipo ON nomina.MovimientoAusentismo (tipo_ausentismo);
CREATE NONCLUSTERED INDEX idx_ausentismo_rut_fecha ON nomina.MovimientoAusentismo (rut, fecha_inicio);

CREATE TABLE nomina.MovimientoVacaciones
(
  id           bigint IDENTITY(1, 1) NOT NULL,
  rut          varchar(15) NOT NULL,
  fecha_inicio date NOT NULL,
  fecha_fin    date NOT NULL,
  dias_habiles int NOT NULL,
  CONSTRAINT PK_MovimientoVacaciones PRIMARY KEY CLUSTERED (id)
);
CREATE NONCLUSTERED INDEX idx_vacaciones_rut_fecha ON nomina.MovimientoVacaciones (rut, fecha_inicio);

-- lo que informa el analista, para validar
CREATE TABLE nomina.AnalistaIngreso
(
  id            bigint IDENTITY(1, 1) NOT NULL,
  cierre_id     bigint NOT NULL,
  rut           varchar(15) NOT NULL,
  fecha_ingreso date NOT NULL,
  observaciones nvarchar(max) NULL,
  CONSTRAINT PK_AnalistaIngreso PRIMARY KEY CLUSTERED (id),
  CONSTRAINT FK_AnalistaIngreso_CierreNomina FOREIGN KEY (cierre_id) REFERENCES nomina.CierreNomina (id)
    ON DELETE CASCADE
);
CREATE NONCLUSTERED INDEX idx_analista_ingreso_cierre_rut ON nomina.AnalistaIngreso (cierre_id, rut);

CREATE TABLE nomina.AnalistaFiniquito
(
  id              bigint IDENTITY(1, 1) NOT NULL,
  cierre_id       bigint NOT NULL,
  rut             varchar(15) NOT NULL,
  fecha_finiquito date NOT NULL,
  motivo          nvarchar(200) NOT NULL,
  CONSTRAINT PK_AnalistaFiniquito PRIMARY KEY CLUSTERED (id),
  CONSTRAINT FK_AnalistaFiniquito_CierreNomina FOREIGN KEY (cierre_id) REFERENCES nomina.CierreNomina (id)
    ON DELETE CASCADE
);
CREATE NONCLUSTERED INDEX idx_analista_finiquito_cierre_rut ON nomina.AnalistaFiniquito (cierre_id, rut);

CREATE TABLE nomina.AnalistaIncidencia
(
  id              bigint IDENTITY(1, 1) NOT NULL,
  cierre_id       bigint NOT NULL,
  rut             varchar(15) NOT NULL,
  tipo_incidencia nvarchar(50) NOT NULL,
  descripcion     nvarchar(max) NOT NULL,
  CONSTRAINT PK_AnalistaIncidencia PRIMARY KEY CLUSTERED (id),
  CONSTRAINT FK_AnalistaIncidencia_CierreNomina FOREIGN KEY (cierre_id) REFERENCES nomina.CierreNomina (id)
    ON DELETE CASCADE
);
CREATE NONCLUSTERED INDEX idx_analista_incidencia_cierre_rut ON nomina.AnalistaIncidencia (cierre_id, rut);
