-- Deshace 001_esquemas.
-- Los esquemas deben estar vacios. Los roles son del cluster: se conservan mientras otra base los use, o
-- mientras tengan miembros que esta migracion no creo.
REVOKE CREATE ON SCHEMA public FROM carril_dueno;
DROP SCHEMA nomina;
DROP SCHEMA trabajo;
DROP SCHEMA logs;
DROP SCHEMA staging;
DROP SCHEMA extract;
DROP SCHEMA homol;
DROP SCHEMA dimensionales;

ALTER DEFAULT PRIVILEGES FOR ROLE carril_dueno GRANT EXECUTE ON FUNCTIONS TO PUBLIC;

DO $diario$
BEGIN
  IF to_regnamespace('carril') IS NOT NULL THEN
    REVOKE ALL ON ALL TABLES IN SCHEMA carril FROM carril_dba;
    REVOKE ALL ON SCHEMA carril FROM carril_dba;
  END IF;
END
$diario$;

DO $roles$
DECLARE
  v_roles CONSTANT text[] := ARRAY['carril_app', 'carril_carga', 'carril_lector', 'carril_dba', 'carril_dueno'];
  v_rol text;
BEGIN
  -- otra base del cluster tambien es de carril: los cinco roles son suyos tambien
  IF EXISTS (
    SELECT FROM pg_catalog.pg_shdepend AS d
    INNER JOIN pg_catalog.pg_roles AS r ON r.oid = d.refobjid AND r.rolname = ANY (v_roles)
    WHERE d.refclassid = 'pg_catalog.pg_authid'::regclass
  ) THEN
    RETURN;
  END IF;

  -- carril_dueno al final: carril_dba es miembro suyo
  FOREACH v_rol IN ARRAY v_roles LOOP
    CONTINUE WHEN v_rol <> 'carril_dueno' AND EXISTS (
      SELECT FROM pg_catalog.pg_auth_members AS m
      INNER JOIN pg_catalog.pg_roles AS miembro ON miembro.oid = m.member
      WHERE m.roleid = to_regrole(v_rol) AND miembro.rolname <> current_user
    );
    BEGIN
      EXECUTE format('DROP ROLE %I', v_rol);
    EXCEPTION
      WHEN dependent_objects_still_exist OR insufficient_privilege OR undefined_object THEN
        RAISE NOTICE 'se conserva el rol %: %', v_rol, SQLERRM;
    END;
  END LOOP;
END
$roles$;
