-- carril: respaldo logs.Procesos
-- Deshace 012_procesos.
-- Roles, esquema trabajo y tipos se quedan: son de 001 a 003, y sin logs.Procesos no estorban.
DROP TABLE logs.Procesos;
