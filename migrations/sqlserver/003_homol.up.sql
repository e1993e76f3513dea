/*
  Fuentes homologadas: lo que traen los cargadores, una tabla por sistema de origen (semillas 002 y 004: homol.*).
  La clave agrupa las lineas de una fecha y un portfolio, que es como se cargan, se reemplazan y se leen.
  homol.IPA tiene ademas el indice del ultimo precio conocido de un InvestID: solo lleva las filas con precio, porque
  muchas fuentes no lo traen y recorrerlas todas seria leer la historia entera del instrumento.
*/
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO

-- posiciones: la linea de efectivo no tiene Ticker y su ValorMercado es igual a su Cantidad
CREATE TABLE homol.IPA
(
  ID_Linea     bigint IDENTITY(1, 1) NOT NULL,
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
  CONSTRAINT PK_IPA PRIMARY KEY CLUSTERED (FechaReporte, Portfolio, ID_Linea)
);
CREATE NONCLUSTERED INDEX IX_IPA_UltimoPrecio ON homol.IPA (InvestID, FechaReporte DESC)
  INCLUDE (Portfolio, PrecioLocal)
  WHERE PrecioLocal > 0;

-- saldos contables, por cuenta
CREATE TABLE homol.CAPM
(
  ID_Linea     bigint IDENTITY(1, 1) NOT NULL,
  FechaReporte date NOT NULL,
  Portfolio    varchar(50) NOT NULL,
  Cuenta       nvarchar(50) NOT NULL,
  Descripcion  nvarchar(200) NOT NULL,
  Moneda       char(3) NOT NULL,
  Saldo        decimal(19, 4) NOT NULL,
  CONSTRAINT PK_CAPM PRIMARY KEY CLUSTERED (FechaReporte, Portfolio, ID_Linea)
);

-- renta fija: nominal, tasa y duracion modificada
CREATE TABLE homol.PosModRF
(
  ID_Linea           bigint IDENTITY(1, 1) NOT NULL,
  FechaReporte       date NOT NULL,
  Portfolio          varchar(50) NOT NULL,
  InvestID           nvarchar(100) NOT NULL,
  Descripcion        nvarchar(200) NOT NULL,
  Moneda             char(3) NOT NULL,
  Nominal            decimal(28, 8) NOT NULL,
  TIR                decimal(12, 8) NULL,
  DuracionModificada decimal(12, 8) NULL,
  ValorMercado       decimal(19, 4) NOT NULL,
  CONSTRAINT PK_PosModRF PRIMARY KEY CLUSTERED (FechaReporte, Portfolio, ID_Linea)
);

-- operaciones por liquidar; Cantidad y Monto con signo: positivos al comprar
CREATE TABLE homol.SONA
(
  ID_Linea         bigint IDENTITY(1, 1) NOT NULL,
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
  CONSTRAINT PK_SONA PRIMARY KEY CLUSTERED (FechaReporte, Portfolio, ID_Linea)
);

-- derivados (solo fondos con Flag_Derivados)
CREATE TABLE homol.Derivados
(
  ID_Linea         bigint IDENTITY(1, 1) NOT NULL,
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
  CONSTRAINT PK_Derivados PRIMARY KEY CLUSTERED (FechaReporte, Portfolio, ID_Linea)
);

-- posiciones segun el custodio (solo fondos con Flag_UBS)
CREATE TABLE homol.UBS
(
  ID_Linea     bigint IDENTITY(1, 1) NOT NULL,
  FechaReporte date NOT NULL,
  Portfolio    varchar(50) NOT NULL,
  InvestID     nvarchar(100) NOT NULL,
  Descripcion  nvarchar(200) NOT NULL,
  Moneda       char(3) NOT NULL,
  Cantidad     decimal(28, 8) NOT NULL,
  PrecioLocal  decimal(28, 8) NULL,
  ValorMercado decimal(19, 4) NOT NULL,
  CONSTRAINT PK_UBS PRIMARY KEY CLUSTERED (FechaReporte, Portfolio, ID_Linea)
);

-- Filas que recibe homol.sp_Cargar_IPA. Los numeros llegan como texto: asi un decimal no pierde cifras por el camino
-- y un numero malo se informa con su Linea en vez de fallar la llamada entera.
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
GRANT EXECUTE ON TYPE::homol.Filas_IPA_v1 TO carril_app;
-- la carga masiva escribe directamente en la tabla
GRANT INSERT ON homol.IPA TO carril_carga;
GRANT INSERT ON homol.CAPM TO carril_carga;
GRANT INSERT ON homol.PosModRF TO carril_carga;
GRANT INSERT ON homol.SONA TO carril_carga;
GRANT INSERT ON homol.Derivados TO carril_carga;
GRANT INSERT ON homol.UBS TO carril_carga;
