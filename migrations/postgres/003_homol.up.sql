/*
  Fuentes homologadas: lo que traen los cargadores, una tabla por sistema de origen (semillas 002 y 004: homol.*).
  La clave agrupa las lineas de una fecha y un portfolio, que es como se cargan, se reemplazan y se leen.
  homol.IPA tiene ademas el indice del ultimo precio conocido de un InvestID: solo lleva las filas con precio, porque
  muchas fuentes no lo traen y recorrerlas todas seria leer la historia entera del instrumento.
*/
SET LOCAL ROLE carril_dueno;

-- posiciones: la linea de efectivo no tiene Ticker y su ValorMercado es igual a su Cantidad
CREATE TABLE homol.IPA (
  ID_Linea     bigint GENERATED ALWAYS AS IDENTITY,
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
  CONSTRAINT PK_IPA PRIMARY KEY (FechaReporte, Portfolio, ID_Linea)
);
CREATE INDEX IX_IPA_UltimoPrecio ON homol.IPA (InvestID, FechaReporte DESC, Portfolio COLLATE "C", ID_Linea)
  INCLUDE (PrecioLocal)
  WHERE PrecioLocal > 0;

-- saldos contables, por cuenta
CREATE TABLE homol.CAPM (
  ID_Linea     bigint GENERATED ALWAYS AS IDENTITY,
  FechaReporte date NOT NULL,
  Portfolio    varchar(50) NOT NULL,
  Cuenta       varchar(50) NOT NULL,
  Descripcion  varchar(200) NOT NULL,
  Moneda       varchar(3) NOT NULL,
  Saldo        numeric(19, 4) NOT NULL,
  CONSTRAINT PK_CAPM PRIMARY KEY (FechaReporte, Portfolio, ID_Linea)
);

-- renta fija: nominal, tasa y duracion modificada
CREATE TABLE homol.PosModRF (
  ID_Linea           bigint GENERATED ALWAYS AS IDENTITY,
  FechaReporte       date NOT NULL,
  Portfolio          varchar(50) NOT NULL,
  InvestID           varchar(100) NOT NULL,
  Descripcion        varchar(200) NOT NULL,
  Moneda             varchar(3) NOT NULL,
  Nominal            numeric(28, 8) NOT NULL,
  TIR                numeric(12, 8),
  DuracionModificada numeric(12, 8),
  ValorMercado       numeric(19, 4) NOT NULL,
  CONSTRAINT PK_PosModRF PRIMARY KEY (FechaReporte, Portfolio, ID_Linea)
);

-- operaciones por liquidar; Cantidad y Monto con signo: positivos al comprar
CREATE TABLE homol.SONA (
  ID_Linea         bigint GENERATED ALWAYS AS IDENTITY,
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
  CONSTRAINT PK_SONA PRIMARY KEY (FechaReporte, Portfolio, ID_Linea)
);

-- derivados (solo fondos con Flag_Derivados)
CREATE TABLE homol.Derivados (
  ID_Linea         bigint GENERATED ALWAYS AS IDENTITY,
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
  CONSTRAINT PK_Derivados PRIMARY KEY (FechaReporte, Portfolio, ID_Linea)
);

-- posiciones segun el custodio (solo fondos con Flag_UBS)
CREATE TABLE homol.UBS (
  ID_Linea     bigint GENERATED ALWAYS AS IDENTITY,
  FechaReporte date NOT NULL,
  Portfolio    varchar(50) NOT NULL,
  InvestID     varchar(100) NOT NULL,
  Descripcion  varchar(200) NOT NULL,
  Moneda       varchar(3) NOT NULL,
  Cantidad     numeric(28, 8) NOT NULL,
  PrecioLocal  numeric(28, 8),
  ValorMercado numeric(19, 4) NOT NULL,
  CONSTRAINT PK_UBS PRIMARY KEY (FechaReporte, Portfolio, ID_Linea)
);

-- la carga masiva (COPY) escribe directamente en la tabla
GRANT INSERT ON homol.IPA, homol.CAPM, homol.PosModRF, homol.SONA, homol.Derivados, homol.UBS
  TO carril_carga;
