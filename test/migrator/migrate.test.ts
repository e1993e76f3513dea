import t from 'tap';

import { ensureJournal } from '../../migrator/index.js';
import { emptyDatabase, errorOf, newProject, onPostgres, publicTables } from './support.js';

t.setTimeout(180_000);

const table = (name: string) => `CREATE TABLE public.${name} (id int PRIMARY KEY);\n`;
const drop = (name: string) => `DROP TABLE public.${name};\n`;
const missing = (name: string) =>
  `DO $$ BEGIN IF to_regclass('public.${name}') IS NULL THEN RAISE EXCEPTION 'Falta ${name}' USING ERRCODE = 'UC422'; END IF; END $$;`;

onPostgres('up, status, verify and down, with a journal', async (t) => {
  const { engine } = await emptyDatabase(t);
  const project = newProject(t);
  for (const name of ['uno', 'dos', 'tres']) {
    const number = { uno: '001', dos: '002', tres: '003' }[name] ?? '';
    project.migration(`${number}_${name}`, table(name), drop(name), missing(name));
  }
  const events: string[] = [];
  const migrator = project.migrator(engine, {
    user: 'ana',
    host: 'maquina',
    version: '0.9.0',
    onProgress: (event) =>
      events.push(event.kind === 'migration' ? `${event.phase} ${event.name}` : event.kind),
  });

  const before = await migrator.status();
  t.same(
    before.migrations.map(({ state }) => state),
    ['pending', 'pending', 'pending'],
  );
  t.equal(before.level, 0);
  t.same(await migrator.verify(), [], 'nothing applied, nothing to verify, no journal made');

  const up = await migrator.up({ to: 2 });
  t.same(
    up.migrations.map(({ name }) => name),
    ['001_uno', '002_dos'],
  );
  t.same(await publicTables(engine), ['dos', 'uno']);
  t.same(events, ['start 001_uno', 'done 001_uno', 'start 002_dos', 'done 002_dos']);
  const status = await migrator.status();
  t.match(status.migrations[0], { state: 'applied', user: 'ana', host: 'maquina', version: '0.9.0' });
  t.ok(Math.abs(Date.now() - (status.migrations[0]?.appliedAt?.getTime() ?? 0)) < 60_000);
  t.equal(status.migrations[2]?.state, 'pending');
  t.equal(status.lock, undefined);

  t.same((await migrator.up()).migrations.length, 1);
  t.same((await migrator.up()).migrations, [], 'again: nothing to do');
  t.ok((await migrator.verify()).every(({ ok }) => ok));

  await engine.batch('DROP TABLE public.dos');
  const report = await migrator.verify();
  t.same(
    report.map(({ ok }) => ok),
    [true, false, true],
  );
  t.match(report[1], { errorNumber: 50422, message: /Falta dos/ });
  await engine.batch(table('dos'));

  t.same(
    (await migrator.down()).migrations.map(({ name }) => name),
    ['003_tres'],
    'one migration unless told otherwise',
  );
  t.same(
    (await migrator.down({ to: 0 })).migrations.map(({ number }) => number),
    [2, 1],
  );
  t.same(await publicTables(engine), []);
  t.same((await migrator.down()).migrations, []);
  t.equal((await migrator.up()).level, 3);
});

onPostgres('a script that fails says where, and leaves nothing', async (t) => {
  const { engine } = await emptyDatabase(t);
  const project = newProject(t);
  project.migration('001_bien', table('bien'), drop('bien'));
  project.migration(
    '002_mal',
    `-- comentario\n${table('mal')}\n/* ñandú */ SELECT 'é',\n  no_existe FROM public.mal;\n`,
  );
  project.migration('003_despues', table('despues'));
  const migrator = project.migrator(engine);
  const error = await errorOf(migrator.up());
  t.equal(error.message, `${project.migrations}/002_mal.up.sql:5:3: column "no_existe" does not exist`);
  t.match(error, { name: 'ScriptError', code: 'SCRIPT_FAILED', line: 5, column: 3 });
  t.same(await publicTables(engine), ['bien'], 'what was before stays, of the failed one nothing');
  t.equal((await migrator.status()).level, 1);
  t.equal((await migrator.status()).lock, undefined, 'the lock is free again');

  project.write('migrations/002_mal.up.sql', `SELECT 1;\nCREATE TABEL x (a int);\n`);
  t.match((await errorOf(migrator.up())).message, /002_mal\.up\.sql:2:8: syntax error/);
  project.write(
    'migrations/002_mal.up.sql',
    `DO $$ BEGIN RAISE EXCEPTION 'a mano' USING ERRCODE = 'UC400'; END $$;`,
  );
  t.match((await errorOf(migrator.up())).message, /002_mal\.up\.sql.*: .*a mano/);
  project.write('migrations/002_mal.up.sql', '\uFEFF-- bom\r\nSELECT 1;\r\nSELECT nada;\r\n');
  t.match((await errorOf(migrator.up())).message, /002_mal\.up\.sql:3:8: /, 'with BOM and CRLF');
  project.write('migrations/002_mal.up.sql', `SELECT 1;\n${table('mal')}\n  SELECT 1/0;\n`);
  t.match(
    (await errorOf(migrator.up())).message,
    /002_mal\.up\.sql:\d+:3: division by zero/,
    'at run time, too',
  );
  project.write('migrations/002_mal.up.sql', `SELECT 1;\nDO\n$$\nBEGIN\n  PERFORM 1/0;\nEND\n$$;\n`);
  t.match((await errorOf(migrator.up())).message, /002_mal\.up\.sql:5: division by zero/, 'inside a block');
  project.write('migrations/002_mal.up.sql', table('mal'));
  t.equal((await migrator.up()).level, 3, 'repaired, it goes on');

  project.migration('004_mal_abajo', table('x'), `${drop('x')}\nDROP TABLE public.nada;`);
  await migrator.up();
  t.match((await errorOf(migrator.down())).message, /004_mal_abajo\.down\.sql.*"nada"/);
  t.ok((await publicTables(engine)).includes('x'), 'a failed down leaves everything too');
  t.equal((await migrator.status()).level, 4);
});

onPostgres("a script's role does not write the journal, nor does it stay", async (t) => {
  const { engine, name } = await emptyDatabase(t);
  const project = newProject(t);
  const role = `dueno_${name}`;
  t.teardown(async () => {
    await engine.batch(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });
  await engine.batch(`CREATE ROLE ${role}; GRANT CREATE ON SCHEMA public TO ${role}`);
  project.migration('001_rol', `SET LOCAL ROLE ${role};\n${table('suya')}`, drop('suya'));
  project.migration('002_rol', `SET ROLE ${role};\n${table('otra')}`);
  t.equal((await project.migrator(engine).up()).level, 2);
  const rows = await engine.query(
    `SELECT current_user = session_user AS own, tableowner::text AS owner FROM pg_tables WHERE tablename = 'suya'`,
  );
  t.same(rows, [{ own: true, owner: role }]);
});

onPostgres('a script that ends the transaction is told so', async (t) => {
  const { engine } = await emptyDatabase(t);
  const project = newProject(t);
  project.migration('001_commit', `${table('uno')}COMMIT;\n${table('dos')}`);
  t.match(
    (await errorOf(project.migrator(engine).up())).message,
    /001_commit\.up\.sql: the script ended the transaction/,
  );
  t.equal((await project.migrator(engine).status()).level, 0);
});

onPostgres('changed and vanished files are refused by name, before anything runs', async (t) => {
  const { engine } = await emptyDatabase(t);
  const project = newProject(t);
  project.migration('001_uno', table('uno'), drop('uno'));
  project.migration('002_dos', table('dos'), drop('dos'));
  const migrator = project.migrator(engine);
  await migrator.up();
  project.migration('003_tres', table('tres'), drop('tres'));

  for (const part of ['up', 'down', 'verify']) {
    const original = { up: table('uno'), down: drop('uno'), verify: 'SELECT 1;' }[part] ?? '';
    project.write(`migrations/001_uno.${part}.sql`, `${original}-- retocada\n`);
    for (const run of [() => migrator.up(), () => migrator.down()]) {
      const error = await errorOf(run());
      t.equal(error.code, 'FILE_CHANGED');
      t.match(error.message, new RegExp(`001_uno\\.${part}\\.sql was changed`));
    }
    t.match((await migrator.status()).migrations[0], { state: 'changed', problems: [/was changed/] });
    t.match((await migrator.verify())[0], { ok: false });
    project.write(`migrations/001_uno.${part}.sql`, `\uFEFF${original.replaceAll('\n', '\r\n')}`);
  }
  t.same(await publicTables(engine), ['dos', 'uno'], '003 was not run');

  for (const part of ['up', 'down', 'verify']) project.remove(`migrations/001_uno.${part}.sql`);
  for (const run of [() => migrator.up(), () => migrator.down({ to: 0 })]) {
    const error = await errorOf(run());
    t.equal(error.code, 'FILE_VANISHED');
    t.match(error.message, /001_uno was applied, but its files are gone/);
  }
  t.match((await migrator.status()).migrations[0], { state: 'vanished', name: '001_uno', file: undefined });
  project.migration('001_renombrada', table('uno'), drop('uno'));
  t.match((await errorOf(migrator.up())).message, /001_uno was applied.*001_renombrada\.up\.sql/);
});

onPostgres('a lower number that comes late', async (t) => {
  const { engine } = await emptyDatabase(t);
  const project = newProject(t);
  project.migration('005_cinco', table('cinco'), drop('cinco'));
  await project.migrator(engine, { version: '0.1.0' }).up();

  project.migration('003_tres', table('tres'), drop('tres'));
  await project.migrator(engine, { version: '0.1.0' }).up();
  t.same(await publicTables(engine), ['cinco', 'tres'], 'before the first release it is filled in');

  project.migration('004_cuatro', table('cuatro'), drop('cuatro'));
  const released = project.migrator(engine, { version: '1.0.0' });
  const error = await errorOf(released.up());
  t.equal(error.code, 'OUT_OF_ORDER');
  t.match(error.message, /004_cuatro\.up\.sql: lower than 005/);
  t.equal((await released.up({ outOfOrder: true })).level, 5);
  t.same(
    (await released.status()).migrations.map(({ number, outOfOrder }) => [number, outOfOrder]),
    [
      [3, true],
      [4, true],
      [5, false],
    ],
  );
  t.same(
    (await released.down()).migrations.map(({ number }) => number),
    [5],
    'the highest number is reverted first',
  );
});

onPostgres('never below a baseline', async (t) => {
  const { engine } = await emptyDatabase(t);
  const project = newProject(t);
  project.migration('001_uno', table('uno'), drop('uno'));
  project.migration('002_dos', table('dos'), drop('dos'));
  project.migration('003_tres', table('tres'), drop('tres'));
  const migrator = project.migrator(engine);
  await migrator.up();
  await engine.batch(`UPDATE carril.migraciones SET estado = 'BASE' WHERE numero <= 2`);
  t.equal((await migrator.status()).migrations[1]?.state, 'baseline');
  const error = await errorOf(migrator.down({ to: 0 }));
  t.equal(error.code, 'BELOW_BASELINE');
  t.match(error.message, /baseline of this database is 002.*--to 2/);
  t.same(await publicTables(engine), ['dos', 'tres', 'uno'], 'refused before anything runs');
  t.equal((await migrator.down({ to: 2 })).level, 2);
  t.equal((await errorOf(migrator.down())).code, 'BELOW_BASELINE');
});

onPostgres('interrupted within a migration it rolls that one back', async (t) => {
  const { engine } = await emptyDatabase(t);
  const project = newProject(t);
  project.migration('001_uno', table('uno'));
  project.migration('002_lenta', `${table('lenta')}SELECT pg_sleep(60);`);
  const stop = new AbortController();
  const migrator = project.migrator(engine, {
    signal: stop.signal,
    onProgress: (event) => {
      if (event.kind === 'migration' && event.number === 2)
        setTimeout(() => {
          stop.abort();
        }, 200);
    },
  });
  const began = Date.now();
  await errorOf(migrator.up());
  t.ok(Date.now() - began < 20_000);
  t.same(await publicTables(engine), ['uno']);
  t.equal((await project.migrator(engine).status()).lock, undefined);

  const early = new AbortController();
  early.abort();
  await t.rejects(project.migrator(engine, { signal: early.signal }).up());
  t.equal((await project.migrator(engine).status()).level, 1);
});

onPostgres('a number that is not there is wrong use', async (t) => {
  const { engine } = await emptyDatabase(t);
  const project = newProject(t);
  project.migration('001_uno', table('uno'));
  t.match(await errorOf(project.migrator(engine).up({ to: 7 })), {
    name: 'UsageError',
    message: /highest migration is 001/,
  });
});

onPostgres('the journal is made once, however many make it', async (t) => {
  const { engine } = await emptyDatabase(t);
  await Promise.all([1, 2, 3, 4].map(() => ensureJournal(engine)));
  t.same(await engine.query(`SELECT clave::text, valor::text FROM carril.base`), [
    { clave: 'diario', valor: '1' },
  ]);
  await engine.batch(`UPDATE carril.base SET valor = '99' WHERE clave = 'diario'`);
  t.match(await errorOf(ensureJournal(engine)), { code: 'JOURNAL_NEWER' });
});
