-- carril: respaldo logs.Procesos, logs.Ejecuciones, trabajo.Trabajos, trabajo.Chunks
/*
  Revierte 018. Los trabajos y sus arriendos se pierden; las ejecuciones y sus estados por servicio quedan en logs.
*/
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
DROP TYPE trabajo.Lista_Arriendos_v1;
GO
DROP TYPE trabajo.Lista_Tipos_v1;
GO
DROP TYPE trabajo.Lista_Chunks_v1;
GO
DROP INDEX IX_Ejecuciones_Chunk ON logs.Ejecuciones;
GO
DROP INDEX IX_Procesos_Trabajo ON logs.Procesos;
GO
ALTER TABLE logs.Ejecuciones DROP COLUMN ID_Chunk;
GO
ALTER TABLE logs.Procesos DROP COLUMN ID_Trabajo;
GO
DROP TABLE trabajo.Chunks;
GO
DROP TABLE trabajo.Trabajos;
GO
