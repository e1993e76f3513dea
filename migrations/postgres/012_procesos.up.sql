/*
  logs.Procesos, el padre de las ejecuciones (semillas 002, "012_CREATE_PROCESOS_TABLE", y 004, "Nueva tabla
  logs.Procesos"; tiene las columnas de ambas). FechaReporte es DATE. Los contadores y el estado se escriben una sola vez,
  al finalizar: mientras el proceso corre los calcula la vista, para que los carriles no compitan por esta fila.
*/
SET LOCAL ROLE carril_dueno;

CREATE TABLE logs.Procesos (
  ID_Proceso     bigint NOT NULL,
  FechaReporte   date NOT NULL,
  Estado         varchar(50) NOT NULL DEFAULT 'PENDIENTE',
  Etapa_Actual   varchar(50),
  Usuario        varchar(100),
  Arquitectura   varchar(20) NOT NULL DEFAULT 'JERARQUICA',
  FechaInicio    timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  FechaFin       timestamptz(3),
  TotalFondos    integer NOT NULL DEFAULT 0,
  FondosExitosos integer NOT NULL DEFAULT 0,
  FondosFallidos integer NOT NULL DEFAULT 0,
  FondosOmitidos integer NOT NULL DEFAULT 0,
  CONSTRAINT PK_Procesos PRIMARY KEY (ID_Proceso),
  CONSTRAINT CK_Procesos_Estado CHECK (Estado IN (
    'PENDIENTE', 'EN_PROGRESO', 'COMPLETADO', 'COMPLETADO_CON_ERRORES',
    'ERROR', 'OMITIDO', 'CANCELADO', 'REVERTIDO'
  )),
  CONSTRAINT CK_Procesos_Arquitectura CHECK (Arquitectura IN ('LEGADO', 'JERARQUICA'))
);
CREATE INDEX IX_Procesos_FechaReporte ON logs.Procesos (FechaReporte, ID_Proceso);
CREATE INDEX IX_Procesos_Estado ON logs.Procesos (Estado);
CREATE INDEX IX_Procesos_FechaInicio ON logs.Procesos (FechaInicio);
