/*
  017: lo que necesita el backfill de la historia con ID compartido (semilla 002, "BACKFILL_ID_PROCESO"). Aqui no se toca
  ninguna fila de antes: eso lo hace logs.sp_Backfill_Lote, por lotes que se pueden interrumpir, repetir y revertir.

  Cada ejecucion heredada (un ID_Ejecucion para todos los fondos) pasa a ser un proceso con el mismo numero, y cada fondo suyo
  una ejecucion nueva de ese proceso. La fila heredada se queda, con ID_Fund NULL y su proceso.
*/
SET LOCAL ROLE carril_dueno;

-- Tablas que el backfill mide y cambia, en su orden. Las propias del sitio se agregan con un INSERT antes de empezar:
-- CLAVE: su clave empieza por (ID_Ejecucion, ID_Fund); FECHA: clave ID, y FechaReporte y Portfolio dicen de quien es
CREATE TABLE logs.Backfill_Tablas (
  Tabla             varchar(257) NOT NULL,
  Orden             integer NOT NULL,
  Tipo              varchar(10) NOT NULL,
  Columna_Portfolio varchar(128), -- FECHA: la columna de BD_Funds donde se busca el Portfolio
  Columna_Anterior  varchar(128), -- CLAVE: otra columna con el ID_Ejecucion de una ejecucion del mismo fondo
  CONSTRAINT PK_Backfill_Tablas PRIMARY KEY (Tabla),
  CONSTRAINT UQ_Backfill_Tablas_Orden UNIQUE (Orden),
  CONSTRAINT CK_Backfill_Tablas_Orden CHECK (Orden > 0),
  CONSTRAINT CK_Backfill_Tablas_Tipo CHECK (Tipo IN ('PADRE', 'CLAVE', 'FECHA')),
  CONSTRAINT CK_Backfill_Tablas_Columnas CHECK (
    (Columna_Portfolio IS NOT NULL) = (Tipo = 'FECHA') AND (Columna_Anterior IS NULL OR Tipo = 'CLAVE'))
);

INSERT INTO logs.Backfill_Tablas (Tabla, Orden, Tipo, Columna_Portfolio, Columna_Anterior)
VALUES
  ('logs.Ejecuciones', 10, 'PADRE', NULL, NULL),
  ('logs.Ejecucion_Fondos', 20, 'CLAVE', NULL, NULL),
  ('staging.IPA_WorkTable', 110, 'CLAVE', NULL, NULL),
  ('staging.IPA_Cash', 120, 'CLAVE', NULL, NULL),
  ('staging.IPA_Final', 130, 'CLAVE', NULL, NULL),
  ('staging.CAPM_WorkTable', 140, 'CLAVE', NULL, NULL),
  ('staging.CAPM_Final', 150, 'CLAVE', NULL, NULL),
  ('staging.PosModRF_WorkTable', 160, 'CLAVE', NULL, NULL),
  ('staging.PosModRF_Final', 170, 'CLAVE', NULL, NULL),
  ('staging.SONA_WorkTable', 180, 'CLAVE', NULL, NULL),
  ('staging.SONA_Final', 190, 'CLAVE', NULL, NULL),
  ('staging.Derivados_WorkTable', 200, 'CLAVE', NULL, NULL),
  ('staging.Derivados_Final', 210, 'CLAVE', NULL, NULL),
  ('staging.UBS_WorkTable', 220, 'CLAVE', NULL, NULL),
  ('staging.UBS_Final', 230, 'CLAVE', NULL, NULL),
  ('staging.PNL_WorkTable', 240, 'CLAVE', NULL, 'ID_Ejecucion_Anterior'),
  ('staging.PNL_Final', 250, 'CLAVE', NULL, NULL),
  ('extract.IPA', 310, 'FECHA', 'Portfolio_Geneva', NULL),
  ('extract.CAPM', 320, 'FECHA', 'Portfolio_CAPM', NULL),
  ('extract.PosModRF', 330, 'FECHA', 'Portfolio_Geneva', NULL),
  ('extract.SONA', 340, 'FECHA', 'Portfolio_Geneva', NULL),
  ('extract.Derivados', 350, 'FECHA', 'Portfolio_Derivados', NULL),
  ('extract.UBS', 360, 'FECHA', 'Portfolio_UBS', NULL);

-- Por donde va: una sola fila. Orden es el de Backfill_Tablas (o el paso dentro de la fase), Cursor_* lo ultimo tratado en ella
CREATE TABLE logs.Backfill_Estado (
  ID                  integer NOT NULL DEFAULT 1,
  Fase                varchar(20) NOT NULL DEFAULT 'NUEVO',
  Orden               integer NOT NULL DEFAULT 0,
  Cursor_ID           bigint NOT NULL DEFAULT '-9223372036854775808',
  Cursor_Fund         integer NOT NULL DEFAULT '-2147483648',
  Vuelta              integer NOT NULL DEFAULT 0,
  Lotes               bigint NOT NULL DEFAULT 0,
  Mayor_Sentencia     integer NOT NULL DEFAULT 0, -- filas de la sentencia que mas escribio
  Verificacion_Orden  integer,                    -- NULL: no hay verificacion a medias
  Verificacion_Cursor bigint,
  Inicio              timestamptz(3),
  Ultimo              timestamptz(3),
  Fin                 timestamptz(3),
  Verificado          timestamptz(3),
  Terminado           timestamptz(3),
  CONSTRAINT PK_Backfill_Estado PRIMARY KEY (ID),
  CONSTRAINT CK_Backfill_Estado_ID CHECK (ID = 1),
  CONSTRAINT CK_Backfill_Estado_Fase CHECK (Fase IN (
    'NUEVO', 'LIMPIEZA', 'INVENTARIO', 'MEDICION', 'PROCESOS', 'FILAS', 'COMPLETO', 'REVIRTIENDO', 'REVERTIDO'))
);
INSERT INTO logs.Backfill_Estado (ID) VALUES (1);

-- las ejecuciones heredadas y el proceso de cada una; Hecho: el proceso ya existe
CREATE TABLE logs.Backfill_Ejecuciones (
  ID_Ejecucion bigint NOT NULL,
  ID_Proceso   bigint NOT NULL,
  FechaReporte date,
  Hecho        boolean NOT NULL DEFAULT false,
  CONSTRAINT PK_Backfill_Ejecuciones PRIMARY KEY (ID_Ejecucion),
  CONSTRAINT UQ_Backfill_Ejecuciones_Proceso UNIQUE (ID_Proceso)
);

-- de (ejecucion heredada, fondo) a su ejecucion nueva
CREATE TABLE logs.Backfill_Mapa (
  ID_Ejecucion       bigint NOT NULL,
  ID_Fund            integer NOT NULL,
  ID_Ejecucion_Nuevo bigint NOT NULL,
  ID_Proceso         bigint NOT NULL,
  FechaReporte       date,
  CONSTRAINT PK_Backfill_Mapa PRIMARY KEY (ID_Ejecucion, ID_Fund),
  CONSTRAINT UQ_Backfill_Mapa_Nuevo UNIQUE (ID_Ejecucion_Nuevo)
);
CREATE INDEX IX_Backfill_Mapa_Fecha ON logs.Backfill_Mapa (FechaReporte, ID_Fund) INCLUDE (ID_Ejecucion_Nuevo);

-- copia de lo que no se pudo asignar; la fila misma se queda donde esta, sin tocar
CREATE TABLE logs.Backfill_Apartados (
  Tabla   varchar(257) NOT NULL,
  Clave   varchar(400) NOT NULL, -- las columnas de la clave primaria, separadas por |
  Motivo  varchar(30) NOT NULL,
  Fila    text NOT NULL,         -- la fila entera, en JSON
  Momento timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT PK_Backfill_Apartados PRIMARY KEY (Tabla, Clave),
  CONSTRAINT CK_Backfill_Apartados_Motivo CHECK (Motivo IN (
    'SIN_FONDO', 'VARIOS_FONDOS', 'SIN_EJECUCION', 'VARIAS_EJECUCIONES', 'SIN_FECHA', 'SIN_FONDOS')),
  CONSTRAINT CK_Backfill_Apartados_Fila CHECK (Fila IS JSON OBJECT)
);

-- filas y sumas de control por tabla, de las filas heredadas, antes y despues. Una suma no depende del orden de las filas, y
-- dos iguales no se anulan: S1 y S2 suman los dos primeros trozos de 8 bytes del SHA-256 de cada fila
CREATE TABLE logs.Backfill_Medidas (
  Tabla         varchar(257) NOT NULL,
  Tope          bigint,                  -- FECHA: el ultimo ID al empezar; lo que venga despues no es historia
  Antes_Filas   bigint NOT NULL DEFAULT 0,
  Antes_S1      numeric(38, 0) NOT NULL DEFAULT 0,
  Antes_S2      numeric(38, 0) NOT NULL DEFAULT 0,
  Cambiadas     bigint NOT NULL DEFAULT 0,
  Despues_Filas bigint,
  Despues_S1    numeric(38, 0),
  Despues_S2    numeric(38, 0),
  Pendientes    bigint,                  -- ni cambiadas ni apartadas
  CONSTRAINT PK_Backfill_Medidas PRIMARY KEY (Tabla)
);
