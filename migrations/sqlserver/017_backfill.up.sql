/*
  017: lo que necesita el backfill de la historia con ID compartido (semilla 002, "BACKFILL_ID_PROCESO"). Aqui no se toca
  ninguna fila de antes: eso lo hace logs.sp_Backfill_Lote, por lotes que se pueden interrumpir, repetir y revertir.

  Cada ejecucion heredada (un ID_Ejecucion para todos los fondos) pasa a ser un proceso con el mismo numero, y cada fondo suyo
  una ejecucion nueva de ese proceso. La fila heredada se queda, con ID_Fund NULL y su proceso.
*/
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO

-- Tablas que el backfill mide y cambia, en su orden. Las propias del sitio se agregan con un INSERT antes de empezar:
-- CLAVE: su clave empieza por (ID_Ejecucion, ID_Fund); FECHA: clave ID, y FechaReporte y Portfolio dicen de quien es
CREATE TABLE logs.Backfill_Tablas
(
  Tabla             nvarchar(257) NOT NULL,
  Orden             int           NOT NULL,
  Tipo              varchar(10)   NOT NULL,
  Columna_Portfolio sysname       NULL, -- FECHA: la columna de BD_Funds donde se busca el Portfolio
  Columna_Anterior  sysname       NULL, -- CLAVE: otra columna con el ID_Ejecucion de una ejecucion del mismo fondo
  CONSTRAINT PK_Backfill_Tablas PRIMARY KEY CLUSTERED (Tabla),
  CONSTRAINT UQ_Backfill_Tablas_Orden UNIQUE (Orden),
  CONSTRAINT CK_Backfill_Tablas_Orden CHECK (Orden > 0),
  CONSTRAINT CK_Backfill_Tablas_Tipo CHECK (Tipo IN ('PADRE', 'CLAVE', 'FECHA')),
  CONSTRAINT CK_Backfill_Tablas_Columnas CHECK (
    ((Tipo = 'FECHA' AND Columna_Portfolio IS NOT NULL) OR (Tipo <> 'FECHA' AND Columna_Portfolio IS NULL))
    AND (Columna_Anterior IS NULL OR Tipo = 'CLAVE'))
);

INSERT INTO logs.Backfill_Tablas (Tabla, Orden, Tipo, Columna_Portfolio, Columna_Anterior)
VALUES
  (N'logs.Ejecuciones', 10, 'PADRE', NULL, NULL),
  (N'logs.Ejecucion_Fondos', 20, 'CLAVE', NULL, NULL),
  (N'staging.IPA_WorkTable', 110, 'CLAVE', NULL, NULL),
  (N'staging.IPA_Cash', 120, 'CLAVE', NULL, NULL),
  (N'staging.IPA_Final', 130, 'CLAVE', NULL, NULL),
  (N'staging.CAPM_WorkTable', 140, 'CLAVE', NULL, NULL),
  (N'staging.CAPM_Final', 150, 'CLAVE', NULL, NULL),
  (N'staging.PosModRF_WorkTable', 160, 'CLAVE', NULL, NULL),
  (N'staging.PosModRF_Final', 170, 'CLAVE', NULL, NULL),
  (N'staging.SONA_WorkTable', 180, 'CLAVE', NULL, NULL),
  (N'staging.SONA_Final', 190, 'CLAVE', NULL, NULL),
  (N'staging.Derivados_WorkTable', 200, 'CLAVE', NULL, NULL),
  (N'staging.Derivados_Final', 210, 'CLAVE', NULL, NULL),
  (N'staging.UBS_WorkTable', 220, 'CLAVE', NULL, NULL),
  (N'staging.UBS_Final', 230, 'CLAVE', NULL, NULL),
  (N'staging.PNL_WorkTable', 240, 'CLAVE', NULL, N'ID_Ejecucion_Anterior'),
  (N'staging.PNL_Final', 250, 'CLAVE', NULL, NULL),
  (N'extract.IPA', 310, 'FECHA', N'Portfolio_Geneva', NULL),
  (N'extract.CAPM', 320, 'FECHA', N'Portfolio_CAPM', NULL),
  (N'extract.PosModRF', 330, 'FECHA', N'Portfolio_Geneva', NULL),
  (N'extract.SONA', 340, 'FECHA', N'Portfolio_Geneva', NULL),
  (N'extract.Derivados', 350, 'FECHA', N'Portfolio_Derivados', NULL),
  (N'extract.UBS', 360, 'FECHA', N'Portfolio_UBS', NULL);

-- Por donde va: una sola fila. Orden es el de Backfill_Tablas (o el paso dentro de la fase), Cursor_* lo ultimo tratado en ella
CREATE TABLE logs.Backfill_Estado
(
  ID                  int          NOT NULL CONSTRAINT DF_Backfill_Estado_ID DEFAULT (1),
  Fase                varchar(20)  NOT NULL CONSTRAINT DF_Backfill_Estado_Fase DEFAULT ('NUEVO'),
  Orden               int          NOT NULL CONSTRAINT DF_Backfill_Estado_Orden DEFAULT (0),
  Cursor_ID           bigint       NOT NULL CONSTRAINT DF_Backfill_Estado_Cursor_ID DEFAULT (-9223372036854775808),
  Cursor_Fund         int          NOT NULL CONSTRAINT DF_Backfill_Estado_Cursor_Fund DEFAULT (-2147483648),
  Vuelta              int          NOT NULL CONSTRAINT DF_Backfill_Estado_Vuelta DEFAULT (0),
  Lotes               bigint       NOT NULL CONSTRAINT DF_Backfill_Estado_Lotes DEFAULT (0),
  Mayor_Sentencia     int          NOT NULL CONSTRAINT DF_Backfill_Estado_Mayor DEFAULT (0), -- filas de la sentencia que mas escribio
  Verificacion_Orden  int          NULL, -- NULL: no hay verificacion a medias
  Verificacion_Cursor bigint       NULL,
  Inicio              datetime2(3) NULL,
  Ultimo              datetime2(3) NULL,
  Fin                 datetime2(3) NULL,
  Verificado          datetime2(3) NULL,
  Terminado           datetime2(3) NULL,
  CONSTRAINT PK_Backfill_Estado PRIMARY KEY CLUSTERED (ID),
  CONSTRAINT CK_Backfill_Estado_ID CHECK (ID = 1),
  CONSTRAINT CK_Backfill_Estado_Fase CHECK (Fase IN (
    'NUEVO', 'LIMPIEZA', 'INVENTARIO', 'MEDICION', 'PROCESOS', 'FILAS', 'COMPLETO', 'REVIRTIENDO', 'REVERTIDO'))
);
INSERT INTO logs.Backfill_Estado (ID) VALUES (1);

-- las ejecuciones heredadas y el proceso de cada una; Hecho: el proceso ya existe
CREATE TABLE logs.Backfill_Ejecuciones
(
  ID_Ejecucion bigint NOT NULL,
  ID_Proceso   bigint NOT NULL,
  FechaReporte date   NULL,
  Hecho        bit    NOT NULL CONSTRAINT DF_Backfill_Ejecuciones_Hecho DEFAULT (0),
  CONSTRAINT PK_Backfill_Ejecuciones PRIMARY KEY CLUSTERED (ID_Ejecucion),
  CONSTRAINT UQ_Backfill_Ejecuciones_Proceso UNIQUE (ID_Proceso)
);

-- de (ejecucion heredada, fondo) a su ejecucion nueva
CREATE TABLE logs.Backfill_Mapa
(
  ID_Ejecucion       bigint NOT NULL,
  ID_Fund            int    NOT NULL,
  ID_Ejecucion_Nuevo bigint NOT NULL,
  ID_Proceso         bigint NOT NULL,
  FechaReporte       date   NULL,
  CONSTRAINT PK_Backfill_Mapa PRIMARY KEY CLUSTERED (ID_Ejecucion, ID_Fund),
  CONSTRAINT UQ_Backfill_Mapa_Nuevo UNIQUE (ID_Ejecucion_Nuevo)
);
CREATE NONCLUSTERED INDEX IX_Backfill_Mapa_Fecha ON logs.Backfill_Mapa (FechaReporte, ID_Fund) INCLUDE (ID_Ejecucion_Nuevo);

-- copia de lo que no se pudo asignar; la fila misma se queda donde esta, sin tocar
CREATE TABLE logs.Backfill_Apartados
(
  Tabla   nvarchar(257) NOT NULL,
  Clave   nvarchar(180) NOT NULL, -- las columnas de la clave primaria, separadas por |
  Motivo  varchar(30)   NOT NULL,
  Fila    nvarchar(max) NOT NULL, -- la fila entera, en JSON
  Momento datetime2(3)  NOT NULL CONSTRAINT DF_Backfill_Apartados_Momento DEFAULT (SYSUTCDATETIME()),
  CONSTRAINT PK_Backfill_Apartados PRIMARY KEY CLUSTERED (Tabla, Clave),
  CONSTRAINT CK_Backfill_Apartados_Motivo CHECK (Motivo IN (
    'SIN_FONDO', 'VARIOS_FONDOS', 'SIN_EJECUCION', 'VARIAS_EJECUCIONES', 'SIN_FECHA', 'SIN_FONDOS')),
  CONSTRAINT CK_Backfill_Apartados_Fila CHECK (ISJSON(Fila) = 1)
);

-- filas y sumas de control por tabla, de las filas heredadas, antes y despues. Una suma no depende del orden de las filas, y
-- dos iguales no se anulan (en CHECKSUM_AGG si): S1 y S2 suman los dos primeros trozos de 8 bytes del SHA-256 de cada fila
CREATE TABLE logs.Backfill_Medidas
(
  Tabla         nvarchar(257)  NOT NULL,
  Tope          bigint         NULL, -- FECHA: el ultimo ID al empezar; lo que venga despues no es historia
  Antes_Filas   bigint         NOT NULL CONSTRAINT DF_Backfill_Medidas_Filas DEFAULT (0),
  Antes_S1      decimal(38, 0) NOT NULL CONSTRAINT DF_Backfill_Medidas_S1 DEFAULT (0),
  Antes_S2      decimal(38, 0) NOT NULL CONSTRAINT DF_Backfill_Medidas_S2 DEFAULT (0),
  Cambiadas     bigint         NOT NULL CONSTRAINT DF_Backfill_Medidas_Cambiadas DEFAULT (0),
  Despues_Filas bigint         NULL,
  Despues_S1    decimal(38, 0) NULL,
  Despues_S2    decimal(38, 0) NULL,
  Pendientes    bigint         NULL, -- ni cambiadas ni apartadas
  CONSTRAINT PK_Backfill_Medidas PRIMARY KEY CLUSTERED (Tabla)
);
