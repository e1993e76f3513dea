import { journalSchema } from './journal-schema.js';
import { lockResource } from './session-lock.js';
import { pgText } from './sql-text.js';

/** Functions of the session only (pg_temp), which vanish with it: what each transaction of the script does the same. */
export const postgresHelpers = `-- funciones de esta sesion, que se van con ella
CREATE OR REPLACE FUNCTION pg_temp.carril_bloqueado() RETURNS boolean LANGUAGE sql AS $carril$
  SELECT EXISTS (
    SELECT FROM pg_catalog.pg_locks AS l
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.pid = pg_backend_pid()
      AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = current_database())
      AND ((l.classid::bigint << 32) | l.objid::bigint) = hashtextextended(${pgText(lockResource)}, 0))
$carril$;

CREATE OR REPLACE FUNCTION pg_temp.carril_equipo() RETURNS text LANGUAGE sql AS $carril$
  SELECT coalesce(host(inet_client_addr()), 'local')
$carril$;

-- al empezar cada transaccion: que la anterior haya terminado y que el bloqueo siga siendo nuestro
CREATE OR REPLACE FUNCTION pg_temp.carril_empezar(p_paso text) RETURNS void LANGUAGE plpgsql AS $carril$
BEGIN
  IF current_setting('carril.paso', true) IS DISTINCT FROM p_paso THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = 'lo anterior no termino: esto no se ejecuta';
  END IF;
  IF NOT pg_temp.carril_bloqueado() THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = 'el bloqueo del migrador se perdio: esto no se ejecuta';
  END IF;
  -- los limites de la sesion son para trabajos cortos
  PERFORM set_config(s.name, '0', true) FROM pg_catalog.pg_settings AS s
  WHERE s.name IN ('transaction_timeout', 'statement_timeout');
  PERFORM set_config('carril.transaccion', pg_current_xact_id()::text, true);
END
$carril$;

CREATE OR REPLACE FUNCTION pg_temp.carril_comprobar() RETURNS void LANGUAGE plpgsql AS $carril$
BEGIN
  IF current_setting('carril.transaccion', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409',
      MESSAGE = 'el script termino la transaccion en que corria (COMMIT o ROLLBACK): lo que hizo antes puede haber quedado';
  END IF;
END
$carril$;

-- vale solo si la transaccion se confirma
CREATE OR REPLACE FUNCTION pg_temp.carril_terminar(p_paso text) RETURNS void LANGUAGE plpgsql AS $carril$
BEGIN
  PERFORM set_config('carril.paso', p_paso, false);
END
$carril$;

CREATE OR REPLACE FUNCTION pg_temp.carril_soltar() RETURNS void LANGUAGE plpgsql AS $carril$
BEGIN
  IF NOT pg_temp.carril_bloqueado() THEN
    RETURN;
  END IF;
  IF to_regclass('${journalSchema}.bloqueo') IS NOT NULL THEN
    DELETE FROM ${journalSchema}.bloqueo AS b WHERE b.sesion = pg_backend_pid();
  END IF;
  PERFORM pg_advisory_unlock(hashtextextended(${pgText(lockResource)}, 0));
END
$carril$;

CREATE OR REPLACE FUNCTION pg_temp.carril_anotar(
  p_suceso text, p_clase text, p_numero integer, p_nombre text, p_checksum text, p_inicio timestamptz, p_version text)
RETURNS void LANGUAGE plpgsql AS $carril$
BEGIN
  INSERT INTO ${journalSchema}.historia (
    suceso, clase, numero, nombre, checksum, duracion_ms, en, usuario, login, equipo, version)
  VALUES (
    p_suceso, p_clase, p_numero, p_nombre, p_checksum, round(1000 * extract(epoch FROM clock_timestamp() - p_inicio)),
    clock_timestamp(), session_user, session_user, pg_temp.carril_equipo(), p_version);
END
$carril$;

CREATE OR REPLACE FUNCTION pg_temp.carril_aplicada(
  p_numero integer, p_nombre text, p_up text, p_down text, p_verify text, p_fuera_de_orden boolean, p_version text)
RETURNS void LANGUAGE plpgsql AS $carril$
BEGIN
  INSERT INTO ${journalSchema}.migraciones (
    numero, nombre, checksum, checksum_down, checksum_verify, estado, fuera_de_orden, aplicada_en, duracion_ms, usuario, login,
    equipo, version)
  VALUES (
    p_numero, p_nombre, p_up, p_down, p_verify, 'APLICADA', p_fuera_de_orden, clock_timestamp(),
    round(1000 * extract(epoch FROM clock_timestamp() - now())), session_user, session_user, pg_temp.carril_equipo(), p_version);
  PERFORM pg_temp.carril_anotar('APLICADA', 'MIGRACION', p_numero, p_nombre, p_up, now(), p_version);
END
$carril$;

CREATE OR REPLACE FUNCTION pg_temp.carril_revertida(p_numero integer, p_nombre text, p_down text, p_version text)
RETURNS void LANGUAGE plpgsql AS $carril$
BEGIN
  DELETE FROM ${journalSchema}.migraciones AS m WHERE m.numero = p_numero;
  PERFORM pg_temp.carril_anotar('REVERTIDA', 'MIGRACION', p_numero, p_nombre, p_down, now(), p_version);
END
$carril$;

-- lo que habia antes de carril (adoptado o reemplazado) lo guarda y lo restaura carril, no un script
CREATE OR REPLACE FUNCTION pg_temp.carril_previo(p_nombre text, p_accion text) RETURNS void LANGUAGE plpgsql AS $carril$
BEGIN
  IF EXISTS (
    SELECT FROM ${journalSchema}.objetos_previos AS o
    WHERE lower(o.nombre) = lower(p_nombre) AND o.cerrado_en IS NULL AND o.accion = coalesce(p_accion, o.accion)
  ) THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409',
      MESSAGE = format('%s estaba antes de carril y se adopto o reemplazo: este paso lo hace carril migrate', p_nombre);
  END IF;
END
$carril$;

-- lo adoptado conserva los permisos que tenia
CREATE OR REPLACE FUNCTION pg_temp.carril_adoptado(p_nombre text) RETURNS boolean LANGUAGE plpgsql AS $carril$
BEGIN
  RETURN EXISTS (
    SELECT FROM ${journalSchema}.objetos_previos AS o
    WHERE lower(o.nombre) = lower(p_nombre) AND o.cerrado_en IS NULL AND o.accion = 'ADOPTADA');
END
$carril$;

-- lo que lleva ese nombre: funciones (todas las que lo comparten), vistas y triggers
CREATE OR REPLACE FUNCTION pg_temp.carril_objetos(p_nombre text) RETURNS TABLE (id text, quitar text)
LANGUAGE sql AS $carril$
  SELECT 'pg_proc:' || p.oid, format('DROP %s %I.%I(%s)',
    CASE p.prokind WHEN 'p' THEN 'PROCEDURE' WHEN 'a' THEN 'AGGREGATE' ELSE 'FUNCTION' END, n.nspname, p.proname,
    pg_get_function_identity_arguments(p.oid))
  FROM pg_catalog.pg_proc AS p
  INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
  WHERE n.nspname || '.' || p.proname = lower(p_nombre)
  UNION ALL
  SELECT 'pg_class:' || c.oid, format('DROP %s %I.%I',
    CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END, n.nspname, c.relname)
  FROM pg_catalog.pg_class AS c
  INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE n.nspname || '.' || c.relname = lower(p_nombre) AND c.relkind IN ('v', 'm')
  UNION ALL
  SELECT 'pg_trigger:' || t.oid, format('DROP TRIGGER %I ON %I.%I', t.tgname, n.nspname, c.relname)
  FROM pg_catalog.pg_trigger AS t
  INNER JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid
  INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE n.nspname || '.' || t.tgname = lower(p_nombre) AND NOT t.tgisinternal
$carril$;

-- quita los del diario desde ese numero, o los que no estan en la lista, al reves de como se crean; sin CASCADE: lo que un
-- tercero colgo de ellos lo impide
CREATE OR REPLACE FUNCTION pg_temp.carril_quitar(
  p_desde integer, p_quedan text[], p_orden text[], p_version text)
RETURNS void LANGUAGE plpgsql AS $carril$
DECLARE
  v_nombre text;
  v_desde integer;
  v_quitar text;
BEGIN
  FOR v_nombre, v_desde IN
    SELECT p.nombre, p.desde FROM ${journalSchema}.procedimientos AS p
    WHERE CASE WHEN p_desde IS NULL THEN lower(p.nombre) <> ALL (p_quedan) ELSE p.desde >= p_desde END
    ORDER BY array_position(p_orden, lower(p.nombre)) DESC NULLS FIRST
  LOOP
    PERFORM pg_temp.carril_previo(v_nombre, NULL);
    FOR v_quitar IN SELECT o.quitar FROM pg_temp.carril_objetos(v_nombre) AS o LOOP
      EXECUTE v_quitar;
    END LOOP;
    DELETE FROM ${journalSchema}.procedimientos AS p WHERE p.nombre = v_nombre;
    PERFORM pg_temp.carril_anotar('ELIMINADA', 'PROCEDIMIENTO', v_desde, v_nombre, NULL, clock_timestamp(), p_version);
  END LOOP;
END
$carril$;

-- aplica un archivo si el diario tiene otro; donde su forma cambio, el objeto se quita y se crea de nuevo
CREATE OR REPLACE FUNCTION pg_temp.carril_procedimiento(
  p_nombre text, p_desde integer, p_checksum text, p_version text, p_texto text)
RETURNS void LANGUAGE plpgsql AS $carril$
DECLARE
  v_antes text[] := ARRAY(SELECT o.id FROM pg_temp.carril_objetos(p_nombre) AS o);
  v_inicio timestamptz := clock_timestamp();
  v_suceso text := 'APLICADA';
  v_quitar text;
BEGIN
  IF EXISTS (
    SELECT FROM ${journalSchema}.procedimientos AS p WHERE lower(p.nombre) = lower(p_nombre) AND p.checksum = p_checksum
  ) THEN
    RETURN;
  END IF;
  PERFORM pg_temp.carril_previo(p_nombre, 'ADOPTADA');
  BEGIN
    EXECUTE p_texto;
    -- otra lista de parametros hace otra funcion al lado de la de antes
    IF cardinality(v_antes) > 0 AND EXISTS (
      SELECT FROM pg_temp.carril_objetos(p_nombre) AS o WHERE o.id <> ALL (v_antes)
    ) THEN
      RAISE invalid_function_definition;
    END IF;
  EXCEPTION
    WHEN invalid_function_definition OR invalid_table_definition OR wrong_object_type OR ambiguous_function THEN
      IF cardinality(v_antes) = 0 THEN
        RAISE;
      END IF;
      FOR v_quitar IN SELECT o.quitar FROM pg_temp.carril_objetos(p_nombre) AS o LOOP
        EXECUTE v_quitar;
      END LOOP;
      EXECUTE p_texto;
      v_suceso := 'RECREADA';
  END;
  RESET ROLE;
  DELETE FROM ${journalSchema}.procedimientos AS p WHERE lower(p.nombre) = lower(p_nombre);
  INSERT INTO ${journalSchema}.procedimientos (
    nombre, checksum, desde, aplicado_en, duracion_ms, usuario, login, equipo, version)
  VALUES (
    p_nombre, p_checksum, p_desde, clock_timestamp(), round(1000 * extract(epoch FROM clock_timestamp() - v_inicio)),
    session_user, session_user, pg_temp.carril_equipo(), p_version);
  PERFORM pg_temp.carril_anotar(v_suceso, 'PROCEDIMIENTO', p_desde, p_nombre, p_checksum, v_inicio, p_version);
END
$carril$;

`;
