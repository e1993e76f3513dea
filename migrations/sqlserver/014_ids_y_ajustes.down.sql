-- carril: respaldo logs.Ajustes, logs.Servicios, logs.Servicio_Procedimientos
-- Deshace 014_ids_y_ajustes.
-- lo que logs.sp_Resolver_Paso (desde 014) concede sobre los esquemas no se va con el procedimiento
REVOKE VIEW DEFINITION ON SCHEMA::extract FROM carril_app;
REVOKE VIEW DEFINITION ON SCHEMA::staging FROM carril_app;
DROP TYPE logs.Lista_Fondos_v1;
DROP TABLE logs.Servicio_Procedimientos;
DROP TABLE logs.Servicios;
DROP TABLE logs.Ajustes;
DROP SEQUENCE logs.Seq_ID;
