-- carril: respaldo logs.Ejecuciones, logs.Ejecucion_Fondos
-- Deshace 006_logs.
SET LOCAL ROLE carril_dueno;

DROP TABLE logs.Ejecucion_Fondos;
DROP TABLE logs.Ejecuciones;
