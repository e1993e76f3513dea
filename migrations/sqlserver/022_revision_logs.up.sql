/*
  022: la revision de logs (semilla 000), sobre trabajos y chunks.
  logs.Archivos: un archivo por su ruta y la huella de su comienzo (otro archivo con la misma ruta es otra fila), hasta donde
  se ha leido y desde donde sigue la proxima revision. logs.Bloques_Error: un bloque de error por fila, en bytes del archivo.
  Tipos de trabajo: LOGS (chunks con arriendo) y LOGS_SECUENCIAL (sin chunks ni arriendos; ningun worker lo atiende).
*/
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
CREATE TABLE logs.Archivos (
  ID_Archivo bigint IDENTITY(1, 1) NOT NULL,
  -- binario: dos rutas son la misma solo si lo son letra por letra, igual que en PostgreSQL
  Ruta nvarchar(400) COLLATE Latin1_General_BIN2 NOT NULL,
  -- sha256 de los primeros Huella_Bytes
  Huella char(64) NOT NULL,
  Huella_Bytes int NOT NULL,
  -- sha256 de como se reconocen los bloques
  Opciones char(64) NOT NULL,
  Leido bigint NOT NULL CONSTRAINT DF_Archivos_Leido DEFAULT (0),
  -- comienzo del ultimo bloque o linea, si todavia puede crecer
  Reanudar_En bigint NOT NULL CONSTRAINT DF_Archivos_Reanudar_En DEFAULT (0),
  -- la revision mas nueva que se completo
  ID_Trabajo bigint NULL,
  -- la mas nueva que comenzo: la unica que escribe bloques de este archivo
  ID_Ultimo_Trabajo bigint NULL,
  FechaCreacion datetime2(3) NOT NULL CONSTRAINT DF_Archivos_FechaCreacion DEFAULT (SYSUTCDATETIME()),
  CONSTRAINT PK_Archivos PRIMARY KEY CLUSTERED (ID_Archivo),
  CONSTRAINT CK_Archivos_Huella CHECK (LEN(Huella) = 64 AND LEN(Opciones) = 64 AND Huella_Bytes >= 0),
  CONSTRAINT CK_Archivos_Leido CHECK (Leido >= 0 AND Reanudar_En >= 0)
);
GO
CREATE NONCLUSTERED INDEX IX_Archivos_Ruta ON logs.Archivos (Ruta, ID_Archivo);
GO
CREATE UNIQUE NONCLUSTERED INDEX UX_Archivos_Ultimo ON logs.Archivos (ID_Ultimo_Trabajo) WHERE ID_Ultimo_Trabajo IS NOT NULL;
GO
CREATE TABLE logs.Bloques_Error (
  ID_Archivo bigint NOT NULL,
  Byte_Inicio bigint NOT NULL,
  -- exclusivo
  Byte_Fin bigint NOT NULL,
  ID_Trabajo bigint NOT NULL,
  ID_Chunk bigint NULL,
  -- binario, como la firma: el informe agrupa por los dos, letra por letra, igual que en PostgreSQL
  Nivel varchar(20) COLLATE Latin1_General_BIN2 NOT NULL,
  Momento datetime2(3) NULL,
  Firma nvarchar(400) COLLATE Latin1_General_BIN2 NOT NULL,
  Primera_Linea nvarchar(1000) NOT NULL,
  Texto nvarchar(max) NOT NULL,
  -- Texto es solo el comienzo; el rango de bytes es siempre entero
  Recortado bit NOT NULL,
  CONSTRAINT PK_Bloques_Error PRIMARY KEY CLUSTERED (ID_Archivo, Byte_Inicio),
  CONSTRAINT FK_Bloques_Error_Archivos FOREIGN KEY (ID_Archivo) REFERENCES logs.Archivos (ID_Archivo),
  CONSTRAINT CK_Bloques_Error_Rango CHECK (Byte_Inicio >= 0 AND Byte_Fin > Byte_Inicio)
);
GO
CREATE NONCLUSTERED INDEX IX_Bloques_Error_Trabajo ON logs.Bloques_Error (ID_Trabajo);
GO
CREATE TYPE logs.Lista_Bloques_v1 AS TABLE (
  Byte_Inicio bigint NOT NULL PRIMARY KEY,
  Byte_Fin bigint NOT NULL,
  Nivel varchar(20) NOT NULL,
  Momento datetime2(3) NULL,
  Firma nvarchar(400) NOT NULL,
  Primera_Linea nvarchar(1000) NOT NULL,
  Texto nvarchar(max) NOT NULL,
  Recortado bit NOT NULL
);
GO
-- sin EXECUTE sobre el tipo nadie puede pasar una lista
GRANT EXECUTE ON TYPE::logs.Lista_Bloques_v1 TO carril_app;
GO
