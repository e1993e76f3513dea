/** `carril migrate script`: what plain psql makes of the file, and what the T-SQL form is made of. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import t from 'tap';
import type { Test } from 'tap';

import type { Dialect, Engine } from '../../engine/index.js';
import {
  catalogSnapshot,
  compareSnapshots,
  createBackups,
  createMigrator,
  planSqlScript,
  planSqlScriptFor,
  sqlScript,
} from '../../migrator/index.js';
import { migrationFolders } from '../../migrator/index.js';
import { withLock } from '../../migrator/lock.js';
import { splitBatches } from '../../migrator/splitter.js';
import { runCarril, waitUntil } from '../testing/index.js';
import type { TestDatabase } from '../testing/index.js';
import { psql, withPsql } from './psql.js';
import { emptyDatabase, newProject } from './support.js';
import type { Project } from './support.js';

t.setTimeout(300_000);

const own = (dialect: Dialect) => migrationFolders(dialect, []);
const ofProject = (project: Project) => ({
  migrationsDirs: [project.migrations],
  proceduresDirs: [project.procedures],
  version: '0.9.0',
});

function written(t: Test, text: Iterable<string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'carril-script-'));
  t.teardown(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const file = join(folder, 'script.sql');
  writeFileSync(file, [...text].join(''));
  return file;
}

/** As if somebody had taken the line out: the guards must do without it. */
function withoutStop(text: string): string {
  return text.replace(/^\\set ON_ERROR_STOP on\n/m, '');
}

/** What the journal says, without when and by whom. */
async function journal(engine: Engine): Promise<unknown> {
  return {
    migrations: await engine.query(
      `SELECT numero, nombre, checksum, checksum_down, checksum_verify, estado, fuera_de_orden, version
         FROM carril.migraciones ORDER BY numero`,
    ),
    procedures: await engine.query(
      `SELECT nombre, checksum, desde, version FROM carril.procedimientos ORDER BY nombre`,
    ),
    base: await engine.query(`SELECT clave, valor FROM carril.base ORDER BY clave`),
    holder: await engine.query('SELECT * FROM carril.bloqueo'),
    history: await engine.query(
      `SELECT suceso, clase, numero, nombre, checksum, version FROM carril.historia ORDER BY clase, numero, nombre, id`,
    ),
    grants: await engine.query(
      `SELECT table_name::text, privilege_type::text FROM information_schema.role_table_grants
        WHERE table_schema = 'carril' AND grantee = 'carril_dba' ORDER BY 1, 2`,
    ),
    columns: await engine.query(
      `SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull
         FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = 'carril'::regnamespace AND c.relkind IN ('r', 'i') AND a.attnum > 0 ORDER BY 1, a.attnum`,
    ),
  };
}

async function same(t: Test, one: TestDatabase, other: TestDatabase): Promise<void> {
  t.strictSame(
    compareSnapshots(await catalogSnapshot(one.engine), await catalogSnapshot(other.engine)),
    [],
    'the catalogs are the same',
  );
  t.strictSame(await journal(one.engine), await journal(other.engine), 'and so are the journals');
}

/** psql is gone before the server has ended its session: a moment is given for that, and no more. */
async function lockIsFree(t: Test, engine: Engine): Promise<void> {
  await waitUntil(
    'the lock to be free',
    async () =>
      (
        await engine.query(
          `SELECT 1 AS n FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
        )
      ).length === 0,
    5000,
  );
  t.pass('the lock is free');
}

withPsql('psql brings an empty database where up does, level by level, and back', async (t) => {
  const tool = await emptyDatabase(t);
  const byHand = await emptyDatabase(t);
  const migrator = createMigrator(tool.engine);
  const run = async (from: number, to: number) => {
    const result = await psql(
      byHand,
      written(t, sqlScript(planSqlScript('postgres', own('postgres'), { from, to }))),
    );
    t.match(result, { code: 0, stderr: '' }, `from ${from} to ${to}`);
    t.match(result.stdout, new RegExp(`la base esta en ${String(to).padStart(3, '0')}\n$`));
    await lockIsFree(t, byHand.engine);
  };
  const { level: top } = await migrator.up();
  await run(0, 13);
  await run(13, top);
  await same(t, tool, byHand);
  const status = await createMigrator(byHand.engine).status();
  t.ok(status.migrations.every(({ state }) => state === 'applied'));
  t.ok(status.procedures.every(({ state }) => state === 'applied'));
  t.match(status.migrations[0], { user: /./, login: /./, host: /./ });
  t.ok((await createMigrator(byHand.engine).verify()).every(({ ok }) => ok));
  t.match(
    await createMigrator(byHand.engine).up(),
    { migrations: [], procedures: [] },
    'up finds nothing to do',
  );

  for (const [from, to] of [
    [top, 14],
    [14, 8],
    [8, 0],
  ] as const) {
    await migrator.down({ to });
    await run(from, to);
    await same(t, tool, byHand);
  }
});

withPsql('a script is refused where it does not fit, and changes nothing', async (t) => {
  const db = await emptyDatabase(t);
  const { engine } = db;
  const project = newProject(t);
  for (const n of [1, 2, 3]) {
    project.migration(`00${n}_m`, `CREATE TABLE public.t${n} (a int);`, `DROP TABLE public.t${n};`);
  }
  const folders = ofProject(project);
  const script = (from: number, to: number) =>
    written(t, sqlScript(planSqlScript('postgres', folders, { from, to })));
  const tables = async () =>
    (
      await engine.query(
        `SELECT relname::text AS t FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1`,
      )
    ).map((row) => row['t']);
  const refused = async (file: string, why: RegExp) => {
    const before = await tables();
    const tolerant = written(t, [withoutStop(readFileSync(file, 'utf8'))]);
    for (const one of [file, tolerant]) {
      const { code, stderr } = await psql(db, one);
      t.equal(code, 3);
      t.match(stderr, why);
    }
    t.strictSame(await tables(), before);
    await lockIsFree(t, engine);
  };

  const wrong = script(1, 3);
  await refused(wrong, /falta 001_m/);
  t.match(await psql(db, script(0, 2)), { code: 0 });
  await refused(wrong, /002_m ya esta aplicada/);
  await refused(script(0, 2), /en 000: 001_m ya esta aplicada; 002_m ya esta aplicada/);

  project.write('migrations/001_m.verify.sql', 'SELECT 2;');
  await refused(script(2, 3), /los archivos de 001_m no son los que se aplicaron/);
  project.write('migrations/001_m.verify.sql', 'SELECT 1;');

  await engine.batch('CREATE VIEW public.vw_ajena AS SELECT 1 AS a');
  project.write(
    'procedures/public/vw_ajena.sql',
    '/*\n  Since: 003\n*/\nCREATE VIEW public.vw_ajena AS SELECT 2 AS a;',
  );
  await refused(script(2, 3), /ya existen y no los puso carril: public\.vw_ajena/);
  await engine.batch('DROP VIEW public.vw_ajena');

  await engine.batch(`UPDATE carril.migraciones SET estado = 'BASE' WHERE numero = 1`);
  await refused(script(2, 0), /001_m: estaban antes de carril/);
  t.match(await psql(db, script(2, 1)), { code: 0 });

  await withLock(
    engine,
    { timeoutMs: 0, author: { user: 'ana', host: 'otra', version: '0.9.0' } },
    async () => {
      const { code, stderr } = await psql(db, script(1, 3));
      t.equal(code, 3);
      t.match(stderr, /otro migrador trabaja en esta base \(ana@otra, proceso \d+/);
      t.strictSame(await engine.query('SELECT poseedor FROM carril.bloqueo'), [{ poseedor: 'ana' }]);
    },
  );
  t.match(await psql(db, script(1, 3)), { code: 0 }, 'and afterwards it runs');
});

withPsql('an error in the middle stops it, and the next script goes on', async (t) => {
  for (const args of [[], ['-v', 'ON_ERROR_ROLLBACK=on']]) {
    const db = await emptyDatabase(t);
    const project = newProject(t);
    project.migration('001_bien', 'CREATE TABLE public.uno (a int);', 'DROP TABLE public.uno;');
    project.migration(
      '002_mal',
      'CREATE TABLE public.dos (a int);\nSELECT 1/(count(*) - count(*)) FROM public.dos;\nCREATE TABLE public.medio (a int);',
    );
    project.migration('003_tres', 'CREATE TABLE public.tres (a int);');
    project.write(
      'procedures/public/f.sql',
      '/*\n  Since: 001\n*/\nCREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;',
    );
    const plan = () => planSqlScript('postgres', ofProject(project), { from: 0 });
    let text = [...sqlScript(plan())].join('');
    if (args.length > 0) text = withoutStop(text);
    const { code, stderr } = await psql(db, written(t, [text]), args);
    t.equal(code, 3);
    t.match(stderr, /division by zero/);
    if (args.length > 0) t.match(stderr, /el script no llego al final/);
    await lockIsFree(t, db.engine);
    t.strictSame(
      await db.engine.query(`SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace`),
      [{ relname: 'uno' }],
    );
    t.equal((await project.migrator(db.engine).status()).level, 1);

    project.write('migrations/002_mal.up.sql', 'CREATE TABLE public.dos (a int);');
    const next = await planSqlScriptFor(db.engine, ofProject(project), {});
    t.match(next, { direction: 'up', from: 1, to: 3 });
    t.match(await psql(db, written(t, sqlScript(next))), { code: 0, stderr: '' });
    const status = await project.migrator(db.engine).status();
    t.strictSame(
      status.migrations.map(({ state }) => state),
      ['applied', 'applied', 'applied'],
    );
    t.strictSame(await db.engine.query('SELECT public.f() AS f'), [{ f: 1 }]);
  }
});

withPsql('a script takes the backups that its migrations ask for, as the tool does', async (t) => {
  const taken = async (engine: Engine) =>
    await engine.query(
      'SELECT nombre, tabla, copia, filas, suma, columnas, motivo FROM carril.respaldos ORDER BY copia',
    );
  const project = newProject(t);
  project.migration(
    '001_m',
    "CREATE TABLE public.t (a int, b text);\nINSERT INTO public.t VALUES (1, 'ñ'), (2, NULL);",
    '-- carril: respaldo public.t\nDROP TABLE public.t;',
  );
  const tool = await emptyDatabase(t);
  const byHand = await emptyDatabase(t);
  for (const { engine } of [tool, byHand]) await project.migrator(engine).up();
  await project.migrator(tool.engine).down();
  const back = planSqlScript('postgres', ofProject(project), { from: 1, to: 0 });
  t.match(await psql(byHand, written(t, sqlScript(back))), { code: 0, stderr: '' });
  t.strictSame(await taken(byHand.engine), await taken(tool.engine));
  t.match(await taken(byHand.engine), [{ nombre: '001_m.down', filas: 2n }]);
  await project.migrator(byHand.engine).up();
  await byHand.engine.batch('DELETE FROM public.t');
  await createBackups(byHand.engine).restore('001_m.down');
  t.strictSame(await byHand.engine.query('SELECT * FROM public.t ORDER BY a'), [
    { a: 1, b: 'ñ' },
    { a: 2, b: null },
  ]);
});

withPsql('procedures: changed, of another shape, gone; what psql would take for its own', async (t) => {
  const db = await emptyDatabase(t);
  const project = newProject(t);
  project.migration(
    '001_m',
    "CREATE TABLE public.t (a int[], b text);\nINSERT INTO public.t VALUES (ARRAY[1,2,3], 'x :HOST $texto$ ');\n" +
      'UPDATE public.t SET a = a[1:HOST] FROM (SELECT 2 AS HOST) AS h -- sin punto y coma',
  );
  const since = '/*\n  Since: 001\n*/\n';
  const view = (columns: string) => `${since}CREATE OR REPLACE VIEW public.vw_a AS SELECT ${columns};`;
  project.write('procedures/public/vw_a.sql', view('1 AS a, 2 AS b'));
  project.write(
    'procedures/public/f.sql',
    `${since}CREATE OR REPLACE FUNCTION public.f(x int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;`,
  );
  project.write(
    'procedures/public/g.sql',
    `${since}CREATE OR REPLACE FUNCTION public.g() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;`,
  );
  const run = async () =>
    await psql(db, written(t, sqlScript(await planSqlScriptFor(db.engine, ofProject(project), {}))));
  t.match(await run(), { code: 0, stderr: '' });
  t.strictSame(await db.engine.query('SELECT a::text, b FROM public.t'), [
    { a: '{1,2}', b: 'x :HOST $texto$ ' },
  ]);

  project.write('procedures/public/vw_a.sql', view('2 AS b'));
  project.write(
    'procedures/public/f.sql',
    `${since}CREATE OR REPLACE FUNCTION public.f(x text) RETURNS text LANGUAGE sql AS $$ SELECT 'ñ :x' $$;`,
  );
  project.remove('procedures/public/g.sql');
  t.match(await run(), { code: 0, stderr: '' });
  const other = await emptyDatabase(t);
  await project.migrator(other.engine, { version: '0.9.0' }).up();
  // one has come a longer way
  for (const { engine } of [db, other]) await engine.batch('DELETE FROM carril.historia');
  await same(t, other, db);
  t.match(await project.migrator(db.engine).up(), { procedures: [] });
});

withPsql('what an up adopted or replaced, a script leaves to the tool', async (t) => {
  const db = await emptyDatabase(t);
  const { engine } = db;
  const project = newProject(t);
  const text = (name: string, value: number) =>
    `-- Since: 001\nCREATE OR REPLACE FUNCTION public.${name}() RETURNS int LANGUAGE sql AS 'SELECT ${value}';`;
  project.migration('001_nada', 'SELECT 1;');
  project.migration('002_nada', 'SELECT 1;');
  for (const name of ['adoptada', 'reemplazada']) {
    await engine.batch(text(name, 1));
    project.write(`procedures/public/${name}.sql`, text(name, 2));
  }
  await project
    .migrator(engine, { version: '0.9.0' })
    .up({ to: 1, adopt: ['public.adoptada'], replace: ['public.reemplazada'] });
  const values = async () =>
    await engine.query('SELECT public.adoptada() AS adoptada, public.reemplazada() AS reemplazada');
  t.strictSame(await values(), [{ adoptada: 1, reemplazada: 2 }]);
  const script = async (to?: number) =>
    await psql(db, written(t, sqlScript(await planSqlScriptFor(engine, ofProject(project), { to }))));

  t.match(await script(), { code: 0 }, 'whose files did not change are left as they are');
  t.strictSame(await values(), [{ adoptada: 1, reemplazada: 2 }]);

  project.write('procedures/public/reemplazada.sql', text('reemplazada', 3));
  t.match(await script(), { code: 0 }, 'one that was replaced is carril’s own by now');
  t.strictSame(await values(), [{ adoptada: 1, reemplazada: 3 }]);

  project.write('procedures/public/adoptada.sql', text('adoptada', 3));
  const refused = await script();
  t.equal(refused.code, 3);
  t.match(
    refused.stderr,
    /public\.adoptada estaba antes de carril y se adopto o reemplazo: este paso lo hace carril migrate/,
  );
  t.strictSame(
    await values(),
    [{ adoptada: 1, reemplazada: 3 }],
    'the site’s text is not overwritten unsaved',
  );

  const down = await script(0);
  t.equal(down.code, 3, 'nor is there a way down past it: what was there must be restored');
  t.match(down.stderr, /este paso lo hace carril migrate/);
  t.strictSame(await values(), [{ adoptada: 1, reemplazada: 3 }]);
  await project.migrator(engine, { version: '0.9.0' }).down({ to: 0 });
  t.strictSame(await values(), [{ adoptada: 1, reemplazada: 1 }], 'which the tool does');
});

withPsql('it ends with the grants, as up does, and leaves those of an adopted object alone', async (t) => {
  const db = await emptyDatabase(t);
  const { engine } = db;
  const project = newProject(t);
  const text = (name: string) => `SET LOCAL ROLE carril_dueno;
-- Since: 001
CREATE OR REPLACE FUNCTION sitio.${name}() RETURNS int LANGUAGE sql AS 'SELECT 1';
GRANT EXECUTE ON FUNCTION sitio.${name} TO carril_app;`;
  const roles = ['carril_dueno', 'carril_app', 'carril_lector']
    .map((role) => `IF to_regrole('${role}') IS NULL THEN CREATE ROLE ${role} NOLOGIN; END IF;`)
    .join(' ');
  const schema = 'CREATE SCHEMA IF NOT EXISTS sitio AUTHORIZATION carril_dueno;';
  await engine.batch(`DO $$ BEGIN ${roles} END $$;
    ${schema}
    CREATE FUNCTION sitio.adoptada() RETURNS int LANGUAGE sql AS 'SELECT 2';
    REVOKE EXECUTE ON FUNCTION sitio.adoptada FROM PUBLIC;`);
  project.migration(
    '001_sitio',
    `${schema} CREATE TABLE sitio.t (a int); GRANT USAGE ON SCHEMA sitio TO carril_app; GRANT SELECT ON sitio.t TO carril_app;`,
  );
  project.migration('002_quita', 'REVOKE SELECT ON sitio.t FROM carril_app;');
  project.write('procedures/sitio/adoptada.sql', text('adoptada'));
  project.write('procedures/sitio/propia.sql', text('propia'));
  await project.migrator(engine, { version: '0.9.0' }).up({ to: 1, adopt: ['sitio.adoptada'] });
  const may = async () =>
    (
      await engine.query(`
        SELECT has_schema_privilege('carril_app', 'sitio', 'USAGE') AS usa,
          has_table_privilege('carril_app', 'sitio.t', 'SELECT') AS lee,
          has_function_privilege('carril_app', 'sitio.propia()', 'EXECUTE') AS propia,
          has_function_privilege('carril_app', 'sitio.adoptada()', 'EXECUTE') AS adoptada`)
    )[0];
  const script = async (to?: number) =>
    await psql(db, written(t, sqlScript(await planSqlScriptFor(engine, ofProject(project), { to }))));

  await engine.batch(`SET ROLE carril_dueno; REVOKE EXECUTE ON FUNCTION sitio.propia FROM carril_app, PUBLIC;
    REVOKE USAGE ON SCHEMA sitio FROM carril_app; RESET ROLE; REVOKE SELECT ON sitio.t FROM carril_app`);
  t.match(await script(1), { code: 0, stderr: '' }, 'nothing to migrate');
  t.strictSame(await may(), { usa: true, lee: true, propia: true, adoptada: false }, 'and all is given back');
  t.match(await script(), { code: 0, stderr: '' });
  t.strictSame(
    await may(),
    { usa: true, lee: false, propia: true, adoptada: false },
    'of what a later migration revoked, nothing comes back',
  );
});

t.test('the T-SQL form: every batch is guarded, and none comes before the lock', (t) => {
  for (const range of [
    { from: 0, to: 22 },
    { from: 22, to: 0 },
    { from: 13, to: 13 },
  ]) {
    const plan = planSqlScript('sqlserver', own('sqlserver'), range);
    const text = [...sqlScript(plan)].join('');
    t.ok(text.startsWith('\uFEFF/*'), 'marked as UTF-8');
    const batches = splitBatches(text).map((batch) => batch.text);
    const lock = batches.findIndex((batch) => batch.includes('EXEC @codigo = sys.sp_getapplock'));
    for (const batch of batches.slice(0, lock)) {
      t.notMatch(
        batch.replaceAll(/'(?:[^']|'')*'/g, "''").replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, ''),
        /^(?!CREATE (?:PROCEDURE|TABLE) #)[ \t]*(?:CREATE|ALTER|BEGIN TRAN)/m,
        'before the lock only what is of the session',
      );
    }
    const steps = batches.slice(lock, -1);
    for (const [i, batch] of steps.entries()) {
      t.ok(
        batch.startsWith(`IF CONVERT(int, SESSION_CONTEXT(N'carril.paso')) = ${i}`) || batch.startsWith('--'),
        `batch ${i} looks first`,
      );
      t.ok(batch.endsWith('ELSE\n  EXEC #carril_omitir;'), 'does nothing when it may not');
      const done = batch.lastIndexOf(`@key = N'carril.paso', @value = ${i + 1};\n  END TRY`);
      t.ok(done > batch.lastIndexOf('COMMIT TRANSACTION;'), 'counts after the commit, last in TRY');
      t.match(
        batch.slice(done),
        /BEGIN CATCH\n {4}IF XACT_STATE\(\) <> 0\n {6}ROLLBACK TRANSACTION;\n {4}EXEC #carril_fallo/,
      );
      if (i > 0) t.match(batch.slice(0, 200), /APPLOCK_MODE\(.*= N'Exclusive' AND @@TRANCOUNT = 0/);
    }
    const permissions = steps.at(-1) ?? '';
    if (plan.to === 22) {
      t.match(
        permissions,
        /GRANT EXECUTE ON OBJECT::logs\.sp_Inicializar_Proceso TO carril_app;/,
        'grants last',
      );
      t.match(
        permissions,
        /N''logs\.sp_inicializar_proceso'' AND o\.cerrado_en IS NULL AND o\.accion = N''ADOPTADA''\) GRANT/,
        'but of what was adopted',
      );
    }
    const last = batches.at(-1) ?? '';
    t.match(last, new RegExp(`= ${steps.length}\n`), 'the last one asks whether all were done');
    t.match(last, /#carril_soltar[\s\S]*ELSE[\s\S]*#carril_soltar[\s\S]*RAISERROR/, 'and lets go either way');
    for (const { migration } of plan.steps) {
      const script = migration[plan.direction];
      for (const { text: part } of splitBatches(script.text)) {
        t.ok(text.includes(`N'${part.replaceAll("'", "''")}';`), `${script.shown}:${part.slice(0, 30)}`);
      }
    }
  }
  t.end();
});

t.test('the T-SQL form leaves nothing to sqlcmd, and refuses what a script cannot do', (t) => {
  const project = newProject(t);
  const text = () => [...sqlScript(planSqlScript('sqlserver', ofProject(project), { from: 0 }))].join('');
  project.migration('001_m', "/*\nGO\n:r otro.sql\n*/ SELECT '$(USUARIO)', N'it''s';\nGO 3\nSELECT 2");
  const script = text();
  t.notMatch(script, /\$\(/);
  t.notMatch(script, /^:r/m);
  const batch = splitBatches(script).find((one) => one.text.includes('otro.sql'))?.text ?? '';
  const constant =
    /SET @texto = CONVERT\(nvarchar\(max\), N''\) \+ ((?:N'(?:[^']|'')*'(?: \+ )?)+);/.exec(batch)?.[1] ?? '';
  const joined = [...constant.matchAll(/N'((?:[^']|'')*)'/g)]
    .map(([, part]) => (part ?? '').replaceAll("''", "'"))
    .join('');
  t.equal(
    joined,
    "/*\nGO\n:r otro.sql\n*/ SELECT '$(USUARIO)', N'it''s';",
    'the server gets what the file says',
  );
  t.match(batch, /WHILE @vez < 3/);

  project.migration('001_m', 'CREATE TABLE #x (a int);\nGO\nINSERT INTO #x VALUES (1);');
  t.throws(text, /001_m\.up\.sql uses #x in several of its batches/);
  project.migration('001_m', 'SET QUOTED_IDENTIFIER OFF;\nGO\nSELECT 1;');
  t.throws(text, /001_m\.up\.sql:1: a setting for the batches that follow/);
  project.migration('001_m', '-- carril: sin transaccion\nSELECT 1;');
  t.throws(text, /001_m\.up\.sql runs outside a transaction/);
  t.end();
});

t.test(
  'the command: the same file each time, from where a database stands, or from what it is told',
  async (t) => {
    const folder = t.testdir({});
    const file = (name: string) => join(folder, name);
    const alone = await runCarril(['migrate', 'script', '--out', file('a.sql'), '--json'], { cwd: folder });
    t.match(alone, { code: 0, stderr: '' });
    const bytes = readFileSync(file('a.sql'));
    t.match(JSON.parse(alone.stdout), {
      dialect: 'sqlserver',
      direction: 'up',
      from: 0,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    const stdout = await runCarril(['migrate', 'script'], { cwd: folder });
    t.equal(stdout.stdout, bytes.toString('utf8'), 'on standard output the same');

    for (const [args, why] of [
      [['--to', '9999'], /--to 9999: no migration has the number 9999/],
      [['--from', '-1'], /--from takes the number of a migration/],
      [['--json'], /--json needs --out/],
      [['--dialect', 'oracle'], /Invalid values/],
    ] as const) {
      t.match(await runCarril(['migrate', 'script', ...args], { cwd: folder }), {
        code: 2,
        stdout: '',
        stderr: why,
      });
    }
    t.match(await runCarril(['migrate', 'script', '--help'], { cwd: folder }), {
      code: 0,
      stdout: /--from 8 --to 22/,
    });

    const db = await emptyDatabase(t);
    if (db.dialect !== 'postgres') return;
    await createMigrator(db.engine).up({ to: 12 });
    const found = await runCarril(['migrate', 'script', '--to', '8', '--out', file('b.sql'), '--json'], {
      env: db.env,
    });
    t.match(JSON.parse(found.stdout), {
      dialect: 'postgres',
      direction: 'down',
      from: 12,
      to: 8,
      migrations: ['012_procesos'],
    });
    t.match(await runCarril(['migrate', 'script', '--dialect', 'sqlserver'], { env: db.env }), {
      code: 2,
      stderr: /the configured database is postgres/,
    });
  },
);
