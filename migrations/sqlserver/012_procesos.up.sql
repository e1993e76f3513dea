/*
  logs.Procesos, el padre de las ejecuciones (semillas 002, "012_CREATE_PROCESOS_TABLE", y 004, "Nueva tabla
  logs.Procesos"; tiene las columnas de ambas). FechaReporte es DATE. Los contadores y el estado se escriben una sola vez,
  al finalizar: mientras el proceso corre los calcula la vista, para que los carriles no compitan por esta fila.

  Aqui se encuentran una base nueva (001 a 008) y una que existia antes y empezo con `carril migrate baseline --at 008`:
  lo que es de carril y no de la base de antes (roles, esquema trabajo, tipos de tabla) se crea si falta.
*/
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO

IF DATABASE_PRINCIPAL_ID(N'carril_app') IS NULL
  CREATE ROLE carril_app AUTHORIZATION dbo;
IF DATABASE_PRINCIPAL_ID(N'carril_carga') IS NULL
  CREATE ROLE carril_carga AUTHORIZATION dbo;
IF DATABASE_PRINCIPAL_ID(N'carril_lector') IS NULL
  CREATE ROLE carril_lector AUTHORIZATION dbo;
IF DATABASE_PRINCIPAL_ID(N'carril_dba') IS NULL
  CREATE ROLE carril_dba AUTHORIZATION dbo;
GO
IF SCHEMA_ID(N'trabajo') IS NULL
  EXEC (N'CREATE SCHEMA trabajo AUTHORIZATION dbo');
GO
IF TYPE_ID(N'dimensionales.Filas_Fondos_v1') IS NULL
  CREATE TYPE dimensionales.Filas_Fondos_v1 AS TABLE
  (
    Linea               int           NOT NULL PRIMARY KEY,
    FundShortName       nvarchar(100) NOT NULL,
    Portfolio_Geneva    varchar(50)   NOT NULL,
    Portfolio_CAPM      varchar(50)   NULL,
    Portfolio_Derivados varchar(50)   NULL,
    Portfolio_UBS       varchar(50)   NULL,
    Flag_UBS            bit           NOT NULL,
    Flag_Derivados      bit           NOT NULL,
    Active              bit           NOT NULL,
    Incluir_En_Cubo     bit           NOT NULL
  );
GO
IF TYPE_ID(N'homol.Filas_IPA_v1') IS NULL
  CREATE TYPE homol.Filas_IPA_v1 AS TABLE
  (
    Linea        int           NOT NULL PRIMARY KEY,
    FechaReporte date          NOT NULL,
    Portfolio    varchar(50)   NOT NULL,
    InvestID     nvarchar(100) NOT NULL,
    Ticker       nvarchar(50)  NULL,
    Descripcion  nvarchar(200) NOT NULL,
    Moneda       char(3)       NOT NULL,
    Cantidad     varchar(40)   NOT NULL,
    PrecioLocal  varchar(40)   NULL,
    ValorMercado varchar(40)   NOT NULL,
    Peso         varchar(40)   NULL
  );
GO
-- GRANT repetido no cambia nada
GRANT EXECUTE ON TYPE::dimensionales.Filas_Fondos_v1 TO carril_app;
GRANT EXECUTE ON TYPE::homol.Filas_IPA_v1 TO carril_app;
GRANT CONTROL ON SCHEMA::dimensionales TO carril_dba;
GRANT CONTROL ON SCHEMA::homol TO carril_dba;
GRANT CONTROL ON SCHEMA::extract TO carril_dba;
GRANT CONTROL ON SCHEMA::staging TO carril_dba;
GRANT CONTROL ON SCHEMA::logs TO carril_dba;
GRANT CONTROL ON SCHEMA::trabajo TO carril_dba;
GRANT CREATE TABLE, CREATE VIEW, CREATE PROCEDURE, CREATE FUNCTION, CREATE TYPE TO carril_dba;
-- quien compara la base con sus migraciones debe ver todas las definiciones, tambien las de dbo
GRANT VIEW DEFINITION TO carril_dba;
GO

CREATE TABLE logs.Procesos
(
  ID_Proceso     bigint NOT NULL,
  FechaReporte   date NOT NULL,
  Estado         varchar(50) NOT NULL CONSTRAINT DF_Procesos_Estado DEFAULT ('PENDIENTE'),
  Etapa_Actual   nvarchar(50) NULL,
  Usuario        nvarchar(100) NULL,
  Arquitectura   varchar(20) NOT NULL CONSTRAINT DF_Procesos_Arquitectura DEFAULT ('JERARQUICA'),
  FechaInicio    datetime2(3) NOT NULL CONSTRAINT DF_Procesos_FechaInicio DEFAULT (SYSUTCDATETIME()),
  FechaFin       datetime2(3) NULL,
  TotalFondos    int NOT NULL CONSTRAINT DF_Procesos_TotalFondos DEFAULT (0),
  FondosExitosos int NOT NULL CONSTRAINT DF_Procesos_FondosExitosos DEFAULT (0),
  FondosFallidos int NOT NULL CONSTRAINT DF_Procesos_FondosFallidos DEFAULT (0),
  FondosOmitidos int NOT NULL CONSTRAINT DF_Procesos_FondosOmitidos DEFAULT (0),
  CONSTRAINT PK_Procesos PRIMARY KEY CLUSTERED (ID_Proceso),
  CONSTRAINT CK_Procesos_Estado CHECK (Estado IN (
    'PENDIENTE', 'EN_PROGRESO', 'COMPLETADO', 'COMPLETADO_CON_ERRORES',
    'ERROR', 'OMITIDO', 'CANCELADO', 'REVERTIDO'
  )),
  CONSTRAINT CK_Procesos_Arquitectura CHECK (Arquitectura IN ('LEGADO', 'JERARQUICA'))
);
CREATE NONCLUSTERED INDEX IX_Procesos_FechaReporte ON logs.Procesos (FechaReporte, ID_Proceso);
CREATE NONCLUSTERED INDEX IX_Procesos_Estado ON logs.Procesos (Estado);
CREATE NONCLUSTERED INDEX IX_Procesos_FechaInicio ON logs.Procesos (FechaInicio);
