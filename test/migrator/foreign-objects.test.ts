/** Procedures and views that were there before carril: never replaced unasked, and given back. */
import t from 'tap';

import { catalogSnapshot, compareSnapshots } from '../../migrator/index.js';
import { freshDatabase, runCarril } from '../testing/index.js';
import { emptyDatabase, errorOf, newProject, onPostgres } from './support.js';

t.setTimeout(180_000);

async function prepared(t: Parameters<typeof emptyDatabase>[0]) {
  const db = await emptyDatabase(t);
  const { engine } = db;
  const project = newProject(t);
  project.migration('001_esquema', 'SELECT 1;');
  project.migration('002_tabla', 'CREATE TABLE sitio.t (id int);', 'DROP TABLE sitio.t;');
  const put = (name: string, text: string, since = '002') => {
    project.write(`procedures/sitio/${name}.sql`, `/*\n  Since: ${since}\n*/\n${text}\n`);
  };
  await engine.batch(`CREATE SCHEMA sitio;
    CREATE FUNCTION sitio.sp_a(x int) RETURNS int LANGUAGE sql AS $$
      -- de antes
      SELECT x + 1
    $$;
    REVOKE ALL ON FUNCTION sitio.sp_a FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION sitio.sp_a TO pg_monitor;
    CREATE VIEW sitio.vw_b WITH (security_barrier = true) AS SELECT sitio.sp_a(1) AS n;
    GRANT SELECT ON sitio.vw_b TO pg_monitor, PUBLIC;`);
  put(
    'sp_a',
    'CREATE OR REPLACE FUNCTION sitio.sp_a(x int) RETURNS int LANGUAGE sql AS $$\n  -- de carril\n  SELECT x + 2\n$$;',
  );
  put('vw_b', 'CREATE OR REPLACE VIEW sitio.vw_b AS SELECT 7 AS n;');
  put('sp_c', 'CREATE OR REPLACE FUNCTION sitio.sp_c() RETURNS int LANGUAGE sql AS $$ SELECT 3 $$;');
  const value = async (sql: string) => (await engine.query(`SELECT ${sql} AS x`))[0]?.['x'];
  return { db, engine, project, put, migrator: project.migrator(engine), value };
}

onPostgres('plan shows how they differ, up stops before anything runs', async (t) => {
  const { engine, migrator, project, value } = await prepared(t);
  const before = await catalogSnapshot(engine);
  const plan = await migrator.plan();
  t.equal(plan.blocked, true);
  t.match(plan.procedures, [
    { name: 'sitio.vw_b', action: 'foreign' },
    { name: 'sitio.sp_a', action: 'foreign' },
    { name: 'sitio.sp_c', action: 'create', difference: undefined },
  ]);
  const difference = plan.procedures[1]?.difference ?? '';
  t.match(difference, /^-.*-- de antes$/m);
  t.match(difference, /^\+.*-- de carril$/m);
  const error = await errorOf(migrator.up());
  t.equal(error.code, 'FOREIGN_OBJECTS');
  t.match(error.message, /sitio\.vw_b \(view\), sitio\.sp_a \(function\).*plan.*--adopt.*--replace/s);
  t.equal((await migrator.status()).level, 0, 'not even a migration');
  t.same(compareSnapshots(before, await catalogSnapshot(engine)), []);
  t.equal(
    (await errorOf(migrator.up({ adopt: ['sitio.sp_a'] }))).code,
    'FOREIGN_OBJECTS',
    'one is undecided',
  );
  t.match(await errorOf(migrator.up({ adopt: ['sitio.nada'] })), {
    name: 'UsageError',
    message: /no file makes sitio\.nada/,
  });
  t.match(await errorOf(migrator.up({ adopt: 'all', replace: 'all' })), { name: 'UsageError' });
  t.equal(
    (await migrator.up({ to: 1 })).level,
    1,
    'below the migration after which they exist nothing is in the way',
  );
  t.equal(await value('sitio.sp_a(1)'), 2);
  t.ok(project);
});

onPostgres('adopted: kept until its file changes, and left alone by down', async (t) => {
  const { engine, migrator, put, value } = await prepared(t);
  const before = await catalogSnapshot(engine);
  const up = await migrator.up({ adopt: 'all' });
  t.match(up.procedures, [
    { name: 'sitio.vw_b', action: 'adopted' },
    { name: 'sitio.sp_a', action: 'adopted' },
    { name: 'sitio.sp_c', action: 'applied' },
  ]);
  t.equal(await value('sitio.sp_a(1)'), 2);
  t.same((await migrator.up()).procedures, [], 'and again');
  t.ok((await migrator.status()).procedures.every(({ state }) => state === 'applied'));
  t.match((await migrator.down()).procedures.map(({ name, action }) => `${action} ${name}`).sort(), [
    'dropped sitio.sp_c',
    'released sitio.sp_a',
    'released sitio.vw_b',
  ]);
  t.same(compareSnapshots(before, await catalogSnapshot(engine)), [], 'nothing of the site was touched');

  await migrator.up({ adopt: 'all' });
  put('sp_a', 'CREATE OR REPLACE FUNCTION sitio.sp_a(x int) RETURNS int LANGUAGE sql AS $$ SELECT x + 3 $$;');
  t.match((await migrator.plan()).procedures, [
    { name: 'sitio.sp_a', action: 'change', difference: /-- de antes/ },
  ]);
  t.same(
    (await migrator.up()).procedures,
    [{ name: 'sitio.sp_a', action: 'replaced' }],
    'now its file counts',
  );
  t.equal(await value('sitio.sp_a(1)'), 4);
  await migrator.down();
  t.equal(await value('sitio.sp_a(1)'), 2, 'and what it replaced is back');
  t.same(compareSnapshots(before, await catalogSnapshot(engine)), []);
});

onPostgres('replaced: saved, and restored by down with owner and grants', async (t) => {
  const { engine, migrator, value, put } = await prepared(t);
  const before = await catalogSnapshot(engine);
  const up = await migrator.up({ replace: 'all' });
  t.match(up.procedures.map(({ name, action }) => `${action} ${name}`).sort(), [
    'applied sitio.sp_c',
    'replaced sitio.sp_a',
    'replaced sitio.vw_b',
  ]);
  t.same([await value('sitio.sp_a(1)'), await value('(SELECT n FROM sitio.vw_b)')], [3, 7]);
  put(
    'sp_a',
    'CREATE OR REPLACE FUNCTION sitio.sp_a(x int) RETURNS text LANGUAGE sql AS $$ SELECT $1::text $$;',
  );
  t.same(
    (await migrator.up()).procedures,
    [{ name: 'sitio.sp_a', action: 'recreated' }],
    'from now on it is ours',
  );
  const down = await migrator.down();
  t.match(
    down.procedures.filter(({ action }) => action === 'restored'),
    [{}, {}],
  );
  t.same(compareSnapshots(before, await catalogSnapshot(engine)), [], 'as if carril had never been there');
  t.equal((await errorOf(migrator.up())).code, 'FOREIGN_OBJECTS', 'and asked again');
});

onPostgres('one adopted, one replaced; another shape, with what hangs on it', async (t) => {
  const { engine, migrator, put, value } = await prepared(t);
  const before = await catalogSnapshot(engine);
  put(
    'sp_a',
    'CREATE OR REPLACE FUNCTION sitio.sp_a(x bigint) RETURNS text LANGUAGE sql AS $$ SELECT $1::text $$;',
  );
  const refused = await errorOf(migrator.up({ adopt: ['sitio.vw_b'], replace: ['sitio.sp_a'] }));
  t.equal(refused.code, 'FOREIGN_DEPENDENTS', 'the adopted view hangs on the function that would have to go');
  t.match(refused.message, /sitio\.sp_a.*view sitio\.vw_b/);
  await migrator.down();
  t.same(compareSnapshots(before, await catalogSnapshot(engine)), []);
  put('vw_b', 'CREATE OR REPLACE VIEW sitio.vw_b AS SELECT sitio.sp_a(5) AS n;');
  await migrator.up({ replace: 'all' });
  t.equal(await value('(SELECT n FROM sitio.vw_b)'), '5');
  await migrator.down();
  t.same(compareSnapshots(before, await catalogSnapshot(engine)), [], 'both are back, grants included');
});

onPostgres('a replaced one whose file vanishes is given back by up', async (t) => {
  const { engine, migrator, project, value } = await prepared(t);
  await migrator.up({ replace: ['SITIO.sp_A'], adopt: 'all' });
  project.remove('procedures/sitio/sp_a.sql');
  project.remove('procedures/sitio/vw_b.sql');
  t.match((await migrator.plan()).procedures, [
    { name: 'sitio.sp_a', action: 'drop' },
    { name: 'sitio.vw_b', action: 'release' },
  ]);
  await migrator.up();
  t.equal(await value('sitio.sp_a(1)'), 2);
  t.equal(await value('(SELECT n FROM sitio.vw_b)'), 2);
  t.same(await engine.query('SELECT 1 AS x FROM carril.objetos_previos WHERE cerrado_en IS NULL'), []);
});

onPostgres('on the command line', async (t) => {
  const db = await freshDatabase(t);
  await db.engine.batch(`DELETE FROM carril.procedimientos WHERE nombre = 'logs.sp_Estado_Proceso'`);
  const carril = (...args: string[]) => runCarril(['migrate', ...args], { env: db.env });
  const plan = await carril('plan');
  t.match(plan, { code: 1, stdout: /IN THE WAY.*logs\.sp_Estado_Proceso[^]*--adopt/ });
  t.match(JSON.parse((await carril('plan', '--json')).stdout), {
    blocked: true,
    procedures: [{ action: 'foreign' }],
  });
  t.match(await carril('up'), { code: 1, stderr: /logs\.sp_Estado_Proceso \(function\)/ });
  t.match(await carril('up', '--adopt', 'logs.sp_x'), { code: 2, stderr: /no file makes logs\.sp_x/ });
  t.match(await carril('up', '--adopt'), { code: 0, stdout: /adopted logs\.sp_Estado_Proceso/ });
  t.match(await carril('plan'), { code: 0, stdout: /nothing to do/ });
  t.match((await carril('history')).stdout, /adopted +logs\.sp_Estado_Proceso/);
});
