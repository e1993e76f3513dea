-- carril: respaldo logs.Ajustes, logs.Servicios, logs.Servicio_Procedimientos
-- Deshace 014_ids_y_ajustes.
SET LOCAL ROLE carril_dueno;

DROP TABLE logs.Servicio_Procedimientos;
DROP TABLE logs.Servicios;
DROP TABLE logs.Ajustes;
DROP SEQUENCE logs.Seq_ID;
