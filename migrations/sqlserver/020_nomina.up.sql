/*
  020: la consolidacion de nomina (semilla 003, "Modelos de datos DESTINO"), sobre trabajos y chunks: tipo NOMINA.
  Fuentes: rut_normalizado, por el que se cruzan (sin puntos, guion, espacios ni ceros a la izquierda, en mayusculas); lo calcula
  la base, asi que vale tambien para lo que escribe el sistema de origen. Anadirlo actualiza esas tablas enteras, y desde
  entonces quien escribe en ellas necesita ANSI_NULLS y QUOTED_IDENTIFIER (sqlcmd: -I), por los indices sobre esa columna.
  Indices de 003 que no estan: los que ninguna consulta usa (docs/payroll.md dice cuales y que costaban).
*/
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
ALTER TABLE nomina.EmpleadoCierre ADD rut_normalizado AS ISNULL(CONVERT(varchar(15), SUBSTRING(
  UPPER(REPLACE(REPLACE(REPLACE(rut, '.', ''), '-', ''), ' ', '')),
  PATINDEX('%[^0]%', UPPER(REPLACE(REPLACE(REPLACE(rut, '.', ''), '-', ''), ' ', '')) + '.'), 15)), '') PERSISTED;
GO
ALTER TABLE nomina.EmpleadoCierreNovedades ADD rut_normalizado AS ISNULL(CONVERT(varchar(15), SUBSTRING(
  UPPER(REPLACE(REPLACE(REPLACE(rut, '.', ''), '-', ''), ' ', '')),
  PATINDEX('%[^0]%', UPPER(REPLACE(REPLACE(REPLACE(rut, '.', ''), '-', ''), ' ', '')) + '.'), 15)), '') PERSISTED;
GO
ALTER TABLE nomina.MovimientoAltaBaja ADD rut_normalizado AS ISNULL(CONVERT(varchar(15), SUBSTRING(
  UPPER(REPLACE(REPLACE(REPLACE(rut, '.', ''), '-', ''), ' ', '')),
  PATINDEX('%[^0]%', UPPER(REPLACE(REPLACE(REPLACE(rut, '.', ''), '-', ''), ' ', '')) + '.'), 15)), '') PERSISTED;
GO
ALTER TABLE nomina.MovimientoAusentismo ADD rut_normalizado AS ISNULL(CONVERT(varchar(15), SUBSTRING(
  UPPER(REPLACE(REPLACE(REPLACE(rut, '.', ''), '-', ''), ' ', '')),
  PATINDEX('%[^0]%', UPPER(REPLACE(REPLACE(REPLACE(rut, '.', ''), '-', ''), ' ', '')) + '.'), 15)), '') PERSISTED;
GO
ALTER TABLE nomina.AnalistaIngreso ADD rut_normalizado AS ISNULL(CONVERT(varchar(15), SUBSTRING(
  UPPER(REPLACE(REPLACE(REPLACE(rut, '.', ''), '-', ''), ' ', '')),
  PATINDEX('%[^0]%', UPPER(REPLACE(REPLACE(REPLACE(rut, '.', ''), '-', ''), ' ', '')) + '.'), 15)), '') PERSISTED;
GO
ALTER TABLE nomina.AnalistaFiniquito ADD rut_normalizado AS ISNULL(CONVERT(varchar(15), SUBSTRING(
  UPPER(REPLACE(REPLACE(REPLACE(rut, '.', ''), '-', ''), ' ', '')),
  PATINDEX('%[^0]%', UPPER(REPLACE(REPLACE(REPLACE(rut, '.', ''), '-', ''), ' ', '')) + '.'), 15)), '') PERSISTED;
GO
CREATE NONCLUSTERED INDEX idx_empleado_rut_normalizado ON nomina.EmpleadoCierre (cierre_id, rut_normalizado, id);
GO
CREATE NONCLUSTERED INDEX idx_novedades_rut_normalizado ON nomina.EmpleadoCierreNovedades (cierre_id, rut_normalizado, id);
GO
CREATE NONCLUSTERED INDEX idx_movimiento_rut_normalizado
  ON nomina.MovimientoAltaBaja (rut_normalizado, tipo_movimiento, fecha_movimiento);
GO
CREATE NONCLUSTERED INDEX idx_ausentismo_rut_normalizado ON nomina.MovimientoAusentismo (rut_normalizado, fecha_inicio);
GO
ALTER TABLE nomina.CierreNomina ADD
  -- el estado desde el que se consolido, para volver a el
  estado_anterior varchar(50) NULL,
  -- el trabajo de su consolidacion, en curso o terminada
  ID_Trabajo bigint NULL,
  inicio_consolidacion datetime2(3) NULL,
  -- despues de este momento la consolidacion se corta; vencida: asi fue
  limite datetime2(3) NULL,
  vencida bit NOT NULL CONSTRAINT DF_CierreNomina_vencida DEFAULT (0),
  -- menos del 80 % de los chunks salio bien
  revision_requerida bit NOT NULL CONSTRAINT DF_CierreNomina_revision_requerida DEFAULT (0);
GO
CREATE UNIQUE NONCLUSTERED INDEX UX_CierreNomina_Trabajo ON nomina.CierreNomina (ID_Trabajo) WHERE ID_Trabajo IS NOT NULL;
GO
CREATE TABLE nomina.EmpleadoConsolidado (
  id bigint IDENTITY(1, 1) NOT NULL,
  cierre_id bigint NOT NULL,
  empleado_origen_id bigint NOT NULL,
  -- con guion y sin puntos: 12345678-5
  rut varchar(15) NOT NULL,
  nombre_completo nvarchar(200) NOT NULL,
  cargo nvarchar(100) NOT NULL,
  centro_costo nvarchar(50) NOT NULL,
  es_ingreso bit NOT NULL CONSTRAINT DF_EmpleadoConsolidado_es_ingreso DEFAULT (0),
  es_finiquito bit NOT NULL CONSTRAINT DF_EmpleadoConsolidado_es_finiquito DEFAULT (0),
  tiene_ausentismo bit NOT NULL CONSTRAINT DF_EmpleadoConsolidado_tiene_ausentismo DEFAULT (0),
  -- dos cifras mas que un concepto: la suma de muchos cabe
  total_haberes decimal(14, 2) NOT NULL,
  total_descuentos decimal(14, 2) NOT NULL,
  liquido_pagar decimal(14, 2) NOT NULL,
  fuentes_utilizadas nvarchar(100) NOT NULL,
  reglas_aplicadas nvarchar(400) NOT NULL,
  discrepancias_resueltas int NOT NULL CONSTRAINT DF_EmpleadoConsolidado_discrepancias DEFAULT (0),
  fecha_consolidacion datetime2(3) NOT NULL CONSTRAINT DF_EmpleadoConsolidado_fecha DEFAULT (SYSUTCDATETIME()),
  CONSTRAINT PK_EmpleadoConsolidado PRIMARY KEY CLUSTERED (id),
  CONSTRAINT UQ_EmpleadoConsolidado_cierre_rut UNIQUE NONCLUSTERED (cierre_id, rut),
  CONSTRAINT FK_EmpleadoConsolidado_CierreNomina FOREIGN KEY (cierre_id) REFERENCES nomina.CierreNomina (id)
    ON DELETE CASCADE,
  CONSTRAINT FK_EmpleadoConsolidado_EmpleadoCierre FOREIGN KEY (empleado_origen_id) REFERENCES nomina.EmpleadoCierre (id),
  CONSTRAINT CK_EmpleadoConsolidado_fuentes CHECK (ISJSON(fuentes_utilizadas) = 1),
  CONSTRAINT CK_EmpleadoConsolidado_reglas CHECK (ISJSON(reglas_aplicadas) = 1)
);
GO
-- lo recorre la llave foranea cuando se borra un libro para cargarlo otra vez
CREATE NONCLUSTERED INDEX idx_consolidado_origen ON nomina.EmpleadoConsolidado (empleado_origen_id);
GO
CREATE TABLE nomina.ConceptoEmpleadoConsolidado (
  empleado_consolidado_id bigint NOT NULL,
  -- binario: dos codigos son el mismo solo si lo son letra por letra, igual que en PostgreSQL
  codigo_concepto nvarchar(10) COLLATE Latin1_General_BIN2 NOT NULL,
  nombre_concepto nvarchar(200) NOT NULL,
  valor decimal(12, 2) NOT NULL,
  tipo_concepto nvarchar(20) NOT NULL,
  fuente_dato varchar(20) NOT NULL,
  CONSTRAINT PK_ConceptoEmpleadoConsolidado PRIMARY KEY CLUSTERED (empleado_consolidado_id, codigo_concepto),
  CONSTRAINT FK_ConceptoEmpleadoConsolidado_EmpleadoConsolidado FOREIGN KEY (empleado_consolidado_id)
    REFERENCES nomina.EmpleadoConsolidado (id) ON DELETE CASCADE,
  CONSTRAINT CK_ConceptoEmpleadoConsolidado_fuente CHECK (fuente_dato IN ('libro', 'novedades', 'calculado'))
);
GO
CREATE TABLE nomina.MetricaConsolidacion (
  cierre_id bigint NOT NULL,
  ID_Trabajo bigint NOT NULL,
  total_empleados int NOT NULL,
  chunks_procesados int NOT NULL,
  chunks_exitosos int NOT NULL,
  registros_creados int NOT NULL,
  total_discrepancias int NOT NULL,
  total_haberes decimal(18, 2) NOT NULL,
  total_descuentos decimal(18, 2) NOT NULL,
  liquido_pagar decimal(18, 2) NOT NULL,
  -- segundos
  tiempo_total float NOT NULL,
  tiempo_promedio_chunk float NULL,
  throughput_empleados_sec float NULL,
  throughput_registros_sec float NULL,
  -- del cliente: la base no los conoce
  memoria_pico_mb float NULL,
  cpu_promedio_percent float NULL,
  chunk_size_utilizado int NOT NULL,
  workers_utilizados int NULL,
  version_algoritmo varchar(20) NOT NULL CONSTRAINT DF_MetricaConsolidacion_version DEFAULT ('v2.0'),
  fecha_procesamiento datetime2(3) NOT NULL CONSTRAINT DF_MetricaConsolidacion_fecha DEFAULT (SYSUTCDATETIME()),
  CONSTRAINT PK_MetricaConsolidacion PRIMARY KEY CLUSTERED (cierre_id),
  CONSTRAINT FK_MetricaConsolidacion_CierreNomina FOREIGN KEY (cierre_id) REFERENCES nomina.CierreNomina (id)
    ON DELETE CASCADE
);
GO
CREATE TABLE nomina.DiscrepanciaCierre (
  id bigint IDENTITY(1, 1) NOT NULL,
  cierre_id bigint NOT NULL,
  -- del libro; NULL si no esta en el
  empleado_libro_id bigint NULL,
  rut varchar(15) NOT NULL,
  tipo varchar(50) NOT NULL,
  codigo_concepto nvarchar(10) NULL,
  detalle nvarchar(400) NOT NULL,
  -- la consolidacion que la encontro y resolvio; NULL si se conocia de antes
  ID_Trabajo bigint NULL,
  fecha_creacion datetime2(3) NOT NULL CONSTRAINT DF_DiscrepanciaCierre_fecha DEFAULT (SYSUTCDATETIME()),
  CONSTRAINT PK_DiscrepanciaCierre PRIMARY KEY CLUSTERED (id),
  CONSTRAINT FK_DiscrepanciaCierre_CierreNomina FOREIGN KEY (cierre_id) REFERENCES nomina.CierreNomina (id)
    ON DELETE CASCADE
);
GO
CREATE NONCLUSTERED INDEX idx_discrepancia_cierre ON nomina.DiscrepanciaCierre (cierre_id, id);
GO
-- lo que trae una carga; los importes, en texto: exactos
CREATE TYPE nomina.Lista_Empleados_v1 AS TABLE (
  Linea int NOT NULL PRIMARY KEY,
  RUT varchar(15) NOT NULL,
  Nombre nvarchar(200) NOT NULL,
  Cargo nvarchar(100) NULL,
  Centro_Costo nvarchar(50) NULL,
  Sueldo_Base varchar(20) NULL,
  Fecha_Ingreso date NULL
);
GO
CREATE TYPE nomina.Lista_Conceptos_v1 AS TABLE (
  Linea int NOT NULL PRIMARY KEY,
  -- la Linea de su empleado
  Empleado int NOT NULL,
  Codigo nvarchar(10) NOT NULL,
  Nombre nvarchar(200) NOT NULL,
  Valor varchar(20) NOT NULL,
  Tipo nvarchar(20) NOT NULL
);
GO
CREATE TYPE nomina.Lista_Movimientos_v1 AS TABLE (
  Linea int NOT NULL PRIMARY KEY,
  -- ALTA_BAJA, AUSENTISMO, VACACIONES, ANALISTA_INGRESO, ANALISTA_FINIQUITO o ANALISTA_INCIDENCIA
  Clase varchar(30) NOT NULL,
  RUT varchar(15) NOT NULL,
  Tipo nvarchar(50) NULL,
  Fecha date NULL,
  Fecha_Fin date NULL,
  Dias int NULL,
  Texto nvarchar(max) NULL
);
GO
-- sin EXECUTE sobre el tipo nadie puede pasar una lista
GRANT EXECUTE ON TYPE::nomina.Lista_Empleados_v1 TO carril_app;
GRANT EXECUTE ON TYPE::nomina.Lista_Conceptos_v1 TO carril_app;
GRANT EXECUTE ON TYPE::nomina.Lista_Movimientos_v1 TO carril_app;
GO
