/*
  Esquemas y roles de carril (arquitectura: "Security"; semillas 002 y 004 para dimensionales, homol, extract, staging y
  logs; 000 para trabajo; 003 para nomina). No toca ningun objeto que ya exista.

  Los roles son del cluster y no de la base: se crean solo si faltan, aunque dos bases migren a la vez.
    carril_dueno   no entra al servidor; es dueno de todo, y con sus permisos corren las funciones de entrada
    carril_app     ejecuta funciones de entrada, y nada mas
    carril_carga   inserta en las tablas de entrada (COPY) y de traza
    carril_lector  lee las vistas
    carril_dba     migra: puede hacer SET ROLE carril_dueno
  Esta migracion la aplica quien pueda crear esquemas y roles; cada una de las siguientes empieza con
  SET LOCAL ROLE carril_dueno, que vale hasta el fin de la transaccion.
*/
DO $roles$
DECLARE
  v_rol text;
BEGIN
  FOREACH v_rol IN ARRAY ARRAY['carril_dueno', 'carril_app', 'carril_carga', 'carril_lector', 'carril_dba'] LOOP
    IF to_regrole(v_rol) IS NULL THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN', v_rol);
      EXCEPTION
        -- otra base del cluster lo creo mientras tanto
        WHEN duplicate_object OR unique_violation THEN NULL;
      END;
    END IF;
  END LOOP;

  IF NOT pg_has_role('carril_dba', 'carril_dueno', 'SET') THEN
    BEGIN
      GRANT carril_dueno TO carril_dba;
    EXCEPTION
      WHEN unique_violation THEN NULL;
    END;
  END IF;

  -- un superusuario ya puede tomar cualquier rol; quien solo tiene CREATEROLE necesita que se lo den
  IF NOT pg_has_role(current_user, 'carril_dueno', 'SET') THEN
    EXECUTE format('GRANT carril_dueno TO %I', current_user);
  END IF;
END
$roles$;

-- una funcion nueva no es de nadie mas que de quien recibe su GRANT
ALTER DEFAULT PRIVILEGES FOR ROLE carril_dueno REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE SCHEMA dimensionales AUTHORIZATION carril_dueno;
CREATE SCHEMA homol AUTHORIZATION carril_dueno;
CREATE SCHEMA extract AUTHORIZATION carril_dueno;
CREATE SCHEMA staging AUTHORIZATION carril_dueno;
CREATE SCHEMA logs AUTHORIZATION carril_dueno;
CREATE SCHEMA trabajo AUTHORIZATION carril_dueno;
CREATE SCHEMA nomina AUTHORIZATION carril_dueno;

-- extract, staging y nomina no se abren a nadie: a sus tablas se llega por funciones de entrada
GRANT USAGE ON SCHEMA dimensionales, homol, logs, trabajo TO carril_app;
GRANT USAGE ON SCHEMA homol, logs TO carril_carga;
GRANT USAGE ON SCHEMA logs, trabajo TO carril_lector;
-- LO_PROCESOS vive en public (007)
GRANT CREATE ON SCHEMA public TO carril_dueno;

-- el diario lo crea quien migra primero; los demas que migran tambien escriben en el
DO $diario$
BEGIN
  IF to_regnamespace('carril') IS NOT NULL THEN
    -- CREATE: las copias que una migracion pide antes de destruir
    GRANT USAGE, CREATE ON SCHEMA carril TO carril_dba;
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA carril TO carril_dba;
  END IF;
END
$diario$;
