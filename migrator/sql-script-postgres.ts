import { backupOf, backupSql } from './backup.js';
import { grantsBody } from './grants-script.js';
import { journalDdl, journalSchema, journalVersion } from './journal-schema.js';
import type { Migration } from './migration-files.js';
import { padded } from './plan.js';
import { keyOf } from './procedure-files.js';
import type { ProcedureFile } from './procedure-files.js';
import { batchesOf } from './script.js';
import { lockResource } from './session-lock.js';
import type { SqlFile } from './sql-file.js';
import { postgresHelpers } from './sql-script-postgres-helpers.js';
import type { SqlScriptPlan } from './sql-script-plan.js';
import { dollarQuoted, pgText } from './sql-text.js';

/**
 * The script for psql. What has been committed is known by the setting `carril.paso`: a setting that is made in a
 * transaction goes with it, so that it counts finished transactions, whatever the client does after an error. Each
 * transaction begins by comparing it, and `\if` passes over what can no longer run.
 */
export function* postgresScript(plan: SqlScriptPlan): Iterable<string> {
  yield header(plan);
  yield postgresHelpers;
  yield lock();
  yield* checks(plan);
  let step = 1;
  for (const { migration, outOfOrder } of plan.steps) {
    yield* plan.direction === 'up' ? up(step, migration, outOfOrder, plan) : down(step, migration, plan);
    step += 1;
  }
  if (plan.direction === 'up') {
    yield transaction(
      step,
      'procedimientos que ya no hay',
      `SELECT pg_temp.carril_quitar(NULL, ${names(plan.procedures.map(({ name }) => name))}, ${names(plan.order)}, ${pgText(plan.version)}) AS carril_nada \\gset\n`,
    );
    step += 1;
    for (const file of plan.procedures) {
      yield procedure(step, file, plan);
      step += 1;
    }
  }
  if (plan.grants !== undefined) {
    const adopted = (object: string): string => `pg_temp.carril_adoptado(${pgText(object)})`;
    yield transaction(step, 'permisos', grantsBody('postgres', plan.grants, adopted));
    step += 1;
  }
  yield footer(plan, step - 1);
}

function header({ direction, from, to, version, steps }: SqlScriptPlan): string {
  const what = steps.map(({ migration }) => migration.name);
  return `/*
  carril ${version}, PostgreSQL: de ${padded(from)} a ${padded(to)}.
  ${what.length === 0 ? 'Ninguna migracion' : `${direction === 'up' ? 'Aplica' : 'Revierte'} ${what.join(', ')}`}${direction === 'up' ? ', y los procedimientos de ese nivel' : ', con los procedimientos que las necesitan'}.

  Para psql 10 o mas nuevo:  psql -X -f ESTE_ARCHIVO BASE
  Toma el bloqueo de carril, se niega si el diario no esta exactamente en ${padded(from)}, corre cada migracion en su transaccion junto
  con su fila del diario, y se detiene en el primer error: lo terminado queda, lo demas no ocurrio. El bloqueo se suelta al final
  o con la sesion (tras un error dentro de un \\i: ROLLBACK y salir). Para seguir, se genera otro script desde el nivel alcanzado.
*/
\\set ON_ERROR_STOP on
\\set ON_ERROR_ROLLBACK off
\\set AUTOCOMMIT on
\\set SINGLELINE off
\\set QUIET on
\\encoding UTF8
SET standard_conforming_strings = on;
SET carril.paso = '';
\\set carril_sigue false

`;
}

function lock(): string {
  return `-- el mismo bloqueo que toma carril; no espera
DO $carril$
DECLARE
  v_quien text;
BEGIN
  IF NOT pg_temp.carril_bloqueado() AND NOT pg_try_advisory_lock(hashtextextended(${pgText(lockResource)}, 0)) THEN
    IF to_regclass('${journalSchema}.bloqueo') IS NOT NULL THEN
      SELECT format(' (%s@%s, proceso %s, desde %s)', b.poseedor, b.host, b.pid, b.desde) INTO v_quien
      FROM ${journalSchema}.bloqueo AS b ORDER BY b.desde DESC LIMIT 1;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'UC408', MESSAGE = format(
      'otro migrador trabaja en esta base%s: espere a que termine y corra el script de nuevo; no se hizo nada', v_quien);
  END IF;
END
$carril$;

`;
}

function* checks({ direction, expected, steps, procedures, from, version }: SqlScriptPlan): Iterable<string> {
  yield `-- el diario, donde falta, como lo crea carril
BEGIN;
DO $carril$
BEGIN
  IF NOT pg_temp.carril_bloqueado() THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = 'esta sesion no tiene el bloqueo del migrador: no se hace nada';
  END IF;
  IF to_regnamespace('${journalSchema}') IS NULL THEN
    CREATE SCHEMA ${journalSchema};
  END IF;
`;
  for (const { table, statements } of journalDdl('postgres')) {
    yield `  IF to_regclass('${journalSchema}.${table.toLowerCase()}') IS NULL THEN\n`;
    for (const statement of statements) yield `    ${statement};\n`;
    if (table === 'Base') {
      yield `    INSERT INTO ${journalSchema}.base (clave, valor, cambiado_en) VALUES ('diario', '${journalVersion}', clock_timestamp());\n`;
    }
    yield '  END IF;\n';
  }
  yield `END
$carril$;
COMMIT;

-- el diario debe decir exactamente esto, con estas sumas de los tres archivos de cada migracion
BEGIN;
DO $carril$
DECLARE
  v_mal text;
BEGIN
  IF NOT pg_temp.carril_bloqueado() THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = 'esta sesion no tiene el bloqueo del migrador: no se hace nada';
  END IF;
  IF (SELECT b.valor::integer > ${journalVersion} FROM ${journalSchema}.base AS b WHERE b.clave = 'diario') THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = 'un carril mas nuevo migro esta base: genere el script con ese';
  END IF;
  SELECT string_agg(
    CASE
      WHEN d.numero IS NULL THEN format('falta %s', e.nombre)
      WHEN e.numero IS NULL THEN format('%s ya esta aplicada', d.nombre)
      WHEN d.nombre <> e.nombre THEN format('%s se llama aqui %s', d.nombre, e.nombre)
      ELSE format('los archivos de %s no son los que se aplicaron', e.nombre)
    END, '; ' ORDER BY coalesce(e.numero, d.numero)) INTO v_mal
  FROM (
    SELECT NULL::integer, NULL::text, NULL::text, NULL::text, NULL::text WHERE false
`;
  for (const { number, name, up, down, verify } of expected) {
    yield `    UNION ALL SELECT ${number}, ${pgText(name)}, '${up.checksum}', '${down.checksum}', '${verify.checksum}'\n`;
  }
  yield `  ) AS e (numero, nombre, checksum, checksum_down, checksum_verify)
  FULL JOIN ${journalSchema}.migraciones AS d ON d.numero = e.numero
  WHERE (e.nombre, e.checksum, e.checksum_down, e.checksum_verify)
    IS DISTINCT FROM (d.nombre, d.checksum, d.checksum_down, d.checksum_verify);
  IF v_mal IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409',
      MESSAGE = format('el diario de esta base no esta como este script lo espera, en ${padded(from)}: %s', v_mal),
      HINT = 'carril migrate status dice donde esta; carril migrate script --from hace el script que le toca';
  END IF;
`;
  yield `  SELECT string_agg(DISTINCT lpad(p.numero::text, 3, '0'), ', ') INTO v_mal FROM ${journalSchema}.pasos AS p;
  IF v_mal IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409',
      MESSAGE = format('%s corre fuera de una transaccion y esta a medias: siga con carril migrate', v_mal);
  END IF;
`;
  if (direction === 'up') {
    yield `  SELECT string_agg(n, ', ' ORDER BY n) INTO v_mal
  FROM unnest(${names(procedures.map(({ name }) => name))}) AS n
  WHERE EXISTS (SELECT FROM pg_temp.carril_objetos(n))
    AND NOT EXISTS (SELECT FROM ${journalSchema}.procedimientos AS p WHERE lower(p.nombre) = lower(n));
  IF v_mal IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409',
      MESSAGE = format('ya existen y no los puso carril: %s', v_mal),
      HINT = 'carril migrate up pregunta que hacer con ellos; un script no los reemplaza';
  END IF;
`;
  } else {
    yield `  SELECT string_agg(m.nombre, ', ' ORDER BY m.numero) INTO v_mal
  FROM ${journalSchema}.migraciones AS m
  WHERE m.estado = 'BASE' AND m.numero = ANY (ARRAY[${steps.map(({ migration }) => migration.number).join(', ')}]::integer[]);
  IF v_mal IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409',
      MESSAGE = format('%s: estaban antes de carril, no se revierten', v_mal);
  END IF;
`;
  }
  yield `  DELETE FROM ${journalSchema}.bloqueo;
  INSERT INTO ${journalSchema}.bloqueo (ficha, poseedor, host, pid, sesion, desde, version)
  VALUES (gen_random_uuid()::text, session_user, pg_temp.carril_equipo(), 0, pg_backend_pid(), clock_timestamp(), ${pgText(version)});
  PERFORM set_config('carril.paso', '0', false);
END
$carril$;
COMMIT;
${look(0)}
`;
}

function* up(step: number, migration: Migration, outOfOrder: boolean, plan: SqlScriptPlan): Iterable<string> {
  const { number, name, up, down, verify } = migration;
  yield begin(step, name);
  yield backup(migration, 'up', plan);
  yield* statements(up);
  yield end(
    step,
    `SELECT pg_temp.carril_aplicada(${number}, ${pgText(name)}, '${up.checksum}', '${down.checksum}', '${verify.checksum}', ${outOfOrder}, ${pgText(plan.version)}) AS carril_nada \\gset\n`,
  );
}

function* down(step: number, migration: Migration, plan: SqlScriptPlan): Iterable<string> {
  const { number, name, down } = migration;
  yield begin(step, `${name} (revertir)`);
  yield backup(migration, 'down', plan);
  yield `SELECT pg_temp.carril_quitar(${number}, NULL, ${names(plan.order)}, ${pgText(plan.version)}) AS carril_nada \\gset\n`;
  yield* statements(down);
  yield end(
    step,
    `SELECT pg_temp.carril_revertida(${number}, ${pgText(name)}, '${down.checksum}', ${pgText(plan.version)}) AS carril_nada \\gset\n`,
  );
}

function backup(migration: Migration, part: 'up' | 'down', { version }: SqlScriptPlan): string {
  const request = backupOf(migration[part], { name: migration.name, part }, { version });
  return request === undefined ? '' : `${backupSql('postgres', request)};\n`;
}

function procedure(step: number, { name, since, file }: ProcedureFile, { version }: SqlScriptPlan): string {
  return transaction(
    step,
    name,
    `SELECT pg_temp.carril_procedimiento(${pgText(name)}, ${since}, '${file.checksum}', ${pgText(version)}, ${dollarQuoted(file.text)}) AS carril_nada \\gset\n`,
  );
}

function transaction(step: number, title: string, body: string): string {
  return begin(step, title) + body + end(step, '');
}

function begin(step: number, title: string): string {
  return `\\if :carril_sigue
\\echo ${title.replaceAll(/[^\w ().-]/g, '_')}
BEGIN;
SELECT pg_temp.carril_empezar('${step - 1}') AS carril_nada \\gset
`;
}

function end(step: number, journal: string): string {
  return `RESET ROLE;
SELECT pg_temp.carril_comprobar() AS carril_nada \\gset
${journal}SELECT pg_temp.carril_terminar('${step}') AS carril_nada \\gset
COMMIT;
${look(step)}\\endif

`;
}

/** What the next part goes by; false too when the question itself fails. */
function look(step: number): string {
  return `\\set carril_sigue false
SELECT current_setting('carril.paso') = '${step}' AS carril_sigue \\gset
`;
}

/**
 * The file as it is, so that it can be compared with it, and a `;` for one that lacks its last. A statement in which psql
 * would see one of its variables goes as a text.
 */
function* statements(file: SqlFile): Iterable<string> {
  const batches = batchesOf(file, 'postgres');
  if (!batches.some(({ text }) => mentionsVariable(text))) {
    yield `${file.text.trimEnd()}\n;\n`;
    return;
  }
  for (const { text } of batches) {
    yield mentionsVariable(text)
      ? `DO ${dollarQuoted(`BEGIN EXECUTE ${dollarQuoted(text)}; END`, 'carril')};\n`
      : `${text}\n;\n`;
  }
}

/** Outside of strings, names, dollar quotes and comments, where psql replaces `:name`, `:'name'` and `:{?name}`. */
function mentionsVariable(text: string): boolean {
  const bare = text.replaceAll(
    /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\//g,
    ' ',
  );
  return /(?<!:):(?:\w|['"{])/.test(bare) || bare.includes('\\') || /(?<!:):\s*$/.test(bare);
}

function names(list: readonly string[]): string {
  return `ARRAY[${list.map((name) => pgText(keyOf(name))).join(', ')}]::text[]`;
}

function footer({ to }: SqlScriptPlan, last: number): string {
  return `-- el bloqueo se suelta, haya ido como haya ido; psql termina con 3 si no llego al final
SELECT pg_temp.carril_soltar() AS carril_nada \\gset
\\set ON_ERROR_STOP on
DO $carril$
BEGIN
  IF current_setting('carril.paso') IS DISTINCT FROM '${last}' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409',
      MESSAGE = 'el script no llego al final: el primer error dice por que. Lo terminado queda; lo demas no ocurrio',
      HINT = 'carril migrate status dice donde quedo la base';
  END IF;
END
$carril$;
\\echo la base esta en ${padded(to)}
`;
}
