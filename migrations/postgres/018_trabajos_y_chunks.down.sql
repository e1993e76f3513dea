-- carril: respaldo logs.Procesos, logs.Ejecuciones, trabajo.Trabajos, trabajo.Chunks
/*
  Revierte 018. Los trabajos y sus arriendos se pierden; las ejecuciones y sus estados por servicio quedan en logs.
*/
SET LOCAL ROLE carril_dueno;

ALTER TABLE logs.Ejecuciones DROP COLUMN ID_Chunk;
ALTER TABLE logs.Procesos DROP COLUMN ID_Trabajo;
DROP TABLE trabajo.Chunks;
DROP TABLE trabajo.Trabajos;
