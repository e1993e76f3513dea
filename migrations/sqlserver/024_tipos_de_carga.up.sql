/*
  024: las filas que reciben homol.sp_Cargar_{CAPM,PosModRF,SONA,Derivados,UBS}, como las de IPA desde 003: los numeros llegan
  como texto, para que un decimal no pierda cifras por el camino y uno malo se informe con su Linea.
*/
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
CREATE TYPE homol.Filas_CAPM_v1 AS TABLE
(
  Linea        int           NOT NULL PRIMARY KEY,
  FechaReporte date          NOT NULL,
  Portfolio    varchar(50)   NOT NULL,
  Cuenta       nvarchar(50)  NOT NULL,
  Descripcion  nvarchar(200) NOT NULL,
  Moneda       char(3)       NOT NULL,
  Saldo        varchar(40)   NOT NULL
);
GO
CREATE TYPE homol.Filas_PosModRF_v1 AS TABLE
(
  Linea              int           NOT NULL PRIMARY KEY,
  FechaReporte       date          NOT NULL,
  Portfolio          varchar(50)   NOT NULL,
  InvestID           nvarchar(100) NOT NULL,
  Descripcion        nvarchar(200) NOT NULL,
  Moneda             char(3)       NOT NULL,
  Nominal            varchar(40)   NOT NULL,
  TIR                varchar(40)   NULL,
  DuracionModificada varchar(40)   NULL,
  ValorMercado       varchar(40)   NOT NULL
);
GO
CREATE TYPE homol.Filas_SONA_v1 AS TABLE
(
  Linea            int           NOT NULL PRIMARY KEY,
  FechaReporte     date          NOT NULL,
  Portfolio        varchar(50)   NOT NULL,
  ID_Operacion     nvarchar(50)  NOT NULL,
  InvestID         nvarchar(100) NOT NULL,
  Descripcion      nvarchar(200) NOT NULL,
  Moneda           char(3)       NOT NULL,
  FechaOperacion   date          NOT NULL,
  FechaLiquidacion date          NOT NULL,
  Cantidad         varchar(40)   NOT NULL,
  Monto            varchar(40)   NOT NULL
);
GO
CREATE TYPE homol.Filas_Derivados_v1 AS TABLE
(
  Linea            int           NOT NULL PRIMARY KEY,
  FechaReporte     date          NOT NULL,
  Portfolio        varchar(50)   NOT NULL,
  InvestID         nvarchar(100) NOT NULL,
  Descripcion      nvarchar(200) NOT NULL,
  Tipo_Instrumento varchar(50)   NOT NULL,
  Moneda           char(3)       NOT NULL,
  FechaVencimiento date          NULL,
  Nocional         varchar(40)   NOT NULL,
  ValorMercado     varchar(40)   NOT NULL,
  Delta            varchar(40)   NULL
);
GO
CREATE TYPE homol.Filas_UBS_v1 AS TABLE
(
  Linea        int           NOT NULL PRIMARY KEY,
  FechaReporte date          NOT NULL,
  Portfolio    varchar(50)   NOT NULL,
  InvestID     nvarchar(100) NOT NULL,
  Descripcion  nvarchar(200) NOT NULL,
  Moneda       char(3)       NOT NULL,
  Cantidad     varchar(40)   NOT NULL,
  PrecioLocal  varchar(40)   NULL,
  ValorMercado varchar(40)   NOT NULL
);
GO
-- sin EXECUTE sobre el tipo nadie puede pasar una lista
GRANT EXECUTE ON TYPE::homol.Filas_CAPM_v1 TO carril_app;
GRANT EXECUTE ON TYPE::homol.Filas_PosModRF_v1 TO carril_app;
GRANT EXECUTE ON TYPE::homol.Filas_SONA_v1 TO carril_app;
GRANT EXECUTE ON TYPE::homol.Filas_Derivados_v1 TO carril_app;
GRANT EXECUTE ON TYPE::homol.Filas_UBS_v1 TO carril_app;
