/*
  Trabajo intermedio y resultado de los siete servicios (semillas 002 y 004, hipotesis 3: "13+ tablas").
  Todas empiezan su clave por (ID_Ejecucion, ID_Fund): con un ID_Ejecucion por fondo cada carril toca solo sus filas.
  No llevan FK a logs.Ejecuciones: comprobarla haria que cada carril bloqueara la fila de su ejecucion al insertar.
*/
SET LOCAL ROLE carril_dueno;

-- IPA: ID_Linea numera desde 1 las lineas del fondo en la ejecucion; Peso es el que publico el origen
CREATE TABLE staging.IPA_WorkTable (
  ID_Ejecucion  bigint NOT NULL,
  ID_Fund       integer NOT NULL,
  ID_Linea      bigint NOT NULL,
  FechaReporte  date NOT NULL,
  Portfolio     varchar(50) NOT NULL,
  InvestID      varchar(100) NOT NULL,
  Ticker        varchar(50),
  Descripcion   varchar(200) NOT NULL,
  Moneda        varchar(3) NOT NULL,
  Cantidad      numeric(28, 8) NOT NULL,
  PrecioLocal   numeric(28, 8),
  Origen_Precio varchar(20) NOT NULL,
  ValorMercado  numeric(19, 4) NOT NULL,
  Peso          numeric(9, 6),
  Es_Efectivo   boolean NOT NULL DEFAULT false,
  CONSTRAINT PK_IPA_WorkTable PRIMARY KEY (ID_Ejecucion, ID_Fund, ID_Linea),
  CONSTRAINT CK_IPA_WorkTable_Origen_Precio CHECK (Origen_Precio IN ('ORIGEN', 'ULTIMO_CONOCIDO', 'CALCULADO', 'SIN_PRECIO'))
);

CREATE TABLE staging.IPA_Cash (
  ID_Ejecucion bigint NOT NULL,
  ID_Fund      integer NOT NULL,
  ID_Linea     bigint NOT NULL,
  InvestID     varchar(100) NOT NULL,
  Descripcion  varchar(200) NOT NULL,
  Moneda       varchar(3) NOT NULL,
  ValorMercado numeric(19, 4) NOT NULL,
  CONSTRAINT PK_IPA_Cash PRIMARY KEY (ID_Ejecucion, ID_Fund, ID_Linea)
);

-- una fila por InvestID; los pesos de un fondo suman 100
CREATE TABLE staging.IPA_Final (
  ID_Ejecucion bigint NOT NULL,
  ID_Fund      integer NOT NULL,
  InvestID     varchar(100) NOT NULL,
  FechaReporte date NOT NULL,
  Descripcion  varchar(200) NOT NULL,
  Moneda       varchar(3) NOT NULL,
  Cantidad     numeric(28, 8) NOT NULL,
  PrecioLocal  numeric(28, 8),
  ValorMercado numeric(19, 4) NOT NULL,
  Peso         numeric(18, 10) NOT NULL,
  Lineas       integer NOT NULL,
  Repreciadas  integer NOT NULL,
  Es_Efectivo  boolean NOT NULL DEFAULT false,
  CONSTRAINT PK_IPA_Final PRIMARY KEY (ID_Ejecucion, ID_Fund, InvestID)
);

-- CAPM: patrimonio contable frente al total de IPA, en dinero y en puntos base
CREATE TABLE staging.CAPM_WorkTable (
  ID_Ejecucion bigint NOT NULL,
  ID_Fund      integer NOT NULL,
  ID_Linea     bigint NOT NULL,
  FechaReporte date NOT NULL,
  Portfolio    varchar(50) NOT NULL,
  Cuenta       varchar(50) NOT NULL,
  Descripcion  varchar(200) NOT NULL,
  Moneda       varchar(3) NOT NULL,
  Saldo        numeric(19, 4) NOT NULL,
  CONSTRAINT PK_CAPM_WorkTable PRIMARY KEY (ID_Ejecucion, ID_Fund, ID_Linea)
);

CREATE TABLE staging.CAPM_Final (
  ID_Ejecucion        bigint NOT NULL,
  ID_Fund             integer NOT NULL,
  FechaReporte        date NOT NULL,
  Patrimonio_Contable numeric(19, 4) NOT NULL,
  Total_IPA           numeric(19, 4) NOT NULL,
  Diferencia          numeric(19, 4) NOT NULL,
  Diferencia_PB       numeric(18, 4),
  CONSTRAINT PK_CAPM_Final PRIMARY KEY (ID_Ejecucion, ID_Fund)
);

-- PosModRF: duracion ponderada del fondo y lo que aporta cada instrumento
CREATE TABLE staging.PosModRF_WorkTable (
  ID_Ejecucion       bigint NOT NULL,
  ID_Fund            integer NOT NULL,
  ID_Linea           bigint NOT NULL,
  FechaReporte       date NOT NULL,
  Portfolio          varchar(50) NOT NULL,
  InvestID           varchar(100) NOT NULL,
  Descripcion        varchar(200) NOT NULL,
  Moneda             varchar(3) NOT NULL,
  Nominal            numeric(28, 8) NOT NULL,
  TIR                numeric(12, 8),
  DuracionModificada numeric(12, 8),
  ValorMercado       numeric(19, 4) NOT NULL,
  CONSTRAINT PK_PosModRF_WorkTable PRIMARY KEY (ID_Ejecucion, ID_Fund, ID_Linea)
);

CREATE TABLE staging.PosModRF_Final (
  ID_Ejecucion       bigint NOT NULL,
  ID_Fund            integer NOT NULL,
  InvestID           varchar(100) NOT NULL,
  FechaReporte       date NOT NULL,
  Descripcion        varchar(200) NOT NULL,
  Nominal            numeric(28, 8) NOT NULL,
  ValorMercado       numeric(19, 4) NOT NULL,
  Peso               numeric(18, 10) NOT NULL,
  DuracionModificada numeric(12, 8),
  Contribucion       numeric(18, 10),
  Duracion_Fondo     numeric(18, 10),
  CONSTRAINT PK_PosModRF_Final PRIMARY KEY (ID_Ejecucion, ID_Fund, InvestID)
);

-- SONA: cantidad y dinero por liquidar de cada instrumento
CREATE TABLE staging.SONA_WorkTable (
  ID_Ejecucion     bigint NOT NULL,
  ID_Fund          integer NOT NULL,
  ID_Linea         bigint NOT NULL,
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
  CONSTRAINT PK_SONA_WorkTable PRIMARY KEY (ID_Ejecucion, ID_Fund, ID_Linea)
);

CREATE TABLE staging.SONA_Final (
  ID_Ejecucion       bigint NOT NULL,
  ID_Fund            integer NOT NULL,
  InvestID           varchar(100) NOT NULL,
  Moneda             varchar(3) NOT NULL,
  FechaReporte       date NOT NULL,
  Cantidad_Pendiente numeric(28, 8) NOT NULL,
  Monto_Pendiente    numeric(19, 4) NOT NULL,
  Operaciones        integer NOT NULL,
  CONSTRAINT PK_SONA_Final PRIMARY KEY (ID_Ejecucion, ID_Fund, InvestID, Moneda)
);

-- Derivados: nocional, valor de mercado y exposicion delta
CREATE TABLE staging.Derivados_WorkTable (
  ID_Ejecucion     bigint NOT NULL,
  ID_Fund          integer NOT NULL,
  ID_Linea         bigint NOT NULL,
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
  CONSTRAINT PK_Derivados_WorkTable PRIMARY KEY (ID_Ejecucion, ID_Fund, ID_Linea)
);

CREATE TABLE staging.Derivados_Final (
  ID_Ejecucion     bigint NOT NULL,
  ID_Fund          integer NOT NULL,
  InvestID         varchar(100) NOT NULL,
  FechaReporte     date NOT NULL,
  Descripcion      varchar(200) NOT NULL,
  Nocional         numeric(28, 8) NOT NULL,
  ValorMercado     numeric(19, 4) NOT NULL,
  Exposicion_Delta numeric(28, 8),
  CONSTRAINT PK_Derivados_Final PRIMARY KEY (ID_Ejecucion, ID_Fund, InvestID)
);

-- UBS: diferencias entre el custodio e IPA
CREATE TABLE staging.UBS_WorkTable (
  ID_Ejecucion bigint NOT NULL,
  ID_Fund      integer NOT NULL,
  ID_Linea     bigint NOT NULL,
  FechaReporte date NOT NULL,
  Portfolio    varchar(50) NOT NULL,
  InvestID     varchar(100) NOT NULL,
  Descripcion  varchar(200) NOT NULL,
  Moneda       varchar(3) NOT NULL,
  Cantidad     numeric(28, 8) NOT NULL,
  PrecioLocal  numeric(28, 8),
  ValorMercado numeric(19, 4) NOT NULL,
  CONSTRAINT PK_UBS_WorkTable PRIMARY KEY (ID_Ejecucion, ID_Fund, ID_Linea)
);

CREATE TABLE staging.UBS_Final (
  ID_Ejecucion    bigint NOT NULL,
  ID_Fund         integer NOT NULL,
  InvestID        varchar(100) NOT NULL,
  FechaReporte    date NOT NULL,
  Tipo_Diferencia varchar(20) NOT NULL,
  Cantidad_IPA    numeric(28, 8),
  Cantidad_UBS    numeric(28, 8),
  Diferencia      numeric(28, 8) NOT NULL,
  CONSTRAINT PK_UBS_Final PRIMARY KEY (ID_Ejecucion, ID_Fund, InvestID),
  CONSTRAINT CK_UBS_Final_Tipo_Diferencia CHECK (Tipo_Diferencia IN ('FALTA_EN_IPA', 'FALTA_EN_UBS', 'CANTIDAD_DISTINTA'))
);

-- PNL: cambio de valor desde la fecha anterior del fondo, separado en efecto precio y efecto cantidad
CREATE TABLE staging.PNL_WorkTable (
  ID_Ejecucion          bigint NOT NULL,
  ID_Fund               integer NOT NULL,
  InvestID              varchar(100) NOT NULL,
  FechaReporte          date NOT NULL,
  ID_Ejecucion_Anterior bigint,
  FechaAnterior         date,
  Cantidad              numeric(28, 8) NOT NULL,
  ValorMercado          numeric(19, 4) NOT NULL,
  Cantidad_Anterior     numeric(28, 8) NOT NULL,
  ValorMercado_Anterior numeric(19, 4) NOT NULL,
  CONSTRAINT PK_PNL_WorkTable PRIMARY KEY (ID_Ejecucion, ID_Fund, InvestID)
);

CREATE TABLE staging.PNL_Final (
  ID_Ejecucion    bigint NOT NULL,
  ID_Fund         integer NOT NULL,
  InvestID        varchar(100) NOT NULL,
  FechaReporte    date NOT NULL,
  FechaAnterior   date,
  Cambio_Valor    numeric(19, 4) NOT NULL,
  Efecto_Precio   numeric(19, 4) NOT NULL,
  Efecto_Cantidad numeric(19, 4) NOT NULL,
  CONSTRAINT PK_PNL_Final PRIMARY KEY (ID_Ejecucion, ID_Fund, InvestID)
);
