/** What failed leaves a row; what an older carril left is read all the same. */
import t from 'tap';

import { createMigrator } from '../../migrator/index.js';
import { asRole, freshDatabase, runCarril } from '../testing/index.js';
import { emptyDatabase, errorOf, newProject, onPostgres, publicTables } from './support.js';

t.setTimeout(180_000);

const table = (name: string) => `CREATE TABLE public.${name} (id int PRIMARY KEY);\n`;
const fn = (name: string, body: string) =>
  `/*\n  Since: 001\n*/\nCREATE OR REPLACE FUNCTION public.${name}() RETURNS int LANGUAGE sql AS $$ ${body} $$;\n`;

onPostgres(
  'a failed migration leaves a row on another connection, and the next up goes on there',
  async (t) => {
    const db = await emptyDatabase(t);
    const { engine } = db;
    const project = newProject(t);
    project.migration('001_bien', table('bien'));
    project.migration(
      '002_mal',
      `${table('mal')}\nCREATE ROLE x LOGIN PASSWORD 'secreta' VALID UNTIL 'no es fecha';\n`,
    );
    project.migration('003_despues', table('despues'));
    const migrator = project.migrator(engine, { user: 'ana', host: 'maquina', version: '0.9.0' });
    const error = await errorOf(migrator.up());
    t.equal(error.code, 'SCRIPT_FAILED');
    t.same(await publicTables(engine), ['bien'], 'of the failed one nothing is left but its row');

    const [failure, ...others] = (await migrator.status()).failures;
    t.same(others, []);
    t.match(failure, {
      part: 'up',
      number: 2,
      name: '002_mal',
      file: /002_mal\.up\.sql$/,
      statement: 2,
      line: 3,
      column: 1,
      errorNumber: 0,
      sqlState: '22007',
      message: /002_mal\.up\.sql:3:1: invalid input syntax for type timestamp/,
      user: 'ana',
      host: 'maquina',
      version: '0.9.0',
    });
    t.equal(
      failure?.text,
      "CREATE ROLE x LOGIN PASSWORD '***' VALID UNTIL 'no es fecha';",
      'without the secret',
    );
    t.ok(Math.abs(Date.now() - (failure?.at.getTime() ?? 0)) < 60_000);
    t.notMatch(JSON.stringify(await engine.query('SELECT * FROM carril.fallos'), replacer), /secreta/);

    const shown = await runCarril(['migrate', 'status', '--migrations', project.migrations], { env: db.env });
    t.equal(shown.code, 2, 'the package has numbers of its own');
    await errorOf(migrator.up());
    t.equal((await migrator.status()).failures.length, 1, 'the newest of each script');
    project.write('migrations/002_mal.up.sql', table('mal'));
    t.same(
      (await migrator.up()).migrations.map(({ number }) => number),
      [2, 3],
      'from the first one that was not completed',
    );
    t.same((await migrator.status()).failures, [], 'it succeeded since');
    t.same(
      (await migrator.history()).map((one) => [one.entry === 'event' ? one.event : 'failed', one.name]),
      [
        ['applied', '001_bien'],
        ['failed', '002_mal'],
        ['failed', '002_mal'],
        ['applied', '002_mal'],
        ['applied', '003_despues'],
      ],
    );
  },
);

onPostgres('a failed down and a failed procedure too, until they succeed', async (t) => {
  const { engine } = await emptyDatabase(t);
  const project = newProject(t);
  project.migration('001_uno', table('uno'), 'DROP TABLE public.nada;');
  const migrator = project.migrator(engine);
  project.write('procedures/public/sp_a.sql', fn('sp_a', 'SELECT no_hay'));
  await errorOf(migrator.up());
  t.match((await migrator.status()).failures, [
    { part: 'procedure', name: 'public.sp_a', number: 1, statement: 1, message: /"no_hay" does not exist/ },
  ]);
  t.equal((await migrator.status()).level, 1);
  project.write('procedures/public/sp_a.sql', fn('sp_a', 'SELECT 1'));
  await migrator.up();
  t.same((await migrator.status()).failures, []);

  await errorOf(migrator.down());
  t.match((await migrator.status()).failures, [{ part: 'down', name: '001_uno', sqlState: '42P01' }]);
  for (const text of ['DROP TABLE public.uno;']) project.write('migrations/001_uno.down.sql', text);
  await migrator.repair({ reason: 'el down estaba mal' });
  await migrator.down();
  t.same((await migrator.status()).failures, []);
  t.same(
    (await migrator.history()).map((one) => (one.entry === 'event' ? one.event : 'failed')),
    ['applied', 'failed', 'applied', 'failed', 'repaired', 'dropped', 'reverted'],
  );
});

onPostgres('what somebody stopped did not fail', async (t) => {
  const { engine } = await emptyDatabase(t);
  const project = newProject(t);
  project.migration('001_lenta', 'SELECT pg_sleep(60);');
  const stop = new AbortController();
  const migrator = project.migrator(engine, {
    signal: stop.signal,
    onProgress: (event) => {
      if (event.kind === 'migration') stop.abort(new Error('Ctrl-C'));
    },
  });
  await errorOf(migrator.up());
  t.same((await project.migrator(engine).status()).failures, []);
});

void t.test('status and history on the command line', async (t) => {
  const db = await freshDatabase(t);
  const project = newProject(t);
  const sitio = ['--migrations', project.migrations];
  const ok = db.dialect === 'postgres' ? 'SELECT 1;' : 'SELECT 1 AS n;';
  project.migration('900_mal', 'SELECT * FROM logs.no_existe;', ok, ok);
  const carril = (args: string[]) => runCarril(['migrate', ...args, ...sitio], { env: db.env });
  t.equal((await carril(['up'])).code, 1);
  t.match(await carril(['status']), {
    code: 0,
    stdout: /! failed: 900_mal \(up\), .*\n! .*900_mal\.up\.sql:1/,
  });
  t.match(JSON.parse((await carril(['status', '--json'])).stdout), {
    failures: [{ part: 'up', number: 900, statement: 1, text: 'SELECT * FROM logs.no_existe;' }],
  });
  const history = await carril(['history']);
  t.match(history, { code: 0, stdout: /applied +001_esquemas[^]*up FAILED +900_mal/ });
  t.notMatch(history.stdout, /sp_Inicializar_Proceso/, 'procedures only when asked for');
  t.match((await carril(['history', '--procedures'])).stdout, /applied +logs\.sp_Inicializar_Proceso/);
});

onPostgres('a journal that an older carril left is no empty one', async (t) => {
  const db = await freshDatabase(t);
  const { engine } = db;
  await engine.batch(`DROP TABLE carril.historia, carril.fallos, carril.pasos, carril.objetos_previos;
    REVOKE CREATE ON SCHEMA carril FROM carril_dba`);
  const migrator = createMigrator(engine);
  const before = await migrator.status();
  t.ok(before.level > 20);
  t.ok(before.migrations.every(({ state }) => state === 'applied'));
  t.ok(before.procedures.every(({ state }) => state === 'applied'));
  t.same(before.failures, []);
  t.equal((await migrator.history()).length, before.migrations.length, 'as far as its rows tell');
  t.same((await migrator.plan()).migrations, []);

  const dba = await asRole(db, 'carril_dba');
  t.match(await errorOf(createMigrator(dba).up()), {
    code: 'JOURNAL_INCOMPLETE',
    message: /may not create.*as the database's owner/,
  });
  const up = await migrator.up();
  t.same([up.migrations, up.procedures], [[], []], 'nothing is run again');
  const history = await migrator.history();
  t.same(
    history.map((one) => one.name),
    before.migrations.map(({ name }) => name),
    'carried over',
  );
  await createMigrator(dba).down();
  await createMigrator(dba).up();
  const written = (await migrator.history())
    .slice(before.migrations.length)
    .map((one) => (one.entry === 'event' ? one.event : one.entry));
  t.ok(written.includes('reverted') && written.includes('applied'), 'carril_dba writes it, too');
});

function replacer(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
