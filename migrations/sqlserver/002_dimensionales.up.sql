/*
  Maestro de fondos (semillas 002 y 004: dimensionales.BD_Funds).
  Un fondo entra en un proceso cuando Active e Incluir_En_Cubo valen 1; los Portfolio_* son su codigo en cada sistema
  de origen y los Flag_* dicen que servicios opcionales le corresponden.
  Sin datos: los fondos se cargan con dimensionales.sp_Cargar_Fondos.
*/
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO

CREATE TABLE dimensionales.BD_Funds
(
  ID_Fund             int IDENTITY(1, 1) NOT NULL,
  FundShortName       nvarchar(100) NOT NULL,
  Portfolio_Geneva    varchar(50) NOT NULL,
  Portfolio_CAPM      varchar(50) NULL,
  Portfolio_Derivados varchar(50) NULL,
  Portfolio_UBS       varchar(50) NULL,
  Flag_UBS            bit NOT NULL CONSTRAINT DF_BD_Funds_Flag_UBS DEFAULT (0),
  Flag_Derivados      bit NOT NULL CONSTRAINT DF_BD_Funds_Flag_Derivados DEFAULT (0),
  Active              bit NOT NULL CONSTRAINT DF_BD_Funds_Active DEFAULT (1),
  Incluir_En_Cubo     bit NOT NULL CONSTRAINT DF_BD_Funds_Incluir_En_Cubo DEFAULT (1),
  CONSTRAINT PK_BD_Funds PRIMARY KEY CLUSTERED (ID_Fund),
  CONSTRAINT UQ_BD_Funds_FundShortName UNIQUE (FundShortName)
);

-- filas que recibe dimensionales.sp_Cargar_Fondos; Linea es la del archivo, para nombrarla en los errores
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
-- quien pasa un parametro de tipo tabla necesita EXECUTE sobre el tipo, ademas del procedimiento
GRANT EXECUTE ON TYPE::dimensionales.Filas_Fondos_v1 TO carril_app;
