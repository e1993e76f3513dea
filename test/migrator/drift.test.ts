/** Drift on a real catalog, with the defects that real databases have. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';
import type { Test } from 'tap';

import type { Engine } from '../../engine/index.js';
import { createMigrator } from '../../migrator/index.js';
import { beforeClose } from '../testing/database.js';
import { freshDatabase, runCarril, spawnCarril, waitUntil } from '../testing/index.js';
import type { TestDatabase } from '../testing/index.js';
import { testServer } from '../testing/server.js';
import { newProject, onPostgres } from './support.js';

t.setTimeout(300_000);

interface Difference {
  readonly kind: string;
  readonly name: string;
  readonly state: string;
  readonly expected: string | null;
  readonly found: string | null;
  readonly parts: Record<string, number>;
}

interface Report {
  readonly ok: boolean;
  readonly level: number;
  readonly objects: number;
  readonly seconds: number;
  readonly schemas: string[];
  readonly differences: Difference[];
  readonly not_compared: { name: string; reason: string }[];
}

/** Runs it, and fails the test when it did neither find nor miss anything. */
async function drift(t: Test, db: TestDatabase, args: readonly string[] = []): Promise<Report> {
  const ran = await runCarril(['migrate', 'drift', '--json', ...args], { env: db.env });
  if (ran.stdout === '') throw new Error(ran.stderr);
  const report = JSON.parse(ran.stdout) as Report;
  t.equal(ran.code, report.ok ? 0 : 1);
  return report;
}

function names(report: Report): string[] {
  return report.differences.map(({ state, kind, name }) => `${state} ${kind} ${name}`);
}

/** Those that were there before the test: a run that was killed left them, or another test file's is at work. */
async function othersOf(engine: Engine): Promise<ReadonlySet<string>> {
  return new Set(await scratchDatabases(engine));
}

async function scratchDatabases(engine: Engine, others?: ReadonlySet<string>): Promise<string[]> {
  const rows = await engine.query(
    `SELECT datname::text AS name FROM pg_catalog.pg_database WHERE datname LIKE 'carril\\_drift\\_%'`,
  );
  return rows.map((row) => String(row['name'])).filter((name) => others?.has(name) !== true);
}

onPostgres('nothing on a fresh database, nor after down and up again', async (t) => {
  const db = await freshDatabase(t);
  const others = await othersOf(db.engine);
  const fresh = await drift(t, db);
  t.same(fresh.differences, []);
  t.same(fresh.not_compared, []);
  t.ok(fresh.objects > 500, `${fresh.objects} objects`);
  t.ok(
    fresh.schemas.includes('logs') && !fresh.schemas.includes('public'),
    'the schemas that migrations make',
  );
  t.comment(`compared ${fresh.objects} objects in ${fresh.seconds} s`);
  const migrator = createMigrator(db.engine);
  await migrator.down({ to: 14 });
  const below = await drift(t, db);
  t.same([below.level, below.differences], [14, []], 'at a lower level, with fewer procedures');
  await migrator.up();
  t.same((await drift(t, db)).differences, []);
  t.same(await scratchDatabases(db.engine, others), [], 'the scratch databases are gone');
});

onPostgres('what was changed by hand is named, with both definitions', async (t) => {
  const project = newProject(t);
  project.migration(
    '009_sitio',
    `CREATE SCHEMA sitio; CREATE TABLE sitio.t (a int);
     CREATE FUNCTION sitio.nada() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
     CREATE TRIGGER tr_uno AFTER INSERT ON sitio.t EXECUTE FUNCTION sitio.nada();
     CREATE TRIGGER tr_dos AFTER DELETE ON sitio.t EXECUTE FUNCTION sitio.nada();`,
    'DROP SCHEMA sitio CASCADE;',
  );
  const sitio = ['--migrations', project.migrations];
  const db = await freshDatabase(t, { migrationsDirs: [project.migrations] });
  const { engine } = db;
  const [body] = await engine.query(
    `SELECT pg_get_functiondef('trabajo.sp_restantes'::regproc) AS text FROM (SELECT 1) AS x`,
  );
  const text = String(body?.['text']);
  for (const change of [
    'ALTER TABLE logs.Procesos ADD COLUMN Nota text',
    `ALTER TABLE logs.Procesos ALTER COLUMN Estado SET DEFAULT 'ERROR'`,
    'ALTER TABLE logs.Procesos ALTER COLUMN TotalFondos DROP NOT NULL',
    'ALTER TABLE homol.IPA ALTER COLUMN Ticker TYPE varchar(300)',
    'DROP INDEX logs.IX_Procesos_Estado',
    'CREATE INDEX IX_A_Mano ON logs.Procesos (FechaFin)',
    'ALTER TABLE logs.Procesos DROP CONSTRAINT CK_Procesos_Arquitectura',
    'ALTER TABLE trabajo.Chunks DROP CONSTRAINT FK_Chunks_Trabajos',
    text.replace(/\bBEGIN\b/, 'BEGIN\n  -- de prisa, un viernes'),
    'ALTER TABLE sitio.t DISABLE TRIGGER tr_uno; ALTER TABLE sitio.t ENABLE ALWAYS TRIGGER tr_dos',
    'DROP TRIGGER tr_LO_PROCESOS_Borrar ON public.LO_PROCESOS',
    'CREATE TABLE logs.De_Nadie (a int PRIMARY KEY, b text DEFAULT 1); CREATE INDEX ON logs.De_Nadie (b)',
    'REVOKE EXECUTE ON FUNCTION logs.sp_Listar_Procesos FROM carril_app',
    'GRANT SELECT ON logs.Procesos TO carril_lector',
    'CREATE OR REPLACE VIEW trabajo.vw_A_Mano AS SELECT 1 AS uno',
    'DROP VIEW logs.vw_Bloques_Error CASCADE',
  ]) {
    await engine.batch(change);
  }
  const report = await drift(t, db, sitio);
  const listed = names(report);
  const expected = [
    'extra column logs.procesos.nota',
    'different column logs.procesos.estado',
    'different column logs.procesos.totalfondos',
    'different column homol.ipa.ticker',
    'missing index logs.ix_procesos_estado',
    'extra index logs.ix_a_mano',
    'missing constraint logs.procesos.ck_procesos_arquitectura',
    'missing constraint trabajo.chunks.fk_chunks_trabajos',
    'different trigger sitio.t.tr_uno',
    'different trigger sitio.t.tr_dos',
    'missing trigger public.lo_procesos.tr_lo_procesos_borrar',
    'extra table logs.de_nadie',
    'extra table grant logs.procesos',
    'extra view trabajo.vw_a_mano',
    'missing view logs.vw_bloques_error',
  ];
  for (const one of expected) t.ok(listed.includes(one), one);
  const find = (start: string) =>
    report.differences.find((one) => `${one.state} ${one.kind} ${one.name}`.startsWith(start));
  t.match(find('different function trabajo.sp_restantes'), { found: /de prisa, un viernes/ });
  t.match(find('missing function grant logs.sp_listar_procesos'), { expected: /EXECUTE to carril_app/ });
  t.match(find('different column logs.procesos.estado'), {
    expected: `character varying(50) not null default 'PENDIENTE'::character varying`,
    found: `character varying(50) not null default 'ERROR'::character varying`,
  });
  t.match(
    find('extra table logs.de_nadie'),
    { parts: { column: 2, constraint: 1, index: 2 } },
    'parts go with it',
  );
  t.equal(listed.length, expected.length + 2, listed.join('\n'));

  const ran = await runCarril(['migrate', 'drift', ...sitio], { env: db.env });
  t.equal(ran.code, 1, ran.stderr);
  t.match(ran.stdout, /missing {3}index logs\.ix_procesos_estado\n {4}CREATE INDEX ix_procesos_estado/);
  t.match(
    ran.stdout,
    /different function trabajo\.sp_restantes.*\n {4}@@ .* @@\n(?: {4}.*\n)* {4}\+ {2}-- de prisa/,
  );
  t.match(ran.stdout, /expected: .*'PENDIENTE'.*\n {4}found: {4}.*'ERROR'/);
  t.match(ran.stdout, /17 differences \(6 missing, 5 extra, 6 different\): compared \d+ objects in [\d.]+ s/);
});

onPostgres("a column's place counts once, not once a column", async (t) => {
  const db = await freshDatabase(t);
  await db.engine.batch(
    'ALTER TABLE trabajo.Lo_Procesos RENAME COLUMN usuario TO viejo; ALTER TABLE trabajo.Lo_Procesos ADD COLUMN usuario varchar(100)',
  );
  const { differences } = await drift(t, db);
  t.match(
    differences.filter(({ kind }) => kind === 'column order'),
    [{ name: 'trabajo.lo_procesos', expected: /usuario.*, /, found: /, usuario$/ }],
  );
});

onPostgres(
  "a site's own schemas and its tables beside ours are not drift; its migrations' are",
  async (t) => {
    const project = newProject(t);
    project.migration(
      '009_sitio',
      'CREATE SCHEMA sitio; CREATE TABLE sitio.uno (a int); CREATE TABLE public.del_sitio (a int);',
      'DROP TABLE public.del_sitio; DROP SCHEMA sitio CASCADE;',
    );
    const db = await freshDatabase(t, { migrationsDirs: [project.migrations] });
    const others = await othersOf(db.engine);
    const sitio = ['--migrations', project.migrations];
    await db.engine.batch(
      'CREATE SCHEMA ajeno; CREATE TABLE ajeno.t (a int); CREATE TABLE public.suya (a int); CREATE INDEX ON public.suya (a)',
    );
    t.same((await drift(t, db, sitio)).differences, []);
    await db.engine.batch(
      'ALTER TABLE public.del_sitio ADD COLUMN b int; CREATE INDEX ix_b ON public.del_sitio (b); CREATE TABLE sitio.dos (a int)',
    );
    t.same(names(await drift(t, db, sitio)), [
      'extra column public.del_sitio.b',
      'extra index public.ix_b',
      'extra table sitio.dos',
    ]);
    const without = await runCarril(['migrate', 'drift'], { env: db.env });
    t.match(without, { code: 1, stderr: /009_sitio was applied, but its files are gone/ });
    t.same(await scratchDatabases(db.engine, others), [], 'refused or not, nothing stays behind');
  },
);

onPostgres('a migration that came late is applied late; a pending one is not', async (t) => {
  const project = newProject(t);
  const db = await freshDatabase(t, { migrated: false });
  const late = ['--migrations', project.migrations];
  project.migration(
    '901_base',
    'CREATE SCHEMA tarde; CREATE TABLE tarde.t (a int);',
    'DROP SCHEMA tarde CASCADE;',
  );
  const up = () => runCarril(['migrate', 'up', ...late], { env: db.env });
  t.equal((await up()).code, 0);
  project.migration('903_dos', 'ALTER TABLE tarde.t ADD COLUMN c int;', 'ALTER TABLE tarde.t DROP COLUMN c;');
  t.equal((await up()).code, 0);
  project.migration('902_uno', 'ALTER TABLE tarde.t ADD COLUMN b int;', 'ALTER TABLE tarde.t DROP COLUMN b;');
  t.equal((await up()).code, 0);
  project.migration('904_despues', 'CREATE TABLE tarde.despues (a int);');
  t.same((await drift(t, db, late)).differences, [], 'the columns stand in the order in which they came');
  await db.engine.batch('CREATE TABLE tarde.despues (a int)');
  t.same(names(await drift(t, db, late)), ['extra table tarde.despues']);
});

onPostgres('a procedure whose file moved on is not called drift', async (t) => {
  const db = await freshDatabase(t);
  await db.engine.batch(
    `UPDATE carril.Procedimientos SET checksum = repeat('0', 64) WHERE nombre = 'trabajo.sp_Restantes';
     CREATE OR REPLACE FUNCTION trabajo.sp_restantes_x() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
  );
  await db.engine.batch(
    `DELETE FROM carril.Procedimientos WHERE nombre = 'logs.vw_Bloques_Error'; DROP VIEW logs.vw_Bloques_Error`,
  );
  const report = await drift(t, db);
  t.match(report.not_compared, [
    { name: 'trabajo.sp_Restantes', reason: /another one/ },
    { name: 'logs.vw_Bloques_Error', reason: /not applied yet/ },
  ]);
  t.match(names(report), [/^extra function trabajo\.sp_restantes_x/]);
});

onPostgres('a manifest: written for review, compared with by a login that may create nothing', async (t) => {
  const db = await freshDatabase(t);
  const project = newProject(t);
  const file = join(project.root, 'esperado.txt');
  const written = await drift(t, db, ['--manifest', file]);
  t.same(written.differences, []);
  const text = readFileSync(file, 'utf8');
  t.notMatch(text, /\r/);
  t.match(text, /^# carril manifest 1\n/);
  t.match(text, /\n# level: \d{3}\n/);
  t.match(text, /\n# migration: 001_esquemas [0-9a-f]{64} [0-9a-f]{64} [0-9a-f]{64}\n/);
  t.match(text, /\n\ncolumn: logs\.procesos\.estado\n {2}\d+ character varying\(50\) not null default/);
  const kinds = [...text.matchAll(/^([a-z ]+): /gm)].map(([, kind]) => kind ?? '');
  t.same(kinds, [...kinds].sort(), 'sorted');
  const [session] = await db.engine.query('SELECT session_user::text AS login');
  t.notMatch(text, new RegExp(`\\bowner ${String(session?.['login'])}\\b`), 'whoever wrote it is not in it');
  await drift(t, db, ['--manifest', join(project.root, 'otra.txt')]);
  t.equal(readFileSync(join(project.root, 'otra.txt'), 'utf8'), text, 'the same files give the same text');

  const restricted = await restrictedLogin(db);
  const refused = await runCarril(['migrate', 'drift', '--json'], { env: restricted });
  t.equal(refused.code, 1);
  t.match(JSON.parse(refused.stderr), { error: { code: 'PERMISSION', message: /--against FILE.*CREATEDB/ } });
  const against = async () => await runCarril(['migrate', 'drift', '--against', file], { env: restricted });
  t.match(await against(), { code: 0, stdout: /no drift/ });
  writeFileSync(file, text.replaceAll('\n', '\r\n'));
  t.match(await against(), { code: 0 }, 'whatever a checkout does to its lines');
  await db.engine.batch('DROP INDEX logs.IX_Procesos_Estado');
  t.match(await against(), { code: 1, stdout: /missing {3}index logs\.ix_procesos_estado/ });
  await createMigrator(db.engine).down();
  t.match(await against(), {
    code: 1,
    stdout: /what it is compared with at \d+.*\nmissing {3}migration \d+_/,
  });
});

onPostgres('wrong use exits 2 and says what is wrong with a file', async (t) => {
  const db = await freshDatabase(t);
  const project = newProject(t);
  const file = join(project.root, 'm.txt');
  const run = (args: string[]) => runCarril(['migrate', 'drift', ...args], { env: db.env });
  t.match(await run(['--against', file]), { code: 2, stderr: /cannot read .*m\.txt: there is no such file/ });
  writeFileSync(file, 'hola\n');
  t.match(await run(['--against', file]), { code: 2, stderr: /is no manifest of this carril/ });
  await drift(t, db, ['--manifest', file]);
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.slice(0, text.lastIndexOf('\n\n')));
  t.match(await run(['--against', file]), { code: 2, stderr: /promises \d+ objects and \d+ follow/ });
  writeFileSync(file, text.replace('# dialect: postgres', '# dialect: sqlserver'));
  t.match(await run(['--against', file]), { code: 2, stderr: /the manifest is of a sqlserver database/ });
  t.match(await run(['--against', file, '--manifest', file]), { code: 2 });
  mkdirSync(join(project.root, 'd'));
  t.match(await run(['--manifest', join(project.root, 'd')]), { code: 2, stderr: /cannot write/ });
  const empty = await freshDatabase(t, { migrated: false });
  t.match(await runCarril(['migrate', 'drift'], { env: empty.env }), { code: 2, stderr: /has no journal/ });
});

onPostgres('the scratch database is gone after Ctrl-C and after an error', async (t) => {
  const project = newProject(t);
  const db = await freshDatabase(t, { migrated: false });
  const others = await othersOf(db.engine);
  const { engine } = db;
  // slow, or failing, only where the table that the site had before is missing
  const inScratch = (then: string): string =>
    `DO $$ BEGIN IF to_regclass('public.ya_estaba') IS NULL THEN ${then}; END IF; END $$;`;
  await engine.batch('CREATE TABLE public.ya_estaba (a int)');
  project.migration('900_lenta', inScratch('PERFORM pg_sleep(120)'));
  const sitio = ['--migrations', project.migrations];
  t.equal((await runCarril(['migrate', 'up', ...sitio], { env: db.env })).code, 0);
  const running = spawnCarril(['migrate', 'drift', ...sitio], { env: db.env });
  await waitUntil(
    'the slow migration in the scratch database',
    async () => {
      const rows = await engine.query(
        `SELECT 1 AS x FROM pg_stat_activity WHERE datname LIKE 'carril\\_drift\\_%' AND wait_event = 'PgSleep'`,
      );
      return rows.length > 0;
    },
    120_000,
  );
  t.equal((await scratchDatabases(engine, others)).length, 1);
  running.kill('SIGINT');
  t.match(await running.done, { code: 130, stderr: /interrupted: the scratch database was dropped/ });
  t.same(await scratchDatabases(engine, others), []);

  t.equal((await runCarril(['migrate', 'down', ...sitio], { env: db.env })).code, 0);
  project.migration('900_lenta', inScratch(`RAISE EXCEPTION 'solo aqui no'`));
  t.equal((await runCarril(['migrate', 'up', ...sitio], { env: db.env })).code, 0);
  t.match(await runCarril(['migrate', 'drift', ...sitio], { env: db.env }), {
    code: 1,
    stderr: /solo aqui no/,
  });
  t.same(await scratchDatabases(engine, others), []);
});

onPostgres(
  'what a killed run left is dropped by a later one, but not while it is young or in use',
  async (t) => {
    const db = await freshDatabase(t);
    const others = await othersOf(db.engine);
    const { engine } = db;
    const named = (ageSeconds: number, end: string): string =>
      `carril_drift_${Math.floor(Date.now() / 1000 - ageSeconds).toString(36)}_${end}`;
    const [old, young, other] = [
      named(7200, '00000000aa'),
      named(60, '00000000bb'),
      'carril_drift_de_alguien',
    ];
    t.teardown(async () => {
      for (const name of [old, young, other])
        await engine.batch(`DROP DATABASE IF EXISTS ${name}`).catch(() => undefined);
    });
    for (const name of [old, young, other]) await engine.batch(`CREATE DATABASE ${name}`);
    await drift(t, db);
    t.same((await scratchDatabases(engine, others)).sort(), [young, other].sort());
  },
);

onPostgres('a member of carril_dba with CREATEDB needs nothing more', async (t) => {
  const db = await freshDatabase(t);
  const others = await othersOf(db.engine);
  const env = await restrictedLogin(db, 'CREATEDB');
  const ran = await runCarril(['migrate', 'drift'], { env });
  t.match(ran, { code: 0, stdout: /no drift/ }, `${ran.stdout}${ran.stderr}`);
  t.same(await scratchDatabases(db.engine, others), []);
});

/** The environment of a login that is a member of carril_dba and, unless told, nothing else. */
async function restrictedLogin(
  db: TestDatabase,
  attributes = '',
): Promise<{ CARRIL_DATABASE_URL: string; CARRIL_HOME: string }> {
  const login = `${db.name}_dba`;
  const password = 'solo-para-esta-prueba';
  await db.engine.batch(`CREATE ROLE ${login} LOGIN ${attributes} PASSWORD '${password}' IN ROLE carril_dba`);
  beforeClose(db, async () => {
    await db.engine.batch(`DROP OWNED BY ${login}; DROP ROLE ${login}`);
  });
  const server = (await testServer()).direct(db.name);
  if (server.kind !== 'postgres') throw new Error('these scripts are PostgreSQL');
  const url = `postgres://${login}:${password}@${server.host}:${server.port}/${db.name}`;
  return { CARRIL_DATABASE_URL: url, CARRIL_HOME: db.env.CARRIL_HOME };
}
