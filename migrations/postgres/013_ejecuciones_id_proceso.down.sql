-- carril: respaldo logs.Ejecuciones
-- Deshace 013_ejecuciones_id_proceso.
SET LOCAL ROLE carril_dueno;

DROP INDEX logs.IX_Ejecuciones_Fund, logs.IX_Ejecuciones_Proceso;
ALTER TABLE logs.Ejecuciones DROP CONSTRAINT FK_Ejecuciones_Procesos;
ALTER TABLE logs.Ejecuciones DROP COLUMN ID_Fund, DROP COLUMN ID_Proceso;
