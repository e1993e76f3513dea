/*
  Fuentes de la consolidacion de nomina (semilla 003, "Modelos de datos FUENTE"), con los campos e indices que da la
  semilla; las llaves foraneas se llaman como las nombra el sistema de origen (cierre_id, empleado_id).
  Los indices de una sola columna que son prefijo de otro se conservan porque la semilla los nombra.
  CierreNomina no esta descrito en la semilla: aqui tiene lo que sus consultas usan (mes, anno, estado) y el cliente.
*/
SET LOCAL ROLE carril_dueno;

-- un cierre por cliente y mes; estado sin CHECK: los anteriores a la consolidacion los pone el sistema de origen
CREATE TABLE nomina.CierreNomina (
  id             bigint GENERATED ALWAYS AS IDENTITY,
  cliente        varchar(200) NOT NULL,
  mes            integer NOT NULL,
  anno           integer NOT NULL,
  estado         varchar(50) NOT NULL,
  fecha_creacion timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT PK_CierreNomina PRIMARY KEY (id),
  CONSTRAINT CK_CierreNomina_mes CHECK (mes BETWEEN 1 AND 12)
);
CREATE INDEX idx_cierre_periodo ON nomina.CierreNomina (anno, mes);

-- libro de remuneraciones: empleados y sus conceptos
CREATE TABLE nomina.EmpleadoCierre (
  id            bigint GENERATED ALWAYS AS IDENTITY,
  cierre_id     bigint NOT NULL,
  rut           varchar(15) NOT NULL,
  nombre        varchar(200) NOT NULL,
  cargo         varchar(100) NOT NULL,
  centro_costo  varchar(50) NOT NULL,
  sueldo_base   numeric(12, 2) NOT NULL,
  fecha_ingreso date,
  CONSTRAINT PK_EmpleadoCierre PRIMARY KEY (id),
  CONSTRAINT FK_EmpleadoCierre_CierreNomina FOREIGN KEY (cierre_id) REFERENCES nomina.CierreNomina (id)
    ON DELETE CASCADE
);
CREATE INDEX idx_empleado_cierre ON nomina.EmpleadoCierre (cierre_id);
CREATE INDEX idx_empleado_rut ON nomina.EmpleadoCierre (rut);
CREATE INDEX idx_empleado_cierre_rut ON nomina.EmpleadoCierre (cierre_id, rut);
CREATE INDEX idx_empleado_nombre ON nomina.EmpleadoCierre (nombre);

CREATE TABLE nomina.RegistroConceptoEmpleado (
  id              bigint GENERATED ALWAYS AS IDENTITY,
  empleado_id     bigint NOT NULL,
  codigo_concepto varchar(10) NOT NULL,
  nombre_concepto varchar(200) NOT NULL,
  valor           numeric(12, 2) NOT NULL,
  tipo_concepto   varchar(20) NOT NULL,
  CONSTRAINT PK_RegistroConceptoEmpleado PRIMARY KEY (id),
  CONSTRAINT FK_RegistroConceptoEmpleado_EmpleadoCierre FOREIGN KEY (empleado_id) REFERENCES nomina.EmpleadoCierre (id)
    ON DELETE CASCADE
);
CREATE INDEX idx_concepto_empleado ON nomina.RegistroConceptoEmpleado (empleado_id);
CREATE INDEX idx_concepto_codigo ON nomina.RegistroConceptoEmpleado (codigo_concepto);
CREATE INDEX idx_concepto_emp_cod ON nomina.RegistroConceptoEmpleado (empleado_id, codigo_concepto);
CREATE INDEX idx_concepto_tipo ON nomina.RegistroConceptoEmpleado (tipo_concepto);

-- archivo de novedades: prevalece sobre el libro
CREATE TABLE nomina.EmpleadoCierreNovedades (
  id           bigint GENERATED ALWAYS AS IDENTITY,
  cierre_id    bigint NOT NULL,
  rut          varchar(15) NOT NULL,
  nombre       varchar(200) NOT NULL,
  cargo        varchar(100),
  centro_costo varchar(50),
  CONSTRAINT PK_EmpleadoCierreNovedades PRIMARY KEY (id),
  CONSTRAINT FK_EmpleadoCierreNovedades_CierreNomina FOREIGN KEY (cierre_id) REFERENCES nomina.CierreNomina (id)
    ON DELETE CASCADE
);
CREATE INDEX idx_novedades_cierre ON nomina.EmpleadoCierreNovedades (cierre_id);
CREATE INDEX idx_novedades_rut ON nomina.EmpleadoCierreNovedades (rut);
CREATE INDEX idx_novedades_cierre_rut ON nomina.EmpleadoCierreNovedades (cierre_id, rut);

CREATE TABLE nomina.RegistroConceptoEmpleadoNovedades (
  id              bigint GENERATED ALWAYS AS IDENTITY,
  empleado_id     bigint NOT NULL,
  codigo_concepto varchar(10) NOT NULL,
  nombre_concepto varchar(200) NOT NULL,
  valor           numeric(12, 2) NOT NULL,
  tipo_concepto   varchar(20) NOT NULL,
  CONSTRAINT PK_RegistroConceptoEmpleadoNovedades PRIMARY KEY (id),
  CONSTRAINT FK_RegistroConceptoEmpleadoNovedades_EmpleadoCierreNovedades FOREIGN KEY (empleado_id) REFERENCES nomina.EmpleadoCierreNovedades (id)
    ON DELETE CASCADE
);
CREATE INDEX idx_concepto_nov_empleado ON nomina.RegistroConceptoEmpleadoNovedades (empleado_id);
CREATE INDEX idx_concepto_nov_codigo ON nomina.RegistroConceptoEmpleadoNovedades (codigo_concepto);
CREATE INDEX idx_concepto_nov_emp_cod ON nomina.RegistroConceptoEmpleadoNovedades (empleado_id, codigo_concepto);

-- movimientos del sistema de personal: por rut, sin cierre
CREATE TABLE nomina.MovimientoAltaBaja (
  id               bigint GENERATED ALWAYS AS IDENTITY,
  rut              varchar(15) NOT NULL,
  tipo_movimiento  varchar(20) NOT NULL,
  fecha_movimiento date NOT NULL,
  motivo           varchar(200),
  CONSTRAINT PK_MovimientoAltaBaja PRIMARY KEY (id),
  CONSTRAINT CK_MovimientoAltaBaja_tipo CHECK (tipo_movimiento IN ('ingreso', 'finiquito'))
);
CREATE INDEX idx_movimiento_rut ON nomina.MovimientoAltaBaja (rut);
CREATE INDEX idx_movimiento_fecha ON nomina.MovimientoAltaBaja (fecha_movimiento);
CREATE INDEX idx_movimiento_tipo ON nomina.MovimientoAltaBaja (tipo_movimiento);
CREATE INDEX idx_movimiento_rut_tipo_fecha ON nomina.MovimientoAltaBaja (rut, tipo_movimiento, fecha_movimiento);

CREATE TABLE nomina.MovimientoAusentismo (
  id              bigint GENERATED ALWAYS AS IDENTITY,
  rut             varchar(15) NOT NULL,
  tipo_ausentismo varchar(50) NOT NULL,
  fecha_inicio    date NOT NULL,
  fecha_fin       date NOT NULL,
  dias_ausentismo integer NOT NULL,
  CONSTRAINT PK_MovimientoAusentismo PRIMARY KEY (id)
);
CREATE INDEX idx_ausentismo_rut ON nomina.MovimientoAusentismo (rut);
CREATE INDEX idx_ausentismo_fecha_inicio ON nomina.MovimientoAusentismo (fecha_inicio);
CREATE INDEX idx_ausentismo_tipo ON nomina.MovimientoAusentismo (tipo_ausentismo);
CREATE INDEX idx_ausentismo_rut_fecha ON nomina.MovimientoAusentismo (rut, fecha_inicio);

CREATE TABLE nomina.MovimientoVacaciones (
  id           bigint GENERATED ALWAYS AS IDENTITY,
  rut          varchar(15) NOT NULL,
  fecha_inicio date NOT NULL,
  fecha_fin    date NOT NULL,
  dias_habiles integer NOT NULL,
  CONSTRAINT PK_MovimientoVacaciones PRIMARY KEY (id)
);
CREATE INDEX idx_vacaciones_rut_fecha ON nomina.MovimientoVacaciones (rut, fecha_inicio);

-- lo que informa el analista, para validar
CREATE TABLE nomina.AnalistaIngreso (
  id            bigint GENERATED ALWAYS AS IDENTITY,
  cierre_id     bigint NOT NULL,
  rut           varchar(15) NOT NULL,
  fecha_ingreso date NOT NULL,
  observaciones text,
  CONSTRAINT PK_AnalistaIngreso PRIMARY KEY (id),
  CONSTRAINT FK_AnalistaIngreso_CierreNomina FOREIGN KEY (cierre_id) REFERENCES nomina.CierreNomina (id)
    ON DELETE CASCADE
);
CREATE INDEX idx_analista_ingreso_cierre_rut ON nomina.AnalistaIngreso (cierre_id, rut);

CREATE TABLE nomina.AnalistaFiniquito (
  id              bigint GENERATED ALWAYS AS IDENTITY,
  cierre_id       bigint NOT NULL,
  rut             varchar(15) NOT NULL,
  fecha_finiquito date NOT NULL,
  motivo          varchar(200) NOT NULL,
  CONSTRAINT PK_AnalistaFiniquito PRIMARY KEY (id),
  CONSTRAINT FK_AnalistaFiniquito_CierreNomina FOREIGN KEY (cierre_id) REFERENCES nomina.CierreNomina (id)
    ON DELETE CASCADE
);
CREATE INDEX idx_analista_finiquito_cierre_rut ON nomina.AnalistaFiniquito (cierre_id, rut);

CREATE TABLE nomina.AnalistaIncidencia (
  id              bigint GENERATED ALWAYS AS IDENTITY,
  cierre_id       bigint NOT NULL,
  rut             varchar(15) NOT NULL,
  tipo_incidencia varchar(50) NOT NULL,
  descripcion     text NOT NULL,
  CONSTRAINT PK_AnalistaIncidencia PRIMARY KEY (id),
  CONSTRAINT FK_AnalistaIncidencia_CierreNomina FOREIGN KEY (cierre_id) REFERENCES nomina.CierreNomina (id)
    ON DELETE CASCADE
);
CREATE INDEX idx_analista_incidencia_cierre_rut ON nomina.AnalistaIncidencia (cierre_id, rut);
