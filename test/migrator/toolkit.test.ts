/** plan, history, new, baseline, repair, lock timeouts and folders of the site's own. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import t from 'tap';

import { catalogSnapshot, compareSnapshots, createMigrator } from '../../migrator/index.js';
import { readMigrations } from '../../migrator/migration-files.js';
import { freshDatabase, runCarril, waitUntilBlocked } from '../testing/index.js';
import { emptyDatabase, errorOf, newProject, onPostgres, publicTables } from './support.js';

t.setTimeout(240_000);

const table = (name: string) => `CREATE TABLE public.${name} (id int PRIMARY KEY);\n`;
const drop = (name: string) => `DROP TABLE public.${name};\n`;
const missing = (name: string) =>
  `DO $$ BEGIN IF to_regclass('public.${name}') IS NULL THEN RAISE EXCEPTION 'Falta ${name}' USING ERRCODE = 'UC422'; END IF; END $$;`;

void t.test('plan: what up would run on the empty database, and it changes nothing', async (t) => {
  const db = await emptyDatabase(t);
  const { engine } = db;
  const before = await catalogSnapshot(engine);
  const preview = await createMigrator(engine).plan({ to: 15 });
  t.same(compareSnapshots(before, await catalogSnapshot(engine)), []);
  t.equal(await hasSchema(engine), false, 'not even a journal');
  t.equal(preview.level, 0);
  t.match(preview.migrations[0], { number: 1, name: '001_esquemas', transaction: true, outOfOrder: false });
  t.ok(preview.migrations.every(({ statements }) => statements > 0));
  const planned = preview.migrations.find(({ number }) => number === 13);
  t.match(planned?.tables, [
    { access: 'exclusive', statements: ['ALTER TABLE', 'CREATE INDEX'], rows: undefined },
    {},
  ]);
  t.ok(preview.procedures.length > 5);
  t.ok(preview.procedures.every(({ action }) => action === 'create'));
  const result = await createMigrator(engine).up({ to: 15 });
  t.same(
    preview.migrations.map(({ number }) => number),
    result.migrations.map(({ number }) => number),
    'which is what it does',
  );
  t.same(preview.procedures.map(({ name }) => name).sort(), result.procedures.map(({ name }) => name).sort());
  const text = await runCarril(['migrate', 'plan', '--to', '18'], { env: db.env });
  t.match(text, { code: 0, stdout: /is at 015[^]*018_trabajos_y_chunks: \d+ \w+, in one transaction/ });
  t.match(text.stdout, /makes trabajo\.\w+/i);
});

async function hasSchema(engine: Parameters<typeof catalogSnapshot>[0]): Promise<boolean> {
  const rows = await engine.query(
    engine.dialect === 'postgres'
      ? `SELECT 1 AS n FROM pg_namespace WHERE nspname = 'carril'`
      : `SELECT 1 AS n FROM sys.schemas WHERE name = N'carril'`,
  );
  return rows.length > 0;
}

onPostgres('plan: rows by the statistics, changed and vanished procedures, renamed tables', async (t) => {
  const { engine } = await emptyDatabase(t);
  const project = newProject(t);
  project.migration('001_uno', table('uno'), drop('uno'));
  const file = (name: string, body: string) => {
    project.write(
      `procedures/public/${name}.sql`,
      `/*\n  Since: 001\n*/\nCREATE OR REPLACE FUNCTION public.${name}() RETURNS int LANGUAGE sql AS $$ ${body} $$;\n`,
    );
  };
  file('sp_a', 'SELECT 1');
  file('sp_b', 'SELECT 1');
  const migrator = project.migrator(engine);
  await migrator.up();
  project.migration(
    '002_dos',
    `ALTER TABLE public.uno RENAME TO dos;\nUPDATE public.dos SET id = id + 1;\n${table('uno')}`,
  );
  project.migration(
    '003_tres',
    `CREATE INDEX ON public.dos (id);\nINSERT INTO public.uno SELECT 1;\nSELECT * FROM no_existe;`,
  );
  t.match((await migrator.plan()).migrations[0]?.tables[0], { rows: undefined }, 'never analyzed');
  await engine.batch('INSERT INTO public.uno SELECT generate_series(1, 1000); ANALYZE public.uno');
  file('sp_a', 'SELECT 2');
  project.remove('procedures/public/sp_b.sql');
  file('sp_c', 'SELECT 3');
  const plan = await migrator.plan();
  t.match(plan.migrations, [
    {
      tables: [
        { name: 'public.dos', before: 'public.uno', access: 'exclusive', rows: 1000n },
        { name: 'public.uno', access: 'create' },
      ],
    },
    {
      tables: [
        { name: 'public.dos', access: 'share', rows: 1000n },
        { name: 'public.uno', access: 'rows' },
      ],
    },
  ]);
  t.equal(plan.migrations[1]?.tables.length, 2, 'a table that is nowhere is not shown');
  t.match(plan.procedures, [
    { name: 'public.sp_b', action: 'drop', file: undefined },
    { name: 'public.sp_a', action: 'change' },
    { name: 'public.sp_c', action: 'create' },
  ]);
  project.write('migrations/001_uno.up.sql', 'SELECT 3;');
  t.match(await errorOf(migrator.plan()), { code: 'FILE_CHANGED' });
});

void t.test('new: files for both dialects under the next free number', async (t) => {
  const cwd = mkdtempSync(join(tmpdir(), 'carril nuevo '));
  t.teardown(() => {
    rmSync(cwd, { recursive: true, force: true });
  });
  const carril = (...args: string[]) => runCarril(['migrate', 'new', ...args], { cwd });
  const first = await carril('Indice_de_fondos', '--migrations', 'sitio', '--number', '9');
  t.equal(first.code, 0, first.stderr);
  const files = first.stdout.trim().split('\n');
  t.same(
    files,
    ['sqlserver', 'postgres'].flatMap((dialect) =>
      ['up', 'down', 'verify'].map((part) => `sitio/${dialect}/009_Indice_de_fondos.${part}.sql`),
    ),
  );
  for (const file of files) t.match(readFileSync(join(cwd, file), 'utf8'), /009_Indice_de_fondos/);
  const json = JSON.parse((await carril('otra', '--migrations', 'sitio', '--json')).stdout) as {
    files: string[];
  };
  const number = Number(/(\d+)_otra/.exec(json.files[0] ?? '')?.[1]);
  const highest = Math.max(...readMigrations(['migrations'], 'postgres').map((one) => one.number));
  t.equal(number, highest + 1, "above carril's own as well");
  t.match(await carril('mas', '--migrations', 'sitio', '--number', '9'), {
    code: 2,
    stderr: /009 is taken: .*Indice_de_fondos/,
  });
  t.match(await carril('mas', '--migrations', 'sitio', '--number', '12'), {
    code: 2,
    stderr: /012 is taken/,
  });
  t.match(await carril('con espacio'), { code: 2 });
  t.match(await carril('../fuera'), { code: 2 });
  t.match(await carril('sola', '--migrations', 'sitio/postgres'), { code: 2, stderr: /one dialect/ });
  t.ok(existsSync(join(cwd, 'sitio/postgres')) && !existsSync(join(cwd, 'sitio/postgres/postgres')));
  t.equal((await carril('aqui')).stdout.split('\n')[0], `migrations/sqlserver/0${highest + 1}_aqui.up.sql`);

  const db = await freshDatabase(t);
  const sitio = ['--migrations', 'sitio'];
  for (const args of [['up'], ['verify'], ['down', '--to', String(highest)]]) {
    const ran = await runCarril(['migrate', ...args, ...sitio], { cwd, env: db.env });
    t.equal(ran.code, 0, `the templates run: ${args.join(' ')} ${ran.stderr}`);
  }
});

void t.test('baseline: an existing database begins at 008', async (t) => {
  const db = await emptyDatabase(t);
  const { engine } = db;
  const migrator = createMigrator(engine);
  const carril = (...args: string[]) => runCarril(['migrate', ...args], { env: db.env });
  t.match(await carril('baseline', '--at', '8'), {
    code: 1,
    stderr: /nothing was entered[^]*001_esquemas[^]*008_nomina_fuentes[^]*--accept/,
  });
  t.same((await migrator.status()).level, 0);
  await migrator.up({ to: 8 });
  const built = await catalogSnapshot(engine);
  t.match(await carril('baseline', '--at', '8'), { code: 1, stderr: /has 8 migrations already/ });
  await engine.batch(
    'DELETE FROM carril.Migraciones; DELETE FROM carril.Procedimientos; DELETE FROM carril.Historia;',
  );
  t.match(await carril('baseline'), { code: 2 });
  t.match(await carril('baseline', '--at', '7', '--accept', '9'), { code: 2 });
  t.match(await carril('baseline', '--at', '9'), { code: 2, stderr: /there is no such migration/ });

  const done = await carril('baseline', '--at', '8', '--json');
  t.match(JSON.parse(done.stdout), { level: 8, migrations: [{ number: 1, missing: null }] });
  t.same(compareSnapshots(built, await catalogSnapshot(engine)), [], 'only the journal was written');
  const { migrations, level } = await migrator.status();
  t.equal(level, 8);
  t.ok(migrations.every(({ number, state }) => state === (number <= 8 ? 'baseline' : 'pending')));
  t.ok((await migrator.history()).every((one) => one.entry === 'event' && one.event === 'baselined'));
  t.match(
    await errorOf(migrator.up()),
    { code: 'FOREIGN_OBJECTS' },
    'its procedures were not made by carril',
  );
  await migrator.up({ replace: 'all' });
  t.ok((await migrator.verify()).every(({ ok }) => ok));
  t.match(await errorOf(migrator.down({ to: 0 })), { code: 'BELOW_BASELINE' });
});

onPostgres('baseline: what is missing is accepted by name only, and recorded', async (t) => {
  const { engine } = await emptyDatabase(t);
  const project = newProject(t);
  for (const [number, name] of ['001 uno', '002 dos', '003 tres'].map(
    (pair) => pair.split(' ') as [string, string],
  )) {
    project.migration(`${number}_${name}`, table(name), drop(name), missing(name));
  }
  await engine.batch(table('dos'));
  const migrator = project.migrator(engine);
  const error = await errorOf(migrator.baseline({ at: 3 }));
  t.equal(error.code, 'NOT_VERIFIED');
  t.match(error.message, /Falta uno[^]*Falta tres/);
  t.notMatch(error.message, /Falta dos/);
  t.match(await errorOf(migrator.baseline({ at: 2, accept: [3] })), { name: 'UsageError' });
  t.match(await migrator.baseline({ at: 2, accept: [1] }), {
    level: 2,
    migrations: [{ missing: /Falta uno/ }, { missing: undefined }],
  });
  t.match(await migrator.history(), [
    { event: 'baselined', number: 1, reason: /accepted: .*Falta uno/ },
    { reason: undefined },
  ]);
  await migrator.up();
  t.same(await publicTables(engine), ['dos', 'tres'], 'what was accepted was not run');
});

onPostgres('repair accepts changed files, with a reason that is recorded', async (t) => {
  const { engine } = await emptyDatabase(t);
  const project = newProject(t);
  project.migration('001_uno', table('uno'), drop('uno'));
  project.migration('002_dos', table('dos'), drop('dos'));
  const migrator = project.migrator(engine, { user: 'ana' });
  await migrator.up();
  t.same(await migrator.repair({ reason: 'por si acaso' }), [], 'nothing to accept');
  project.write('migrations/001_uno.up.sql', `-- corregida\n${table('uno')}`);
  project.write('migrations/002_dos.verify.sql', 'SELECT 2;');
  t.equal((await errorOf(migrator.up())).code, 'FILE_CHANGED');
  t.match(await errorOf(migrator.repair({ reason: '' })), { name: 'UsageError', message: /--reason/ });
  t.match(await errorOf(migrator.repair({ reason: 'x', migration: 7 })), { name: 'UsageError' });
  t.match(await migrator.repair({ reason: 'comentario, ticket 4711', migration: 1 }), [
    { number: 1, parts: ['up'] },
  ]);
  t.match(
    (await errorOf(migrator.up())).message,
    /002_dos\.verify\.sql was changed/,
    'the other one still is',
  );
  t.match(await migrator.repair({ reason: 'verificacion mas estricta' }), [
    { number: 2, action: 'accepted', parts: ['verify'] },
  ]);
  t.same((await migrator.up()).migrations, []);
  t.match((await migrator.history()).slice(-2), [
    {
      event: 'repaired',
      number: 1,
      user: 'ana',
      reason: /^up \(before: [0-9a-f]{64}\): comentario, ticket 4711$/,
    },
    { event: 'repaired', number: 2, reason: /verificacion/ },
  ]);
  for (const part of ['up', 'down', 'verify']) project.remove(`migrations/002_dos.${part}.sql`);
  await migrator.repair({ reason: 'lo que falta no se acepta' });
  t.equal((await errorOf(migrator.up())).code, 'FILE_VANISHED');
});

onPostgres('--lock-timeout: a script does not stand in the way for longer, and leaves nothing', async (t) => {
  const { engine } = await emptyDatabase(t);
  const project = newProject(t);
  project.migration('001_uno', table('uno'), drop('uno'));
  const migrator = project.migrator(engine, { lockTimeoutMs: 300 });
  await migrator.up();
  project.migration(
    '002_dos',
    `${table('dos')}ALTER TABLE public.uno ADD COLUMN b int;`,
    `${drop('dos')}ALTER TABLE public.uno DROP COLUMN b;`,
  );
  await engine.connection(async (reader) => {
    await reader.batch('BEGIN; SELECT * FROM public.uno');
    const began = Date.now();
    const error = await errorOf(migrator.up());
    t.ok(Date.now() - began < 20_000);
    t.equal(error.code, 'SCRIPT_FAILED');
    t.match(
      error.message,
      /002_dos\.up\.sql:2:1: canceling statement due to lock timeout.*quieter moment.*--lock-timeout/,
    );
    t.match((await migrator.status()).failures, [{ sqlState: '55P03', statement: 2 }]);
    t.same(await publicTables(engine), ['uno']);
    const patient = project.migrator(engine).up();
    await waitUntilBlocked(engine);
    await reader.batch('COMMIT');
    t.equal((await patient).level, 2, 'without it, it waits');
  });
  await engine.connection(async (reader) => {
    await reader.batch('BEGIN; SELECT * FROM public.uno');
    t.match((await errorOf(migrator.down())).message, /lock timeout/);
    await reader.batch('COMMIT');
  });
  t.equal((await migrator.down()).level, 1);
});

void t.test('folders of the site: interleaved by number, two with one number refused by name', async (t) => {
  const db = await emptyDatabase(t);
  const project = newProject(t);
  const ok = 'SELECT 1 AS n;';
  for (const part of ['up', 'down', 'verify']) {
    for (const name of ['a/009_nueve', 'b/010_diez', 'c/900_ultima', 'd/010_otro'])
      project.write(`${name}.${part}.sql`, ok);
    project.write(`e/sqlserver/011_once.${part}.sql`, ok);
    project.write(`e/postgres/011_once.${part}.sql`, ok);
  }
  const folder = (name: string) => ['--migrations', `${project.root}/${name}`];
  const carril = (...args: string[]) => runCarril(['migrate', ...args], { env: db.env });
  const plan = await carril('plan', '--json', ...folder('c'), ...folder('b'), ...folder('e'), ...folder('a'));
  const { migrations } = JSON.parse(plan.stdout) as { migrations: { number: number }[] };
  const numbers = migrations.map(({ number }) => number);
  t.same(
    numbers,
    [...numbers].sort((a, b) => a - b),
  );
  t.same(
    numbers.filter((number) => number > 8 && number < 13),
    [9, 10, 11, 12],
  );
  t.equal(numbers.at(-1), 900);
  const twice = await carril('up', ...folder('b'), ...folder('d'));
  t.match(twice, { code: 2, stderr: /two migrations have the number 010: .*b\/010_diez.*d\/010_otro/ });
  t.match(await carril('plan', '--migrations', `${project.root}/b`, `${project.root}/d`), {
    code: 2,
    stderr: /number 010/,
  });
  t.match(await carril('status', ...folder('nada')), { code: 2, stderr: /cannot read the migrations/ });
});
