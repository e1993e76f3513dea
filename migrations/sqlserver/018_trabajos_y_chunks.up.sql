/*
  018: trabajos, chunks y sus arriendos.
  trabajo.Trabajos: un trabajo de cualquier tipo. trabajo.Chunks: sus partes; la fila lleva el arriendo (poseedor, token,
  vencimiento). Un chunk arrendado sigue PENDIENTE con Poseedor: que esta corriendo se deduce del arriendo.
  Los indices filtrados exigen ANSI_NULLS y QUOTED_IDENTIFIER (sqlcmd: -I, o la linea siguiente).
*/
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
CREATE TABLE trabajo.Trabajos (
  ID_Trabajo bigint IDENTITY(1, 1) NOT NULL,
  Tipo varchar(50) NOT NULL,
  -- binario: dos claves son la misma solo si lo son letra por letra, igual que en PostgreSQL
  Clave nvarchar(200) COLLATE Latin1_General_BIN2 NULL,
  Parametros nvarchar(max) NULL,
  Estado varchar(50) NOT NULL CONSTRAINT DF_Trabajos_Estado DEFAULT ('EN_PROGRESO'),
  Cancelado bit NOT NULL CONSTRAINT DF_Trabajos_Cancelado DEFAULT (0),
  Max_Intentos int NOT NULL CONSTRAINT DF_Trabajos_Max_Intentos DEFAULT (3),
  Usuario nvarchar(100) NULL,
  FechaCreacion datetime2(3) NOT NULL CONSTRAINT DF_Trabajos_FechaCreacion DEFAULT (SYSUTCDATETIME()),
  FechaFin datetime2(3) NULL,
  -- los cuenta el finalizador, una vez
  Total int NULL,
  Completados int NULL,
  Fallidos int NULL,
  Cancelados int NULL,
  CONSTRAINT PK_Trabajos PRIMARY KEY CLUSTERED (ID_Trabajo),
  CONSTRAINT CK_Trabajos_Estado
    CHECK (Estado IN ('EN_PROGRESO', 'COMPLETADO', 'COMPLETADO_CON_ERRORES', 'ERROR', 'CANCELADO')),
  CONSTRAINT CK_Trabajos_Fin
    CHECK ((Estado = 'EN_PROGRESO' AND FechaFin IS NULL) OR (Estado <> 'EN_PROGRESO' AND FechaFin IS NOT NULL)),
  CONSTRAINT CK_Trabajos_Max_Intentos CHECK (Max_Intentos BETWEEN 1 AND 100),
  CONSTRAINT CK_Trabajos_Parametros CHECK (Parametros IS NULL OR ISJSON(Parametros) = 1)
);
GO
CREATE UNIQUE NONCLUSTERED INDEX UX_Trabajos_Clave ON trabajo.Trabajos (Clave) WHERE Clave IS NOT NULL;
GO
-- los que no han terminado: lo que recorren reclamos y sondeos, por antiguo que sea lo demas
CREATE NONCLUSTERED INDEX IX_Trabajos_Vivos ON trabajo.Trabajos (ID_Trabajo)
  INCLUDE (Tipo, Cancelado, Max_Intentos) WHERE Estado = 'EN_PROGRESO';
GO
CREATE TABLE trabajo.Chunks (
  ID_Chunk bigint IDENTITY(1, 1) NOT NULL,
  ID_Trabajo bigint NOT NULL,
  Orden int NOT NULL,
  Rango_Inicio bigint NULL,
  Rango_Fin bigint NULL,
  Recurso nvarchar(400) NULL,
  Peso decimal(12, 2) NOT NULL CONSTRAINT DF_Chunks_Peso DEFAULT (1),
  Estado varchar(50) NOT NULL CONSTRAINT DF_Chunks_Estado DEFAULT ('PENDIENTE'),
  Poseedor nvarchar(200) NULL,
  -- solo crece, nunca vuelve a 0: 0 dice que nadie lo ha tenido
  Token bigint NOT NULL CONSTRAINT DF_Chunks_Token DEFAULT (0),
  Intento int NOT NULL CONSTRAINT DF_Chunks_Intento DEFAULT (0),
  Expira datetime2(3) NULL,
  No_Antes_De datetime2(3) NULL,
  -- comienzo del ultimo intento
  Inicio datetime2(3) NULL,
  Fin datetime2(3) NULL,
  Resultado nvarchar(max) NULL,
  Ultimo_Error nvarchar(4000) NULL,
  CONSTRAINT PK_Chunks PRIMARY KEY CLUSTERED (ID_Chunk),
  CONSTRAINT FK_Chunks_Trabajos FOREIGN KEY (ID_Trabajo) REFERENCES trabajo.Trabajos (ID_Trabajo),
  CONSTRAINT CK_Chunks_Estado CHECK (Estado IN ('PENDIENTE', 'COMPLETADO', 'ERROR', 'CANCELADO')),
  CONSTRAINT CK_Chunks_Arriendo CHECK (
    (Poseedor IS NULL AND Expira IS NULL)
    OR (Poseedor IS NOT NULL AND Expira IS NOT NULL AND Token > 0 AND Estado = 'PENDIENTE')),
  CONSTRAINT CK_Chunks_Cuentas CHECK (Token >= 0 AND Intento >= 0 AND Peso >= 0),
  CONSTRAINT CK_Chunks_Resultado CHECK (Resultado IS NULL OR ISJSON(Resultado) = 1)
);
GO
CREATE UNIQUE NONCLUSTERED INDEX UX_Chunks_Orden ON trabajo.Chunks (ID_Trabajo, Orden);
GO
-- lo que se puede reclamar, el mas pesado primero; cubre la eleccion, asi que un reclamo no toca lo terminado. Lleva las
-- columnas de su filtro: sin Poseedor, el optimizador comprueba su IS NULL con una busqueda por fila en la tabla
CREATE NONCLUSTERED INDEX IX_Chunks_Libres ON trabajo.Chunks (ID_Trabajo, Peso DESC, ID_Chunk)
  INCLUDE (No_Antes_De, Token, Estado, Poseedor) WHERE Estado = 'PENDIENTE' AND Poseedor IS NULL;
GO
-- lo arrendado, lo vencido primero; con el de arriba, 'quedan chunks sin terminar' son dos busquedas
CREATE NONCLUSTERED INDEX IX_Chunks_Arrendados ON trabajo.Chunks (ID_Trabajo, Expira, ID_Chunk)
  INCLUDE (Token, Intento) WHERE Estado = 'PENDIENTE' AND Poseedor IS NOT NULL;
GO
ALTER TABLE logs.Procesos ADD ID_Trabajo bigint NULL;
GO
ALTER TABLE logs.Ejecuciones ADD ID_Chunk bigint NULL;
GO
CREATE NONCLUSTERED INDEX IX_Procesos_Trabajo ON logs.Procesos (ID_Trabajo) WHERE ID_Trabajo IS NOT NULL;
GO
CREATE NONCLUSTERED INDEX IX_Ejecuciones_Chunk ON logs.Ejecuciones (ID_Chunk) WHERE ID_Chunk IS NOT NULL;
GO
CREATE TYPE trabajo.Lista_Chunks_v1 AS TABLE (
  Orden int NOT NULL PRIMARY KEY,
  Rango_Inicio bigint NULL,
  Rango_Fin bigint NULL,
  Recurso nvarchar(400) NULL,
  Peso decimal(12, 2) NOT NULL,
  No_Antes_De datetime2(3) NULL
);
GO
CREATE TYPE trabajo.Lista_Tipos_v1 AS TABLE (Tipo varchar(50) NOT NULL PRIMARY KEY);
GO
CREATE TYPE trabajo.Lista_Arriendos_v1 AS TABLE (ID_Chunk bigint NOT NULL PRIMARY KEY, Token bigint NOT NULL);
GO
-- sin EXECUTE sobre el tipo nadie puede pasar una lista
GRANT EXECUTE ON TYPE::trabajo.Lista_Chunks_v1 TO carril_app;
GRANT EXECUTE ON TYPE::trabajo.Lista_Tipos_v1 TO carril_app;
GRANT EXECUTE ON TYPE::trabajo.Lista_Arriendos_v1 TO carril_app;
GO
