/*
  016: logs.Trace_Records (semilla 004, fase 3), con sus columnas y nombres. Timestamp es UTC en el reloj del servidor: lo
  corrige el cliente, que mide las duraciones con un reloj que no salta. Una fila con Duracion_Ms dice cuanto duro lo que
  termina en Timestamp; START no la lleva (NULL), para que los promedios no la cuenten como 0.
  ID_Proceso es el que da logs.sp_Resolver_Proceso: en la arquitectura anterior, el ID_Ejecucion compartido. ID_Trabajo se
  agrega a las de 004, para los trabajos que no son de un proceso. Sin claves foraneas: la traza sobrevive a lo trazado.
  De los tres indices de 004 queda el del proceso; por ejecucion y por recurso no busca ninguna consulta (docs/traces.md).
*/
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
CREATE TABLE logs.Trace_Records (
  ID_Trace bigint IDENTITY(1, 1) NOT NULL,
  ID_Proceso bigint NULL,
  ID_Ejecucion bigint NULL,
  ID_Fund int NULL,
  [Timestamp] datetime2(3) NOT NULL CONSTRAINT DF_Trace_Records_Timestamp DEFAULT (SYSUTCDATETIME()),
  -- el servicio, o la parte del chunk
  Etapa nvarchar(50) NULL,
  -- chunk y token: un intento, que empieza cada etapa una sola vez
  SubEtapa nvarchar(50) NULL,
  Tipo_Evento nvarchar(20) NOT NULL,
  -- servicio, tabla, bloqueo o archivo
  Recurso nvarchar(100) NULL,
  Duracion_Ms int NULL,
  -- JSON
  Metadata nvarchar(max) NULL,
  -- pid del trabajador * 512 + carril
  Thread_ID int NULL,
  ID_Trabajo bigint NULL,
  CONSTRAINT PK_Trace_Records PRIMARY KEY CLUSTERED (ID_Trace),
  CONSTRAINT CK_Trace_Records_Tipo CHECK (Tipo_Evento IN (N'START', N'END', N'WAIT', N'LOCK', N'ERROR')),
  CONSTRAINT CK_Trace_Records_Duracion CHECK (Duracion_Ms >= 0)
);
GO
CREATE NONCLUSTERED INDEX IX_Trace_Proceso ON logs.Trace_Records (ID_Proceso, [Timestamp], ID_Trace);
GO
-- a lo que es de un proceso no le cuesta nada
CREATE NONCLUSTERED INDEX IX_Trace_Trabajo ON logs.Trace_Records (ID_Trabajo, [Timestamp], ID_Trace)
  WHERE ID_Proceso IS NULL;
GO
-- la carga masiva escribe directamente en la tabla; quien corre carriles tiene los dos roles
GRANT INSERT ON logs.Trace_Records TO carril_carga;
GO
