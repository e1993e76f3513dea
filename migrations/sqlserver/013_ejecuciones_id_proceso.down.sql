-- carril: respaldo logs.Ejecuciones
-- Deshace 013_ejecuciones_id_proceso.
DROP INDEX IX_Ejecuciones_Fund ON logs.Ejecuciones;
DROP INDEX IX_Ejecuciones_Proceso ON logs.Ejecuciones;
ALTER TABLE logs.Ejecuciones DROP CONSTRAINT FK_Ejecuciones_Procesos;
GO
ALTER TABLE logs.Ejecuciones DROP COLUMN ID_Fund;
ALTER TABLE logs.Ejecuciones DROP COLUMN ID_Proceso;
