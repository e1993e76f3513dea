-- carril: respaldo logs.Procesos
-- Deshace 012_procesos.
SET LOCAL ROLE carril_dueno;

DROP TABLE logs.Procesos;
