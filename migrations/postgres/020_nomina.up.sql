/*
  020: la consolidacion de nomina (semilla 003, "Modelos de datos DESTINO"), sobre trabajos y chunks: tipo NOMINA.
  Fuentes: rut_normalizado, por el que se cruzan (sin puntos, guion, espacios ni ceros a la izquierda, en mayusculas); lo calcula
  la base, asi que vale tambien para lo que escribe el sistema de origen. Anadirlo reescribe esas tablas.
  Indices de 003 que no estan: los que ninguna consulta usa (docs/payroll.md dice cuales y que costaban).
*/
SET LOCAL ROLE carril_dueno;

ALTER TABLE nomina.EmpleadoCierre ADD COLUMN rut_normalizado varchar(15) NOT NULL
  GENERATED ALWAYS AS (ltrim(upper(replace(replace(replace(rut, '.', ''), '-', ''), ' ', '')), '0')) STORED;
ALTER TABLE nomina.EmpleadoCierreNovedades ADD COLUMN rut_normalizado varchar(15) NOT NULL
  GENERATED ALWAYS AS (ltrim(upper(replace(replace(replace(rut, '.', ''), '-', ''), ' ', '')), '0')) STORED;
ALTER TABLE nomina.MovimientoAltaBaja ADD COLUMN rut_normalizado varchar(15) NOT NULL
  GENERATED ALWAYS AS (ltrim(upper(replace(replace(replace(rut, '.', ''), '-', ''), ' ', '')), '0')) STORED;
ALTER TABLE nomina.MovimientoAusentismo ADD COLUMN rut_normalizado varchar(15) NOT NULL
  GENERATED ALWAYS AS (ltrim(upper(replace(replace(replace(rut, '.', ''), '-', ''), ' ', '')), '0')) STORED;
ALTER TABLE nomina.AnalistaIngreso ADD COLUMN rut_normalizado varchar(15) NOT NULL
  GENERATED ALWAYS AS (ltrim(upper(replace(replace(replace(rut, '.', ''), '-', ''), ' ', '')), '0')) STORED;
ALTER TABLE nomina.AnalistaFiniquito ADD COLUMN rut_normalizado varchar(15) NOT NULL
  GENERATED ALWAYS AS (ltrim(upper(replace(replace(replace(rut, '.', ''), '-', ''), ' ', '')), '0')) STORED;
CREATE INDEX idx_empleado_rut_normalizado ON nomina.EmpleadoCierre (cierre_id, rut_normalizado, id);
CREATE INDEX idx_novedades_rut_normalizado ON nomina.EmpleadoCierreNovedades (cierre_id, rut_normalizado, id);
CREATE INDEX idx_movimiento_rut_normalizado
  ON nomina.MovimientoAltaBaja (rut_normalizado, tipo_movimiento, fecha_movimiento);
CREATE INDEX idx_ausentismo_rut_normalizado ON nomina.MovimientoAusentismo (rut_normalizado, fecha_inicio);

ALTER TABLE nomina.CierreNomina
  -- el estado desde el que se consolido, para volver a el
  ADD COLUMN estado_anterior varchar(50),
  -- el trabajo de su consolidacion, en curso o terminada
  ADD COLUMN ID_Trabajo bigint,
  ADD COLUMN inicio_consolidacion timestamptz(3),
  -- despues de este momento la consolidacion se corta; vencida: asi fue
  ADD COLUMN limite timestamptz(3),
  ADD COLUMN vencida boolean NOT NULL DEFAULT false,
  -- menos del 80 % de los chunks salio bien
  ADD COLUMN revision_requerida boolean NOT NULL DEFAULT false;
CREATE UNIQUE INDEX UX_CierreNomina_Trabajo ON nomina.CierreNomina (ID_Trabajo) WHERE ID_Trabajo IS NOT NULL;

CREATE TABLE nomina.EmpleadoConsolidado (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT PK_EmpleadoConsolidado PRIMARY KEY,
  cierre_id bigint NOT NULL CONSTRAINT FK_EmpleadoConsolidado_CierreNomina REFERENCES nomina.CierreNomina (id)
    ON DELETE CASCADE,
  empleado_origen_id bigint NOT NULL CONSTRAINT FK_EmpleadoConsolidado_EmpleadoCierre REFERENCES nomina.EmpleadoCierre (id),
  -- con guion y sin puntos: 12345678-5
  rut varchar(15) NOT NULL,
  nombre_completo varchar(200) NOT NULL,
  cargo varchar(100) NOT NULL,
  centro_costo varchar(50) NOT NULL,
  es_ingreso boolean NOT NULL DEFAULT false,
  es_finiquito boolean NOT NULL DEFAULT false,
  tiene_ausentismo boolean NOT NULL DEFAULT false,
  -- dos cifras mas que un concepto: la suma de muchos cabe
  total_haberes numeric(14, 2) NOT NULL,
  total_descuentos numeric(14, 2) NOT NULL,
  liquido_pagar numeric(14, 2) NOT NULL,
  fuentes_utilizadas varchar(100) NOT NULL,
  reglas_aplicadas varchar(400) NOT NULL,
  discrepancias_resueltas integer NOT NULL DEFAULT 0,
  fecha_consolidacion timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT UQ_EmpleadoConsolidado_cierre_rut UNIQUE (cierre_id, rut),
  CONSTRAINT CK_EmpleadoConsolidado_fuentes CHECK (fuentes_utilizadas IS JSON ARRAY),
  CONSTRAINT CK_EmpleadoConsolidado_reglas CHECK (reglas_aplicadas IS JSON ARRAY)
);
-- lo recorre la llave foranea cuando se borra un libro para cargarlo otra vez
CREATE INDEX idx_consolidado_origen ON nomina.EmpleadoConsolidado (empleado_origen_id);

CREATE TABLE nomina.ConceptoEmpleadoConsolidado (
  empleado_consolidado_id bigint NOT NULL CONSTRAINT FK_ConceptoEmpleadoConsolidado_EmpleadoConsolidado
    REFERENCES nomina.EmpleadoConsolidado (id) ON DELETE CASCADE,
  -- por bytes, como el binario de SQL Server: se compara letra por letra, y con menos trabajo
  codigo_concepto varchar(10) COLLATE "C" NOT NULL,
  nombre_concepto varchar(200) NOT NULL,
  valor numeric(12, 2) NOT NULL,
  tipo_concepto varchar(20) NOT NULL,
  fuente_dato varchar(20) NOT NULL,
  CONSTRAINT PK_ConceptoEmpleadoConsolidado PRIMARY KEY (empleado_consolidado_id, codigo_concepto),
  CONSTRAINT CK_ConceptoEmpleadoConsolidado_fuente CHECK (fuente_dato IN ('libro', 'novedades', 'calculado'))
);

CREATE TABLE nomina.MetricaConsolidacion (
  cierre_id bigint NOT NULL CONSTRAINT PK_MetricaConsolidacion PRIMARY KEY
    CONSTRAINT FK_MetricaConsolidacion_CierreNomina REFERENCES nomina.CierreNomina (id) ON DELETE CASCADE,
  ID_Trabajo bigint NOT NULL,
  total_empleados integer NOT NULL,
  chunks_procesados integer NOT NULL,
  chunks_exitosos integer NOT NULL,
  registros_creados integer NOT NULL,
  total_discrepancias integer NOT NULL,
  total_haberes numeric(18, 2) NOT NULL,
  total_descuentos numeric(18, 2) NOT NULL,
  liquido_pagar numeric(18, 2) NOT NULL,
  -- segundos
  tiempo_total double precision NOT NULL,
  tiempo_promedio_chunk double precision,
  throughput_empleados_sec double precision,
  throughput_registros_sec double precision,
  -- del cliente: la base no los conoce
  memoria_pico_mb double precision,
  cpu_promedio_percent double precision,
  chunk_size_utilizado integer NOT NULL,
  workers_utilizados integer,
  version_algoritmo varchar(20) NOT NULL DEFAULT 'v2.0',
  fecha_procesamiento timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE nomina.DiscrepanciaCierre (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT PK_DiscrepanciaCierre PRIMARY KEY,
  cierre_id bigint NOT NULL CONSTRAINT FK_DiscrepanciaCierre_CierreNomina REFERENCES nomina.CierreNomina (id)
    ON DELETE CASCADE,
  -- del libro; NULL si no esta en el
  empleado_libro_id bigint,
  rut varchar(15) NOT NULL,
  tipo varchar(50) NOT NULL,
  codigo_concepto varchar(10),
  detalle varchar(400) NOT NULL,
  -- la consolidacion que la encontro y resolvio; NULL si se conocia de antes
  ID_Trabajo bigint,
  fecha_creacion timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX idx_discrepancia_cierre ON nomina.DiscrepanciaCierre (cierre_id, id);

-- los procedimientos de nomina se llaman desde fuera; 001 no lo preveia
GRANT USAGE ON SCHEMA nomina TO carril_app, carril_lector;
