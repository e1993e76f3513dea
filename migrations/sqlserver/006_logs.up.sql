/*
  Ejecuciones con el ID compartido, tal como estaban antes del plan (semilla 002, "Logs Schema"): una fila de
  logs.Ejecuciones por fecha y una de logs.Ejecucion_Fondos por fondo, con el estado de cada uno de los siete servicios.
  La cascada es solo la red de seguridad: se borra por lotes y primero los hijos.
*/
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO

CREATE TABLE logs.Ejecuciones
(
  ID_Ejecucion   bigint NOT NULL,
  FechaReporte   date NOT NULL,
  Estado         varchar(50) NOT NULL CONSTRAINT DF_Ejecuciones_Estado DEFAULT ('PENDIENTE'),
  Etapa_Actual   nvarchar(50) NULL,
  Usuario        nvarchar(100) NULL,
  FechaInicio    datetime2(3) NULL CONSTRAINT DF_Ejecuciones_FechaInicio DEFAULT (SYSUTCDATETIME()),
  FechaFin       datetime2(3) NULL,
  TotalFondos    int NULL,
  FondosExitosos int NULL,
  FondosFallidos int NULL,
  FondosOmitidos int NULL,
  CONSTRAINT PK_Ejecuciones PRIMARY KEY CLUSTERED (ID_Ejecucion),
  CONSTRAINT CK_Ejecuciones_Estado CHECK (Estado IN (
    'PENDIENTE', 'EN_PROGRESO', 'COMPLETADO', 'COMPLETADO_CON_ERRORES',
    'ERROR', 'OMITIDO', 'CANCELADO', 'REVERTIDO'
  ))
);
CREATE NONCLUSTERED INDEX IX_Ejecuciones_FechaReporte ON logs.Ejecuciones (FechaReporte, Estado);

-- codigos y flags copiados de BD_Funds al inicializar: un cambio del maestro no altera una ejecucion creada
CREATE TABLE logs.Ejecucion_Fondos
(
  ID_Ejecucion             bigint NOT NULL,
  ID_Fund                  int NOT NULL,
  FundShortName            nvarchar(100) NOT NULL,
  Portfolio_Geneva         varchar(50) NOT NULL,
  Portfolio_CAPM           varchar(50) NULL,
  Portfolio_Derivados      varchar(50) NULL,
  Portfolio_UBS            varchar(50) NULL,
  Flag_UBS                 bit NOT NULL CONSTRAINT DF_Ejecucion_Fondos_Flag_UBS DEFAULT (0),
  Flag_Derivados           bit NOT NULL CONSTRAINT DF_Ejecucion_Fondos_Flag_Derivados DEFAULT (0),
  Estado_Process_IPA       varchar(50) NOT NULL CONSTRAINT DF_Ejecucion_Fondos_Estado_Process_IPA DEFAULT ('PENDIENTE'),
  Estado_Process_CAPM      varchar(50) NOT NULL CONSTRAINT DF_Ejecucion_Fondos_Estado_Process_CAPM DEFAULT ('PENDIENTE'),
  Estado_Process_PosModRF  varchar(50) NOT NULL CONSTRAINT DF_Ejecucion_Fondos_Estado_Process_PosModRF DEFAULT ('PENDIENTE'),
  Estado_Process_SONA      varchar(50) NOT NULL CONSTRAINT DF_Ejecucion_Fondos_Estado_Process_SONA DEFAULT ('PENDIENTE'),
  Estado_Process_Derivados varchar(50) NOT NULL CONSTRAINT DF_Ejecucion_Fondos_Estado_Process_Derivados DEFAULT ('PENDIENTE'),
  Estado_Process_UBS       varchar(50) NOT NULL CONSTRAINT DF_Ejecucion_Fondos_Estado_Process_UBS DEFAULT ('PENDIENTE'),
  Estado_Process_PNL       varchar(50) NOT NULL CONSTRAINT DF_Ejecucion_Fondos_Estado_Process_PNL DEFAULT ('PENDIENTE'),
  FechaInicio              datetime2(3) NULL,
  FechaFin                 datetime2(3) NULL,
  Mensaje_Error            nvarchar(4000) NULL,
  CONSTRAINT PK_Ejecucion_Fondos PRIMARY KEY CLUSTERED (ID_Ejecucion, ID_Fund),
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
