/*
  Esquemas y roles de carril (arquitectura: "Security"; semillas 002 y 004 para dimensionales, homol, extract, staging y
  logs; 000 para trabajo; 003 para nomina). No toca ningun objeto que ya exista.

  Todos los esquemas son de dbo: asi el encadenamiento de propiedad deja que un procedimiento de entrada escriba en las
  tablas sin que quien lo llama tenga permiso sobre ellas.
    carril_app     ejecuta procedimientos de entrada, y nada mas
    carril_carga   inserta en las tablas de entrada (carga masiva) y de traza
    carril_lector  lee las vistas
    carril_dba     migra: CONTROL sobre los esquemas de carril y permiso de crear objetos en ellos
  Esta migracion la aplica un miembro de db_owner; las siguientes, salvo las que tocan dbo, tambien carril_dba.
*/
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO

-- un rol puede quedar de antes: 001.down conserva los que tienen miembros
IF DATABASE_PRINCIPAL_ID(N'carril_app') IS NULL
  CREATE ROLE carril_app AUTHORIZATION dbo;
IF DATABASE_PRINCIPAL_ID(N'carril_carga') IS NULL
  CREATE ROLE carril_carga AUTHORIZATION dbo;
IF DATABASE_PRINCIPAL_ID(N'carril_lector') IS NULL
  CREATE ROLE carril_lector AUTHORIZATION dbo;
IF DATABASE_PRINCIPAL_ID(N'carril_dba') IS NULL
  CREATE ROLE carril_dba AUTHORIZATION dbo;
GO
CREATE SCHEMA dimensionales AUTHORIZATION dbo;
GO
CREATE SCHEMA homol AUTHORIZATION dbo;
GO
CREATE SCHEMA extract AUTHORIZATION dbo;
GO
CREATE SCHEMA staging AUTHORIZATION dbo;
GO
CREATE SCHEMA logs AUTHORIZATION dbo;
GO
CREATE SCHEMA trabajo AUTHORIZATION dbo;
GO
CREATE SCHEMA nomina AUTHORIZATION dbo;
GO
GRANT CONTROL ON SCHEMA::dimensionales TO carril_dba;
GRANT CONTROL ON SCHEMA::homol TO carril_dba;
GRANT CONTROL ON SCHEMA::extract TO carril_dba;
GRANT CONTROL ON SCHEMA::staging TO carril_dba;
GRANT CONTROL ON SCHEMA::logs TO carril_dba;
GRANT CONTROL ON SCHEMA::trabajo TO carril_dba;
GRANT CONTROL ON SCHEMA::nomina TO carril_dba;
GRANT CREATE TABLE, CREATE VIEW, CREATE PROCEDURE, CREATE FUNCTION, CREATE TYPE TO carril_dba;
-- quien compara la base con sus migraciones debe ver todas las definiciones, tambien las de dbo
GRANT VIEW DEFINITION TO carril_dba;
GO
-- el diario lo crea quien migra primero; los demas que migran tambien escriben en el
IF SCHEMA_ID(N'carril') IS NOT NULL
  -- ALTER: las copias que una migracion pide antes de destruir
  GRANT SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION, ALTER ON SCHEMA::carril TO carril_dba;
