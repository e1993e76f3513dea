import { journalSchema } from './journal-schema.js';
import type { BackupRequest } from './backup-request.js';
import { pgText } from './sql-text.js';

/** Under which a row has one text only, whoever reads it. */
const settings = {
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
} as const;

export const postgresSettings = Object.entries(settings)
  .map(([name, value]) => `set_config('${name}', '${value}', true)`)
  .join(', ');

/** Four sums of a row's SHA-256 cut in four: in no order, and a row that is there twice counts twice. */
export const postgresSums = `concat_ws(':', ${[1, 9, 17, 25]
  .map((at) => `coalesce(sum(('x' || encode(substr(h, ${at}, 8), 'hex'))::bit(64)::bigint), 0)`)
  .join(', ')})`;

/**
 * Copies tables and writes their rows of carril.Respaldos, in the caller's transaction. The tables are locked to its end, so
 * that what follows meets the rows that were copied. One CREATE TABLE AS each: the copy is nobody else's, the table is
 * locked whole anyway, and many small statements would only take longer.
 */
export function postgresBackup(request: BackupRequest): string {
  const { name, tables, reason, user, host, version, destructive } = request;
  const names = Object.keys(settings)
    .map((one) => pgText(one))
    .join(', ');
  return `DO $respaldo$
DECLARE
  v_pedida text;
  v_tabla regclass;
  v_completo text;
  v_copia text;
  v_lista text;
  v_columnas jsonb;
  v_nombre text := ${pgText(name)};
  v_filas bigint;
  v_filas_copia bigint;
  v_suma text;
  v_suma_copia text;
  v_ajustes text[];
  v_i integer := 1;
BEGIN
${
  request.exactName
    ? ''
    : `  WHILE EXISTS (SELECT FROM ${journalSchema}.respaldos AS r WHERE r.nombre = v_nombre) LOOP
    v_i := v_i + 1;
    v_nombre := format('%s-%s', ${pgText(name)}, v_i);
  END LOOP;
`
}  v_ajustes := ARRAY(SELECT current_setting(s) FROM unnest(ARRAY[${names}]) WITH ORDINALITY AS n (s, i) ORDER BY i);
  PERFORM ${postgresSettings};
  FOREACH v_pedida IN ARRAY ARRAY[${tables.map((table) => pgText(table)).join(', ')}]::text[] LOOP
    v_tabla := to_regclass(v_pedida);
    SELECT format('%s.%s', n.nspname, c.relname) INTO v_completo
    FROM pg_catalog.pg_class AS c
    INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.oid = v_tabla AND c.relkind IN ('r', 'p');
    IF NOT FOUND THEN
      RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no hay una tabla %s que respaldar', v_pedida);
    END IF;
    EXECUTE format('LOCK TABLE %s IN ${destructive ? 'ACCESS EXCLUSIVE' : 'SHARE'} MODE', v_tabla);
    SELECT
      jsonb_agg(jsonb_build_object('nombre', a.attname, 'tipo', format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum),
      string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FILTER (WHERE a.attgenerated = '')
      INTO v_columnas, v_lista
    FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = v_tabla AND a.attnum > 0 AND NOT a.attisdropped;
    EXECUTE format(
      $sql$SELECT count(*), ${postgresSums} FROM (SELECT sha256(convert_to(ROW(%s)::text, 'UTF8')) AS h FROM %s) AS x$sql$,
      v_lista, v_tabla) INTO v_filas, v_suma;
${destructive ? `    -- de una tabla vacia no se pierde nada\n    CONTINUE WHEN v_filas = 0;\n` : ''}    SELECT format('respaldo_%s_%s',
      coalesce(max(substring(r.copia FROM '^respaldo_(\\d+)')::integer), 0) + 1, replace(v_completo, '.', '_'))::name::text INTO v_copia
    FROM ${journalSchema}.respaldos AS r;
    EXECUTE format('CREATE TABLE ${journalSchema}.%I AS SELECT * FROM %s', v_copia, v_tabla);
    EXECUTE format(
      $sql$SELECT count(*), ${postgresSums} FROM (SELECT sha256(convert_to(ROW(%s)::text, 'UTF8')) AS h FROM ${journalSchema}.%I) AS x$sql$,
      v_lista, v_copia) INTO v_filas_copia, v_suma_copia;
    IF (v_filas, v_suma) IS DISTINCT FROM (v_filas_copia, v_suma_copia) THEN
      RAISE EXCEPTION USING ERRCODE = 'UC422', MESSAGE = format(
        'la copia de %s no es igual: %s filas, suma %s; la copia %s filas, suma %s', v_completo, v_filas, v_suma, v_filas_copia,
        v_suma_copia);
    END IF;
    INSERT INTO ${journalSchema}.respaldos (
      nombre, tabla, copia, filas, suma, columnas, motivo, creado_en, usuario, login, equipo, version)
    VALUES (
      v_nombre, v_completo, v_copia, v_filas, v_suma, v_columnas, ${pgText(reason)}, clock_timestamp(), ${user === undefined ? 'session_user' : pgText(user)},
      session_user, ${host === undefined ? "coalesce(host(inet_client_addr()), 'local')" : pgText(host)}, ${pgText(version)});
  END LOOP;
  PERFORM set_config(s, v_ajustes[i::integer], true) FROM unnest(ARRAY[${names}]) WITH ORDINALITY AS n (s, i);
END
$respaldo$`;
}
