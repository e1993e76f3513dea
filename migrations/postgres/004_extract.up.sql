/*
  Extraccion, tal como estaba antes del plan (semilla 004, hipotesis 2): seis tablas sin ID_Ejecucion, que todos los
  fondos de una fecha comparten. La migracion 015 les agrega ID_Ejecucion.
*/
SET LOCAL ROLE carril_dueno;

CREATE TABLE extract.IPA (
  ID           bigint GENERATED ALWAYS AS IDENTITY,
  FechaReporte date NOT NULL,
  Portfolio    varchar(50) NOT NULL,
  InvestID     varchar(100) NOT NULL,
  Ticker       varchar(50),
  Descripcion  varchar(200) NOT NULL,
  Moneda       varchar(3) NOT NULL,
  Cantidad     numeric(28, 8) NOT NULL,
  PrecioLocal  numeric(28, 8),
  ValorMercado numeric(19, 4) NOT NULL,
  Peso         numeric(9, 6),
  CONSTRAINT PK_IPA PRIMARY KEY (ID)
);
CREATE INDEX IX_IPA_FechaReporte ON extract.IPA (FechaReporte, Portfolio);

CREATE TABLE extract.CAPM (
  ID           bigint GENERATED ALWAYS AS IDENTITY,
  FechaReporte date NOT NULL,
  Portfolio    varchar(50) NOT NULL,
  Cuenta       varchar(50) NOT NULL,
  Descripcion  varchar(200) NOT NULL,
  Moneda       varchar(3) NOT NULL,
  Saldo        numeric(19, 4) NOT NULL,
  CONSTRAINT PK_CAPM PRIMARY KEY (ID)
);
CREATE INDEX IX_CAPM_FechaReporte ON extract.CAPM (FechaReporte, Portfolio);

CREATE TABLE extract.PosModRF (
  ID                 bigint GENERATED ALWAYS AS IDENTITY,
  FechaReporte       date NOT NULL,
  Portfolio          varchar(50) NOT NULL,
  InvestID           varchar(100) NOT NULL,
  Descripcion        varchar(200) NOT NULL,
  Moneda             varchar(3) NOT NULL,
  Nominal            numeric(28, 8) NOT NULL,
  TIR                numeric(12, 8),
  DuracionModificada numeric(12, 8),
  ValorMercado       numeric(19, 4) NOT NULL,
  CONSTRAINT PK_PosModRF PRIMARY KEY (ID)
);
CREATE INDEX IX_PosModRF_FechaReporte ON extract.PosModRF (FechaReporte, Portfolio, InvestID);

CREATE TABLE extract.SONA (
  ID               bigint GENERATED ALWAYS AS IDENTITY,
  FechaReporte     date NOT NULL,
  Portfolio        varchar(50) NOT NULL,
  ID_Operacion     varchar(50) NOT NULL,
  InvestID         varchar(100) NOT NULL,
  Descripcion      varchar(200) NOT NULL,
  Moneda           varchar(3) NOT NULL,
  FechaOperacion   date NOT NULL,
  FechaLiquidacion date NOT NULL,
  Cantidad         numeric(28, 8) NOT NULL,
  Monto            numeric(19, 4) NOT NULL,
  CONSTRAINT PK_SONA PRIMARY KEY (ID)
);
CREATE INDEX IX_SONA_FechaReporte ON extract.SONA (FechaReporte, Portfolio);

CREATE TABLE extract.Derivados (
  ID               bigint GENERATED ALWAYS AS IDENTITY,
  FechaReporte     date NOT NULL,
  Portfolio        varchar(50) NOT NULL,
  InvestID         varchar(100) NOT NULL,
  Descripcion      varchar(200) NOT NULL,
  Tipo_Instrumento varchar(50) NOT NULL,
  Moneda           varchar(3) NOT NULL,
  FechaVencimiento date,
  Nocional         numeric(28, 8) NOT NULL,
  ValorMercado     numeric(19, 4) NOT NULL,
  Delta            numeric(18, 10),
  CONSTRAINT PK_Derivados PRIMARY KEY (ID)
);
CREATE INDEX IX_Derivados_FechaReporte ON extract.Derivados (FechaReporte, Portfolio);

CREATE TABLE extract.UBS (
  ID           bigint GENERATED ALWAYS AS IDENTITY,
  FechaReporte date NOT NULL,
  Portfolio    varchar(50) NOT NULL,
  InvestID     varchar(100) NOT NULL,
  Descripcion  varchar(200) NOT NULL,
  Moneda       varchar(3) NOT NULL,
  Cantidad     numeric(28, 8) NOT NULL,
  PrecioLocal  numeric(28, 8),
  ValorMercado numeric(19, 4) NOT NULL,
  CONSTRAINT PK_UBS PRIMARY KEY (ID)
);
CREATE INDEX IX_UBS_FechaReporte ON extract.UBS (FechaReporte, Portfolio);
