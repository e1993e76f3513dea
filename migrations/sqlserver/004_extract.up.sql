/*
  Extraccion, tal como estaba antes del plan (semilla 004, hipotesis 2): seis tablas sin ID_Ejecucion, que todos los
  fondos de una fecha comparten. La migracion 015 les agrega ID_Ejecucion.
*/
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO

CREATE TABLE extract.IPA
(
  ID           bigint IDENTITY(1, 1) NOT NULL,
  FechaReporte date NOT NULL,
  Portfolio    varchar(50) NOT NULL,
  InvestID     nvarchar(100) NOT NULL,
  Ticker       nvarchar(50) NULL,
  Descripcion  nvarchar(200) NOT NULL,
  Moneda       char(3) NOT NULL,
  Cantidad     decimal(28, 8) NOT NULL,
  PrecioLocal  decimal(28, 8) NULL,
  ValorMercado decimal(19, 4) NOT NULL,
  Peso         decimal(9, 6) NULL,
  CONSTRAINT PK_IPA PRIMARY KEY CLUSTERED (ID)
);
CREATE NONCLUSTERED INDEX IX_IPA_FechaReporte ON extract.IPA (FechaReporte, Portfolio);

CREATE TABLE extract.CAPM
(
  ID           bigint IDENTITY(1, 1) NOT NULL,
  FechaReporte date NOT NULL,
  Portfolio    varchar(50) NOT NULL,
  Cuenta       nvarchar(50) NOT NULL,
  Descripcion  nvarchar(200) NOT NULL,
  Moneda       char(3) NOT NULL,
  Saldo        decimal(19, 4) NOT NULL,
  CONSTRAINT PK_CAPM PRIMARY KEY CLUSTERED (ID)
);
CREATE NONCLUSTERED INDEX IX_CAPM_FechaReporte ON extract.CAPM (FechaReporte, Portfolio);

CREATE TABLE extract.PosModRF
(
  ID                 bigint IDENTITY(1, 1) NOT NULL,
  FechaReporte       date NOT NULL,
  Portfolio          varchar(50) NOT NULL,
  InvestID           nvarchar(100) NOT NULL,
  Descripcion        nvarchar(200) NOT NULL,
  Moneda             char(3) NOT NULL,
  Nominal            decimal(28, 8) NOT NULL,
  TIR                decimal(12, 8) NULL,
  DuracionModificada decimal(12, 8) NULL,
  ValorMercado       decimal(19, 4) NOT NULL,
  CONSTRAINT PK_PosModRF PRIMARY KEY CLUSTERED (ID)
);
CREATE NONCLUSTERED INDEX IX_PosModRF_FechaReporte ON extract.PosModRF (FechaReporte, Portfolio, InvestID);

CREATE TABLE extract.SONA
(
  ID               bigint IDENTITY(1, 1) NOT NULL,
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
  CONSTRAINT PK_SONA PRIMARY KEY CLUSTERED (ID)
);
CREATE NONCLUSTERED INDEX IX_SONA_FechaReporte ON extract.SONA (FechaReporte, Portfolio);

CREATE TABLE extract.Derivados
(
  ID               bigint IDENTITY(1, 1) NOT NULL,
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
  CONSTRAINT PK_Derivados PRIMARY KEY CLUSTERED (ID)
);
CREATE NONCLUSTERED INDEX IX_Derivados_FechaReporte ON extract.Derivados (FechaReporte, Portfolio);

CREATE TABLE extract.UBS
(
  ID           bigint IDENTITY(1, 1) NOT NULL,
  FechaReporte date NOT NULL,
  Portfolio    varchar(50) NOT NULL,
  InvestID     nvarchar(100) NOT NULL,
  Descripcion  nvarchar(200) NOT NULL,
  Moneda       char(3) NOT NULL,
  Cantidad     decimal(28, 8) NOT NULL,
  PrecioLocal  decimal(28, 8) NULL,
  ValorMercado decimal(19, 4) NOT NULL,
  CONSTRAINT PK_UBS PRIMARY KEY CLUSTERED (ID)
);
CREATE NONCLUSTERED INDEX IX_UBS_FechaReporte ON extract.UBS (FechaReporte, Portfolio);
