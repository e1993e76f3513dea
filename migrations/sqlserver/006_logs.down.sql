-- carril: respaldo logs.Ejecuciones, logs.Ejecucion_Fondos
-- Deshace 006_logs.
DROP TABLE logs.Ejecucion_Fondos;
DROP TABLE logs.Ejecuciones;
