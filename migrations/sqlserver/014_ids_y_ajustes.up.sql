/*
  De donde salen los ID, los ajustes y la tabla de servicios (semillas 002, "014_CREATE_SP_INICIALIZAR_PROCESO", y 004).
  Las semillas sacan los ID del reloj, y dos corridas a la vez chocan: aqui salen de una secuencia que empieza por encima
  de todo ID_Proceso o ID_Ejecucion en uso en logs, extract y staging, incluidos los que vinieron del reloj.
  logs.Ajustes tiene el interruptor de arquitectura (LEGADO o JERARQUICA), general o por fondo: volver atras es un UPDATE.

  CACHE 100: al caer el servidor se pierden como mucho 100 numeros, y no se escribe en disco por cada ID.
*/
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO

CREATE SEQUENCE logs.Seq_ID AS bigint
  START WITH 1 INCREMENT BY 1 MINVALUE 1 NO CYCLE CACHE 100;
GO

-- Todas las columnas ID_Proceso e ID_Ejecucion que existan, tambien las de tablas propias del sitio. Cada MAX es una
-- busqueda: son el comienzo de la clave o de un indice.
DECLARE @consulta nvarchar(max);
SELECT @consulta = STRING_AGG(
  CAST(CONCAT(N'SELECT MAX(', QUOTENAME(c.name), N') FROM ', QUOTENAME(s.name), N'.', QUOTENAME(t.name)) AS nvarchar(max)),
  N' UNION ALL ')
FROM sys.columns AS c
INNER JOIN sys.tables AS t ON t.object_id = c.object_id
INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
INNER JOIN sys.types AS y ON y.user_type_id = c.user_type_id
WHERE s.name IN (N'logs', N'extract', N'staging')
  AND c.name IN (N'ID_Proceso', N'ID_Ejecucion')
  AND y.name IN (N'int', N'bigint');

DECLARE @ultimo bigint;
SET @consulta = CONCAT(N'SELECT @ultimo = MAX(u.ID) FROM (', @consulta, N') AS u (ID);');
EXEC sp_executesql @consulta, N'@ultimo bigint OUTPUT', @ultimo = @ultimo OUTPUT;

-- RESTART WITH solo admite un literal
DECLARE @orden nvarchar(200) = CONCAT(N'ALTER SEQUENCE logs.Seq_ID RESTART WITH ', ISNULL(@ultimo, 0) + 1, N';');
EXEC sp_executesql @orden;
GO

-- ajustes, generales (ID_Fund NULL) o de un fondo; la clave unica trata los NULL como iguales
CREATE TABLE logs.Ajustes
(
  Ajuste      varchar(50)   NOT NULL,
  ID_Fund     int           NULL,
  Valor       nvarchar(200) NOT NULL,
  FechaCambio datetime2(3)  NOT NULL CONSTRAINT DF_Ajustes_FechaCambio DEFAULT (SYSUTCDATETIME()),
  Usuario     nvarchar(100) NOT NULL CONSTRAINT DF_Ajustes_Usuario DEFAULT (ORIGINAL_LOGIN()),
  CONSTRAINT UQ_Ajustes UNIQUE CLUSTERED (Ajuste, ID_Fund),
  CONSTRAINT CK_Ajustes_Arquitectura CHECK (Ajuste <> 'ARQUITECTURA' OR Valor IN ('LEGADO', 'JERARQUICA'))
);

-- servicios que se corren por fondo; Flag es la columna de BD_Funds que debe estar en 1
CREATE TABLE logs.Servicios
(
  Servicio   varchar(50) NOT NULL,
  Orden      int NOT NULL,
  Flag       varchar(50) NULL,
  Depende_De varchar(50) NULL,
  Activo     bit NOT NULL CONSTRAINT DF_Servicios_Activo DEFAULT (1),
  CONSTRAINT PK_Servicios PRIMARY KEY CLUSTERED (Servicio),
  CONSTRAINT UQ_Servicios_Orden UNIQUE (Orden),
  CONSTRAINT FK_Servicios_Depende_De FOREIGN KEY (Depende_De) REFERENCES logs.Servicios (Servicio),
  CONSTRAINT CK_Servicios_Flag CHECK (Flag IN ('Flag_UBS', 'Flag_Derivados')),
  CONSTRAINT CK_Servicios_Depende_De CHECK (Depende_De <> Servicio)
);

-- procedimientos de paso de cada servicio, en orden; solo de los esquemas extract y staging
CREATE TABLE logs.Servicio_Procedimientos
(
  Servicio      varchar(50) NOT NULL,
  Orden         int NOT NULL,
  Procedimiento nvarchar(256) NOT NULL,
  CONSTRAINT PK_Servicio_Procedimientos PRIMARY KEY CLUSTERED (Servicio, Orden),
  CONSTRAINT FK_Servicio_Procedimientos_Servicios FOREIGN KEY (Servicio) REFERENCES logs.Servicios (Servicio),
  CONSTRAINT CK_Servicio_Procedimientos_Esquema CHECK (Procedimiento LIKE 'extract.%' OR Procedimiento LIKE 'staging.%')
);
GO

INSERT INTO logs.Ajustes (Ajuste, ID_Fund, Valor)
VALUES ('ARQUITECTURA', NULL, N'JERARQUICA');

INSERT INTO logs.Servicios (Servicio, Orden, Flag, Depende_De)
VALUES ('IPA', 1, NULL, NULL);

INSERT INTO logs.Servicio_Procedimientos (Servicio, Orden, Procedimiento)
VALUES
  ('IPA', 1, N'extract.Extract_IPA'),
  ('IPA', 2, N'staging.IPA_01_RescatarLocalPrice_v2'),
  ('IPA', 3, N'staging.IPA_02_Cash'),
  ('IPA', 4, N'staging.IPA_03_Final');
GO

-- fondos que recibe logs.sp_Inicializar_Proceso; vacia: todos los activos
CREATE TYPE logs.Lista_Fondos_v1 AS TABLE
(
  FundShortName nvarchar(100) NOT NULL PRIMARY KEY
);
GO
GRANT EXECUTE ON TYPE::logs.Lista_Fondos_v1 TO carril_app;
