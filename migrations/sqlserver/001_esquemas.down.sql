-- Deshace 001_esquemas.
-- Los esquemas deben estar vacios. Un rol con miembros se conserva: borrarlo quitaria permisos a logins que esta
-- migracion no creo.
DROP SCHEMA nomina;
DROP SCHEMA trabajo;
DROP SCHEMA logs;
DROP SCHEMA staging;
DROP SCHEMA extract;
DROP SCHEMA homol;
DROP SCHEMA dimensionales;
GO
IF SCHEMA_ID(N'carril') IS NOT NULL
  REVOKE SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION, ALTER ON SCHEMA::carril FROM carril_dba;
REVOKE CREATE TABLE, CREATE VIEW, CREATE PROCEDURE, CREATE FUNCTION, CREATE TYPE FROM carril_dba;
REVOKE VIEW DEFINITION FROM carril_dba;
GO
IF NOT EXISTS (SELECT 1 FROM sys.database_role_members AS m WHERE m.role_principal_id = DATABASE_PRINCIPAL_ID(N'carril_dba'))
  DROP ROLE IF EXISTS carril_dba;
IF NOT EXISTS (SELECT 1 FROM sys.database_role_members AS m WHERE m.role_principal_id = DATABASE_PRINCIPAL_ID(N'carril_lector'))
  DROP ROLE IF EXISTS carril_lector;
IF NOT EXISTS (SELECT 1 FROM sys.database_role_members AS m WHERE m.role_principal_id = DATABASE_PRINCIPAL_ID(N'carril_carga'))
  DROP ROLE IF EXISTS carril_carga;
IF NOT EXISTS (SELECT 1 FROM sys.database_role_members AS m WHERE m.role_principal_id = DATABASE_PRINCIPAL_ID(N'carril_app'))
  DROP ROLE IF EXISTS carril_app;
