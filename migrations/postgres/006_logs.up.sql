/*
  Ejecuciones con el ID compartido, tal como estaban antes del plan (semilla 002, "Logs Schema"): una fila de
  logs.Ejecuciones por fecha y una de logs.Ejecucion_Fondos por fondo, con el estado de cada uno de los siete servicios.
  La cascada es solo la red de seguridad: se borra por lotes y primero los hijos.
*/
SET LOCAL ROLE carril_dueno;

CREATE TABLE logs.Ejecuciones (
  ID_Ejecucion   bigint NOT NULL,
  FechaReporte   date NOT NULL,
  Estado         varchar(50) NOT NULL DEFAULT 'PENDIENTE',
  Etapa_Actual   varchar(50),
  Usuario        varchar(100),
  FechaInicio    timestamptz(3) DEFAULT clock_timestamp(),
  FechaFin       timestamptz(3),
  TotalFondos    integer,
  FondosExitosos integer,
  FondosFallidos integer,
  FondosOmitidos integer,
  CONSTRAINT PK_Ejecuciones PRIMARY KEY (ID_Ejecucion),
  CONSTRAINT CK_Ejecuciones_Estado CHECK (Estado IN (
    'PENDIENTE', 'EN_PROGRESO', 'COMPLETADO', 'COMPLETADO_CON_ERRORES',
    'ERROR', 'OMITIDO', 'CANCELADO', 'REVERTIDO'
  ))
);
CREATE INDEX IX_Ejecuciones_FechaReporte ON logs.Ejecuciones (FechaReporte, Estado);

-- codigos y flags copiados de BD_Funds al inicializar: un cambio del maestro no altera una ejecucion creada
CREATE TABLE logs.Ejecucion_Fondos (
  ID_Ejecucion             bigint NOT NULL,
  ID_Fund                  integer NOT NULL,
  FundShortName            varchar(100) NOT NULL,
  Portfolio_Geneva         varchar(50) NOT NULL,
  Portfolio_CAPM           varchar(50),
  Portfolio_Derivados      varchar(50),
  Portfolio_UBS            varchar(50),
  Flag_UBS                 boolean NOT NULL DEFAULT false,
  Flag_Derivados           boolean NOT NULL DEFAULT false,
  Estado_Process_IPA       varchar(50) NOT NULL DEFAULT 'PENDIENTE',
  Estado_Process_CAPM      varchar(50) NOT NULL DEFAULT 'PENDIENTE',
  Estado_Process_PosModRF  varchar(50) NOT NULL DEFAULT 'PENDIENTE',
  Estado_Process_SONA      varchar(50) NOT NULL DEFAULT 'PENDIENTE',
  Estado_Process_Derivados varchar(50) NOT NULL DEFAULT 'PENDIENTE',
  Estado_Process_UBS       varchar(50) NOT NULL DEFAULT 'PENDIENTE',
  Estado_Process_PNL       varchar(50) NOT NULL DEFAULT 'PENDIENTE',
  FechaInicio              timestamptz(3),
  FechaFin                 timestamptz(3),
  Mensaje_Error            varchar(4000),
  CONSTRAINT PK_Ejecucion_Fondos PRIMARY KEY (ID_Ejecucion, ID_Fund),
  CONSTRAINT FK_Ejecucion_Fondos_Ejecuciones FOREIGN KEY (ID_Ejecucion) REFERENCES logs.Ejecuciones (ID_Ejecucion)
    ON DELETE CASCADE,
  CONSTRAINT CK_Ejecucion_Fondos_Estado_IPA CHECK (Estado_Process_IPA IN (
    'PENDIENTE', 'EN_PROGRESO', 'COMPLETADO', 'COMPLETADO_CON_ERRORES',
    'ERROR', 'OMITIDO', 'CANCELADO', 'REVERTIDO'
  )),
  CONSTRAINT CK_Ejecucion_Fondos_Estado_CAPM CHECK (Estado_Process_CAPM IN (
    'PENDIENTE', 'EN_PROGRESO', 'COMPLETADO', 'COMPLETADO_CON_ERRORES',
    'ERROR', 'OMITIDO', 'CANCELADO', 'REVERTIDO'
  )),
  CONSTRAINT CK_Ejecucion_Fondos_Estado_PosModRF CHECK (Estado_Process_PosModRF IN (
    'PENDIENTE', 'EN_PROGRESO', 'COMPLETADO', 'COMPLETADO_CON_ERRORES',
    'ERROR', 'OMITIDO', 'CANCELADO', 'REVERTIDO'
  )),
  CONSTRAINT CK_Ejecucion_Fondos_Estado_SONA CHECK (Estado_Process_SONA IN (
    'PENDIENTE', 'EN_PROGRESO', 'COMPLETADO', 'COMPLETADO_CON_ERRORES',
    'ERROR', 'OMITIDO', 'CANCELADO', 'REVERTIDO'
  )),
  CONSTRAINT CK_Ejecucion_Fondos_Estado_Derivados CHECK (Estado_Process_Derivados IN (
    'PENDIENTE', 'EN_PROGRESO', 'COMPLETADO', 'COMPLETADO_CON_ERRORES',
    'ERROR', 'OMITIDO', 'CANCELADO', 'REVERTIDO'
  )),
  CONSTRAINT CK_Ejecucion_Fondos_Estado_UBS CHECK (Estado_Process_UBS IN (
    'PENDIENTE', 'EN_PROGRESO', 'COMPLETADO', 'COMPLETADO_CON_ERRORES',
    'ERROR', 'OMITIDO', 'CANCELADO', 'REVERTIDO'
  )),
  CONSTRAINT CK_Ejecucion_Fondos_Estado_PNL CHECK (Estado_Process_PNL IN (
    'PENDIENTE', 'EN_PROGRESO', 'COMPLETADO', 'COMPLETADO_CON_ERRORES',
    'ERROR', 'OMITIDO', 'CANCELADO', 'REVERTIDO'
  ))
);
