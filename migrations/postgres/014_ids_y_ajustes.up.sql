/*
  De donde salen los ID, los ajustes y la tabla de servicios (semillas 002, "014_CREATE_SP_INICIALIZAR_PROCESO", y 004).
  Las semillas sacan los ID del reloj, y dos corridas a la vez chocan: aqui salen de una secuencia que empieza por encima
  de todo ID_Proceso o ID_Ejecucion en uso en logs, extract y staging, incluidos los que vinieron del reloj.
  logs.Ajustes tiene el interruptor de arquitectura (LEGADO o JERARQUICA), general o por fondo: volver atras es un UPDATE.

  Sin CACHE: en PostgreSQL cada sesion guardaria los suyos y los ID dejarian de crecer con el tiempo.
*/
SET LOCAL ROLE carril_dueno;

CREATE SEQUENCE logs.Seq_ID AS bigint START WITH 1 INCREMENT BY 1 MINVALUE 1 NO CYCLE;

-- Todas las columnas ID_Proceso e ID_Ejecucion que existan, tambien las de tablas propias del sitio. Cada max es una
-- busqueda: son el comienzo de la clave o de un indice.
DO $ids$
DECLARE
  v_columna record;
  v_ultimo bigint := 0;
  v_maximo bigint;
BEGIN
  FOR v_columna IN
    SELECT n.nspname AS esquema, c.relname AS tabla, a.attname AS columna
    FROM pg_catalog.pg_attribute AS a
    INNER JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
    INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('logs', 'extract', 'staging')
      AND a.attname IN ('id_proceso', 'id_ejecucion') AND NOT a.attisdropped
      AND a.atttypid IN ('integer'::regtype, 'bigint'::regtype)
  LOOP
    EXECUTE format('SELECT max(%I) FROM %I.%I', v_columna.columna, v_columna.esquema, v_columna.tabla) INTO v_maximo;
    v_ultimo := greatest(v_ultimo, v_maximo);
  END LOOP;

  EXECUTE format('ALTER SEQUENCE logs.Seq_ID RESTART WITH %s', v_ultimo + 1);
END
$ids$;

-- ajustes, generales (ID_Fund NULL) o de un fondo
CREATE TABLE logs.Ajustes (
  Ajuste      varchar(50) NOT NULL,
  ID_Fund     integer,
  Valor       varchar(200) NOT NULL,
  FechaCambio timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  Usuario     varchar(100) NOT NULL DEFAULT session_user,
  CONSTRAINT UQ_Ajustes UNIQUE NULLS NOT DISTINCT (Ajuste, ID_Fund),
  CONSTRAINT CK_Ajustes_Arquitectura CHECK (Ajuste <> 'ARQUITECTURA' OR Valor IN ('LEGADO', 'JERARQUICA'))
);

-- servicios que se corren por fondo; Flag es la columna de BD_Funds que debe estar en 1
CREATE TABLE logs.Servicios (
  Servicio   varchar(50) NOT NULL,
  Orden      integer NOT NULL,
  Flag       varchar(50),
  Depende_De varchar(50),
  Activo     boolean NOT NULL DEFAULT true,
  CONSTRAINT PK_Servicios PRIMARY KEY (Servicio),
  CONSTRAINT UQ_Servicios_Orden UNIQUE (Orden),
  CONSTRAINT FK_Servicios_Depende_De FOREIGN KEY (Depende_De) REFERENCES logs.Servicios (Servicio),
  CONSTRAINT CK_Servicios_Flag CHECK (Flag IN ('Flag_UBS', 'Flag_Derivados')),
  CONSTRAINT CK_Servicios_Depende_De CHECK (Depende_De <> Servicio)
);

-- procedimientos de paso de cada servicio, en orden; solo de los esquemas extract y staging
CREATE TABLE logs.Servicio_Procedimientos (
  Servicio      varchar(50) NOT NULL,
  Orden         integer NOT NULL,
  Procedimiento varchar(256) NOT NULL,
  CONSTRAINT PK_Servicio_Procedimientos PRIMARY KEY (Servicio, Orden),
  CONSTRAINT FK_Servicio_Procedimientos_Servicios FOREIGN KEY (Servicio) REFERENCES logs.Servicios (Servicio),
  CONSTRAINT CK_Servicio_Procedimientos_Esquema CHECK (Procedimiento LIKE 'extract.%' OR Procedimiento LIKE 'staging.%')
);

INSERT INTO logs.Ajustes (Ajuste, ID_Fund, Valor)
VALUES ('ARQUITECTURA', NULL, 'JERARQUICA');

INSERT INTO logs.Servicios (Servicio, Orden, Flag, Depende_De)
VALUES ('IPA', 1, NULL, NULL);

INSERT INTO logs.Servicio_Procedimientos (Servicio, Orden, Procedimiento)
VALUES
  ('IPA', 1, 'extract.Extract_IPA'),
  ('IPA', 2, 'staging.IPA_01_RescatarLocalPrice_v2'),
  ('IPA', 3, 'staging.IPA_02_Cash'),
  ('IPA', 4, 'staging.IPA_03_Final');
