import t from 'tap';

import type { Engine } from '../../engine/index.js';
import type { Migrator } from '../../migrator/index.js';
import { catalogSnapshot, compareSnapshots } from '../../migrator/index.js';
import { emptyDatabase, errorOf, newProject, onPostgres } from './support.js';
import type { Project } from './support.js';

t.setTimeout(180_000);

async function prepared(t: Parameters<typeof emptyDatabase>[0]): Promise<{
  engine: Engine;
  project: Project;
  migrator: Migrator;
  put: (name: string, text: string, since?: string) => void;
}> {
  const { engine } = await emptyDatabase(t);
  const project = newProject(t);
  project.migration('001_esquema', 'CREATE SCHEMA logs;', 'DROP SCHEMA logs;');
  project.migration('002_tabla', 'CREATE TABLE logs.t (id int, b int);', 'DROP TABLE logs.t;');
  const put = (name: string, text: string, since = '001') => {
    project.write(`procedures/logs/${name}.sql`, `/*\n  Since: ${since}\n*/\n${text}\n`);
  };
  return { engine, project, migrator: project.migrator(engine), put };
}

const fn = (name: string, parameters: string, result: string, body: string) =>
  `CREATE OR REPLACE FUNCTION logs.${name}(${parameters}) RETURNS ${result} LANGUAGE sql AS $$ ${body} $$;\n` +
  `GRANT EXECUTE ON FUNCTION logs.${name} TO pg_monitor;`;

async function one(engine: Engine, sql: string): Promise<unknown> {
  return (await engine.query(`SELECT (SELECT ${sql}) AS x`))[0]?.['x'];
}

async function granted(engine: Engine, name: string): Promise<unknown> {
  return await one(
    engine,
    `bool_and(has_function_privilege('pg_monitor', oid, 'execute') AND proacl IS NOT NULL) FROM pg_proc WHERE proname = '${name}'`,
  );
}

onPostgres('applied when they are new or changed, and only then', async (t) => {
  const { engine, migrator, put } = await prepared(t);
  put('sp_a', fn('sp_a', '', 'int', 'SELECT 1'));
  put('sp_b', fn('sp_b', '', 'bigint', 'SELECT count(*) FROM logs.t'), '002');
  t.same((await migrator.up({ to: 1 })).procedures, [{ name: 'logs.sp_a', action: 'applied' }]);
  t.match((await migrator.status()).procedures, [
    { name: 'logs.sp_a', state: 'applied' },
    { name: 'logs.sp_b', state: 'waiting', since: 2 },
  ]);
  t.same((await migrator.up()).procedures, [{ name: 'logs.sp_b', action: 'applied' }]);
  t.same((await migrator.up()).procedures, []);
  put('sp_a', fn('sp_a', '', 'int', 'SELECT 2'));
  t.match((await migrator.status()).procedures[0], { state: 'changed' });
  t.same((await migrator.up()).procedures, [{ name: 'logs.sp_a', action: 'applied' }]);
  t.equal(await one(engine, 'logs.sp_a()'), 2);
});

onPostgres('down drops those that need what goes, up to nothing', async (t) => {
  const { engine, migrator, put } = await prepared(t);
  put('sp_a', fn('sp_a', '', 'int', 'SELECT 1'));
  put('vw_b', 'CREATE OR REPLACE VIEW logs.vw_b AS SELECT id FROM logs.t;', '002');
  put('fn_c', fn('fn_c', '', 'SETOF logs.vw_b', 'SELECT * FROM logs.vw_b'), '002');
  await migrator.up();
  const full = await catalogSnapshot(engine);
  const down = await migrator.down();
  t.same(down.procedures.map(({ name }) => name).sort(), ['logs.fn_c', 'logs.vw_b']);
  t.same(
    (await migrator.status()).procedures.map(({ state }) => state),
    ['waiting', 'applied', 'waiting'],
  );
  await migrator.down({ to: 0 });
  t.same(
    (await catalogSnapshot(engine)).filter(({ name }) => name.startsWith('logs')),
    [],
  );
  await migrator.up();
  t.same(compareSnapshots(full, await catalogSnapshot(engine)), []);
});

onPostgres('another result, other parameters: dropped and made again, with grants', async (t) => {
  const { engine, migrator, put } = await prepared(t);
  put('sp_a', fn('sp_a', 'x int', 'int', 'SELECT x'));
  await migrator.up();
  put('sp_a', fn('sp_a', 'x int', 'text', 'SELECT x::text'));
  t.same((await migrator.up()).procedures, [{ name: 'logs.sp_a', action: 'recreated' }]);
  t.equal(await one(engine, 'logs.sp_a(1)'), '1');
  put('sp_a', fn('sp_a', 'y int', 'text', 'SELECT y::text'));
  t.same((await migrator.up()).procedures, [{ name: 'logs.sp_a', action: 'recreated' }], 'another name');
  put('sp_a', fn('sp_a', 'y int, z int = 1', 'text', 'SELECT (y + z)::text'));
  t.same(
    (await migrator.up()).procedures,
    [{ name: 'logs.sp_a', action: 'recreated' }],
    'one parameter more',
  );
  t.equal(await one(engine, 'logs.sp_a(1)'), '2', 'and no second function beside it');
  put('sp_a', 'CREATE OR REPLACE FUNCTION logs.sp_a(y bigint) RETURNS int LANGUAGE sql AS $$ SELECT 3 $$;');
  t.same(
    (await migrator.up()).procedures,
    [{ name: 'logs.sp_a', action: 'recreated' }],
    'no GRANT that notices',
  );
  t.equal(await one(engine, 'count(*)::int FROM pg_proc WHERE proname = $$sp_a$$'), 1);
  put('sp_a', 'CREATE OR REPLACE PROCEDURE logs.sp_a(y bigint) LANGUAGE sql AS $$ SELECT 3 $$;');
  t.same((await migrator.up()).procedures, [{ name: 'logs.sp_a', action: 'recreated' }], 'now a procedure');
});

onPostgres('what hangs on it is made again from its files', async (t) => {
  const { engine, migrator, put } = await prepared(t);
  put('fn_base', fn('fn_base', '', 'TABLE (a int)', 'SELECT 1'));
  put(
    'vw_uno',
    'CREATE OR REPLACE VIEW logs.vw_uno AS SELECT a FROM logs.fn_base();\nGRANT SELECT ON logs.vw_uno TO pg_monitor;',
  );
  put('vw_dos', 'CREATE OR REPLACE VIEW logs.vw_dos AS SELECT a FROM logs.vw_uno;');
  put('sp_z', fn('sp_z', '', 'SETOF logs.vw_dos', 'SELECT * FROM logs.vw_dos'));
  put('sp_libre', fn('sp_libre', '', 'int', 'SELECT 1'));
  await migrator.up();
  put('fn_base', fn('fn_base', '', 'TABLE (a int, b int)', 'SELECT 1, 2'));
  t.same((await migrator.up()).procedures, [
    { name: 'logs.fn_base', action: 'recreated' },
    { name: 'logs.vw_uno', action: 'recreated' },
    { name: 'logs.vw_dos', action: 'recreated' },
    { name: 'logs.sp_z', action: 'recreated' },
  ]);
  t.equal(await granted(engine, 'sp_z'), true);
  t.equal(await one(engine, `has_table_privilege('pg_monitor', 'logs.vw_uno', 'select')`), true);
  t.same((await migrator.up()).procedures, []);
  t.ok((await migrator.status()).procedures.every(({ state }) => state === 'applied'));

  // a view's columns change, its dependent changes too and needs a function that is new
  put('fn_nueva', fn('fn_nueva', '', 'int', 'SELECT 7'));
  put('vw_uno', 'CREATE OR REPLACE VIEW logs.vw_uno AS SELECT b FROM logs.fn_base();');
  put('vw_dos', 'CREATE OR REPLACE VIEW logs.vw_dos AS SELECT b, logs.fn_nueva() AS n FROM logs.vw_uno;');
  const changed = await migrator.up();
  t.same(changed.procedures.map(({ name }) => name).sort(), [
    'logs.fn_nueva',
    'logs.sp_z',
    'logs.vw_dos',
    'logs.vw_uno',
  ]);
  t.same(await engine.query('SELECT * FROM logs.sp_z()'), [{ b: 2, n: 7 }]);
});

onPostgres('what carril did not make is not dropped with it', async (t) => {
  const { engine, migrator, put } = await prepared(t);
  put('fn_base', fn('fn_base', '', 'int', 'SELECT 1'));
  await migrator.up();
  await engine.batch(
    'CREATE VIEW public.del_sitio AS SELECT logs.fn_base() AS x; ALTER TABLE logs.t ALTER b SET DEFAULT logs.fn_base();',
  );
  put('fn_base', fn('fn_base', '', 'bigint', 'SELECT 1'));
  const error = await errorOf(migrator.up());
  t.equal(error.code, 'FOREIGN_DEPENDENTS');
  t.match(error.message, /logs\.fn_base.*default value for column b of table logs\.t.*view del_sitio/);
  t.equal(await one(engine, 'x FROM public.del_sitio'), 1);
});

onPostgres('a file that vanished takes its object with it, where that was ours', async (t) => {
  const { engine, project, migrator, put } = await prepared(t);
  put('sp_a', fn('sp_a', '', 'int', 'SELECT 1'));
  put('vw_b', 'CREATE OR REPLACE VIEW logs.vw_b AS SELECT 1 AS x;');
  await migrator.up();
  await engine.batch('CREATE FUNCTION logs.del_sitio() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$');
  project.remove('procedures/logs/sp_a.sql');
  t.match((await migrator.status()).procedures[0], { name: 'logs.sp_a', state: 'vanished' });
  t.same((await migrator.up()).procedures, [{ name: 'logs.sp_a', action: 'dropped' }]);
  t.equal(await one(engine, `to_regproc('logs.sp_a')::text`), null);
  t.equal(await one(engine, 'logs.del_sitio()'), 1);
  t.same((await migrator.up()).procedures, []);
});

onPostgres('a procedure that fails says where, and the others before it stay', async (t) => {
  const { engine, migrator, put } = await prepared(t);
  put('sp_a', fn('sp_a', '', 'int', 'SELECT 1'));
  put(
    'sp_b',
    'SELECT 1;\nCREATE OR REPLACE FUNCTION logs.sp_b() RETURNS nada LANGUAGE sql AS $$ SELECT 1 $$;',
  );
  t.match((await errorOf(migrator.up())).message, /procedures\/logs\/sp_b\.sql.*: .*nada/);
  t.equal((await migrator.status()).level, 2);
  t.match((await migrator.status()).procedures, [{ state: 'applied' }, { state: 'pending' }]);
  put('sp_b', fn('sp_b', '', 'int', 'SELECT 1'));
  t.same((await migrator.up()).procedures, [{ name: 'logs.sp_b', action: 'applied' }]);
  put('sp_b', 'CREATE OR REPLACE FUNCTION logs.sp_b() RETURNS text LANGUAGE sql AS $$ SELECT $$;');
  const before = await one(engine, 'logs.sp_b()');
  await errorOf(migrator.up());
  t.equal(await one(engine, 'logs.sp_b()'), before, 'a failed change leaves the old one');
});
