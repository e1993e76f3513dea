/*
  LO_PROCESOS antes de la fase 0 de la semilla 000: la tabla simple donde ProcesosLogger anota cada proceso que revisa un
  log. La semilla no da sus columnas; estas son las minimas con las que se puede empezar. byte_inicio, byte_fin,
  ruta_archivo y estado todavia no existen: los trae la migracion 019.
  Esta en dbo porque los programas que la usan la nombran sin esquema.
*/
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO

CREATE TABLE dbo.LO_PROCESOS
(
  id           bigint IDENTITY(1, 1) NOT NULL,
  proceso      nvarchar(200) NOT NULL,
  usuario      nvarchar(100) NULL,
  fecha_inicio datetime2(3) NOT NULL CONSTRAINT DF_LO_PROCESOS_fecha_inicio DEFAULT (SYSUTCDATETIME()),
  fecha_fin    datetime2(3) NULL,
  mensaje      nvarchar(4000) NULL,
  CONSTRAINT PK_LO_PROCESOS PRIMARY KEY CLUSTERED (id)
);

-- el esquema dbo no es de carril: sobre el solo se da a quien migra esta tabla
GRANT CONTROL ON dbo.LO_PROCESOS TO carril_dba;
