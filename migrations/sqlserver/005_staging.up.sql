/*
  Trabajo intermedio y resultado de los siete servicios (semillas 002 y 004, hipotesis 3: "13+ tablas").
  Todas empiezan su clave por (ID_Ejecucion, ID_Fund): con un ID_Ejecucion por fondo cada carril toca solo sus filas.
  No llevan FK a logs.Ejecuciones: comprobarla haria que cada carril bloqueara la fila de su ejecucion al insertar.
*/
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO

-- IPA: ID_Linea numera desde 1 las lineas del fondo en la ejecucion; Peso es el que publico el origen
CREATE TABLE staging.IPA_WorkTable
(
  ID_Ejecucion  bigint NOT NULL,
  ID_Fund       int NOT NULL,
  ID_Linea      bigint NOT NULL,
  FechaReporte  date NOT NULL,
  Portfolio     varchar(50) NOT NULL,
  InvestID      nvarchar(100) NOT NULL,
  Ticker        nvarchar(50) NULL,
  Descripcion   nvarchar(200) NOT NULL,
  Moneda        char(3) NOT NULL,
  Cantidad      decimal(28, 8) NOT NULL,
  PrecioLocal   decimal(28, 8) NULL,
  Origen_Precio varchar(20) NOT NULL,
  ValorMercado  decimal(19, 4) NOT NULL,
  Peso          decimal(9, 6) NULL,
  Es_Efectivo   bit NOT NULL CONSTRAINT DF_IPA_WorkTable_Es_Efectivo DEFAULT (0),
  CONSTRAINT PK_IPA_WorkTable PRIMARY KEY CLUSTERED (ID_Ejecucion, ID_Fund, ID_Linea),
  CONSTRAINT CK_IPA_WorkTable_Origen_Precio CHECK (Origen_Precio IN ('ORIGEN', 'ULTIMO_CONOCIDO', 'CALCULADO', 'SIN_PRECIO'))
);

CREATE TABLE staging.IPA_Cash
(
  ID_Ejecucion bigint NOT NULL,
  ID_Fund      int NOT NULL,
  ID_Linea     bigint NOT NULL,
  InvestID     nvarchar(100) NOT NULL,
  Descripcion  nvarchar(200) NOT NULL,
  Moneda       char(3) NOT NULL,
  ValorMercado decimal(19, 4) NOT NULL,
  CONSTRAINT PK_IPA_Cash PRIMARY KEY CLUSTERED (ID_Ejecucion, ID_Fund, ID_Linea)
);

-- una fila por InvestID; los pesos de un fondo suman 100
CREATE TABLE staging.IPA_Final
(
  ID_Ejecucion bigint NOT NULL,
  ID_Fund      int NOT NULL,
  InvestID     nvarchar(100) NOT NULL,
  FechaReporte date NOT NULL,
  Descripcion  nvarchar(200) NOT NULL,
  Moneda       char(3) NOT NULL,
  Cantidad     decimal(28, 8) NOT NULL,
  PrecioLocal  decimal(28, 8) NULL,
  ValorMercado decimal(19, 4) NOT NULL,
  Peso         decimal(18, 10) NOT NULL,
  Lineas       int NOT NULL,
  Repreciadas  int NOT NULL,
  Es_Efectivo  bit NOT NULL CONSTRAINT DF_IPA_Final_Es_Efectivo DEFAULT (0),
  CONSTRAINT PK_IPA_Final PRIMARY KEY CLUSTERED (ID_Ejecucion, ID_Fund, InvestID)
);

-- CAPM: patrimonio contable frente al total de IPA, en dinero y en puntos base
CREATE TABLE staging.CAPM_WorkTable
(
  ID_Ejecucion bigint NOT NULL,
  ID_Fund      int NOT NULL,
  ID_Linea     bigint NOT NULL,
  FechaReporte date NOT NULL,
  Portfolio    varchar(50) NOT NULL,
  Cuenta       nvarchar(50) NOT NULL,
  Descripcion  nvarchar(200) NOT NULL,
  Moneda       char(3) NOT NULL,
  Saldo        decimal(19, 4) NOT NULL,
  CONSTRAINT PK_CAPM_WorkTable PRIMARY KEY CLUSTERED (ID_Ejecucion, ID_Fund, ID_Linea)
);

CREATE TABLE staging.CAPM_Final
(
  ID_Ejecucion        bigint NOT NULL,
  ID_Fund             int NOT NULL,
  FechaReporte        date NOT NULL,
  Patrimonio_Contable decimal(19, 4) NOT NULL,
  Total_IPA           decimal(19, 4) NOT NULL,
  Diferencia          decimal(19, 4) NOT NULL,
  Diferencia_PB       decimal(18, 4) NULL,
  CONSTRAINT PK_CAPM_Final PRIMARY KEY CLUSTERED (ID_Ejecucion, ID_Fund)
);

-- PosModRF: duracion ponderada del fondo y lo que aporta cada instrumento
CREATE TABLE staging.PosModRF_WorkTable
(
  ID_Ejecucion       bigint NOT NULL,
  ID_Fund            int NOT NULL,
  ID_Linea           bigint NOT NULL,
  FechaReporte       date NOT NULL,
  Portfolio          varchar(50) NOT NULL,
  InvestID           nvarchar(100) NOT NULL,
  Descripcion        nvarchar(200) NOT NULL,
  Moneda             char(3) NOT NULL,
  Nominal            decimal(28, 8) NOT NULL,
  TIR                decimal(12, 8) NULL,
  DuracionModificada decimal(12, 8) NULL,
  ValorMercado       decimal(19, 4) NOT NULL,
  CONSTRAINT PK_PosModRF_WorkTable PRIMARY KEY CLUSTERED (ID_Ejecucion, ID_Fund, ID_Linea)
);

CREATE TABLE staging.PosModRF_Final
(
  ID_Ejecucion       bigint NOT NULL,
  ID_Fund            int NOT NULL,
  InvestID           nvarchar(100) NOT NULL,
  FechaReporte       date NOT NULL,
  Descripcion        nvarchar(200) NOT NULL,
  Nominal            decimal(28, 8) NOT NULL,
  ValorMercado       decimal(19, 4) NOT NULL,
  Peso               decimal(18, 10) NOT NULL,
  DuracionModificada decimal(12, 8) NULL,
  Contribucion       decimal(18, 10) NULL,
  Duracion_Fondo     decimal(18, 10) NULL,
  CONSTRAINT PK_PosModRF_Final PRIMARY KEY CLUSTERED (ID_Ejecucion, ID_Fund, InvestID)
);

-- SONA: cantidad y dinero por liquidar de cada instrumento
CREATE TABLE staging.SONA_WorkTable
(
  ID_Ejecucion     bigint NOT NULL,
  ID_Fund          int NOT NULL,
  ID_Linea         bigint NOT NULL,
  FechaReporte     date NOT NULL,
  Portfolio        varchar(50) NOT NULL,
  ID_Operacion     nvarchar(50) NOT NULL,
  InvestID         nvarchar(100) NOT NULL,
  Descripcion      nvarchar(200) NOT NULL,
  Moneda           char(3) NOT NULL,
  FechaOperacion   date NOT NULL,
  FechaLiquidacion date NOT NULL,
  Cantidad         decimal(28, 8) NOT NULL,
  Monto            decimal(19, 4) NOT NULL,
  CONSTRAINT PK_SONA_WorkTable PRIMARY KEY CLUSTERED (ID_Ejecucion, ID_Fund, ID_Linea)
);

CREATE TABLE staging.SONA_Final
(
  ID_Ejecucion       bigint NOT NULL,
  ID_Fund            int NOT NULL,
  InvestID           nvarchar(100) NOT NULL,
  Moneda             char(3) NOT NULL,
  FechaReporte       date NOT NULL,
  Cantidad_Pendiente decimal(28, 8) NOT NULL,
  Monto_Pendiente    decimal(19, 4) NOT NULL,
  Operaciones        int NOT NULL,
  CONSTRAINT PK_SONA_Final PRIMARY KEY CLUSTERED (ID_Ejecucion, ID_Fund, InvestID, Moneda)
);

-- Derivados: nocional, valor de mercado y exposicion delta
CREATE TABLE staging.Derivados_WorkTable
(
  ID_Ejecucion     bigint NOT NULL,
  ID_Fund          int NOT NULL,
  ID_Linea         bigint NOT NULL,
  FechaReporte     date NOT NULL,
  Portfolio        varchar(50) NOT NULL,
  InvestID         nvarchar(100) NOT NULL,
  Descripcion      nvarchar(200) NOT NULL,
  Tipo_Instrumento varchar(50) NOT NULL,
  Moneda           char(3) NOT NULL,
  FechaVencimiento date NULL,
  Nocional         decimal(28, 8) NOT NULL,
  ValorMercado     decimal(19, 4) NOT NULL,
  Delta            decimal(18, 10) NULL,
  CONSTRAINT PK_Derivados_WorkTable PRIMARY KEY CLUSTERED (ID_Ejecucion, ID_Fund, ID_Linea)
);

CREATE TABLE staging.Derivados_Final
(
  ID_Ejecucion     bigint NOT NULL,
  ID_Fund          int NOT NULL,
  InvestID         nvarchar(100) NOT NULL,
  FechaReporte     date NOT NULL,
  Descripcion      nvarchar(200) NOT NULL,
  Nocional         decimal(28, 8) NOT NULL,
  ValorMercado     decimal(19, 4) NOT NULL,
  Exposicion_Delta decimal(28, 8) NULL,
  CONSTRAINT PK_Derivados_Final PRIMARY KEY CLUSTERED (ID_Ejecucion, ID_Fund, InvestID)
);

-- UBS: diferencias entre el custodio e IPA
CREATE TABLE staging.UBS_WorkTable
(
  ID_Ejecucion bigint NOT NULL,
  ID_Fund      int NOT NULL,
  ID_Linea     bigint NOT NULL,
  FechaReporte date NOT NULL,
  Portfolio    varchar(50) NOT NULL,
  InvestID     nvarchar(100) NOT NULL,
  Descripcion  nvarchar(200) NOT NULL,
  Moneda       char(3) NOT NULL,
  Cantidad     decimal(28, 8) NOT NULL,
  PrecioLocal  decimal(28, 8) NULL,
  ValorMercado decimal(19, 4) NOT NULL,
  CONSTRAINT PK_UBS_WorkTable PRIMARY KEY CLUSTERED (ID_Ejecucion, ID_Fund, ID_Linea)
);

CREATE TABLE staging.UBS_Final
(
  ID_Ejecucion    bigint NOT NULL,
  ID_Fund         int NOT NULL,
  InvestID        nvarchar(100) NOT NULL,
  FechaReporte    date NOT NULL,
  Tipo_Diferencia varchar(20) NOT NULL,
  Cantidad_IPA    decimal(28, 8) NULL,
  Cantidad_UBS    decimal(28, 8) NULL,
  Diferencia      decimal(28, 8) NOT NULL,
  CONSTRAINT PK_UBS_Final PRIMARY KEY CLUSTERED (ID_Ejecucion, ID_Fund, InvestID),
  CONSTRAINT CK_UBS_Final_Tipo_Diferencia CHECK (Tipo_Diferencia IN ('FALTA_EN_IPA', 'FALTA_EN_UBS', 'CANTIDAD_DISTINTA'))
);

-- PNL: cambio de valor desde la fecha anterior del fondo, separado en efecto precio y efecto cantidad
CREATE TABLE staging.PNL_WorkTable
(
  ID_Ejecucion          bigint NOT NULL,
  ID_Fund               int NOT NULL,
  InvestID              nvarchar(100) NOT NULL,
  FechaReporte          date NOT NULL,
  ID_Ejecucion_Anterior bigint NULL,
  FechaAnterior         date NULL,
  Cantidad              decimal(28, 8) NOT NULL,
  ValorMercado          decimal(19, 4) NOT NULL,
  Cantidad_Anterior     decimal(28, 8) NOT NULL,
  ValorMercado_Anterior decimal(19, 4) NOT NULL,
  CONSTRAINT PK_PNL_WorkTable PRIMARY KEY CLUSTERED (ID_Ejecucion, ID_Fund, InvestID)
);

CREATE TABLE staging.PNL_Final
(
  ID_Ejecucion    bigint NOT NULL,
  ID_Fund         int NOT NULL,
  InvestID        nvarchar(100) NOT NULL,
  FechaReporte    date NOT NULL,
  FechaAnterior   date NULL,
  Cambio_Valor    decimal(19, 4) NOT NULL,
  Efecto_Precio   decimal(19, 4) NOT NULL,
  Efecto_Cantidad decimal(19, 4) NOT NULL,
  CONSTRAINT PK_PNL_Final PRIMARY KEY CLUSTERED (ID_Ejecucion, ID_Fund, InvestID)
);
