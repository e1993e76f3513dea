import t from 'tap';

import { emptyDatabase, errorOf, newProject, onPostgres, publicTables, spawnUp } from './support.js';

t.setTimeout(180_000);

const table = (name: string) => `CREATE TABLE public.${name} (id int PRIMARY KEY);\n`;

onPostgres('two migrators at once: one waits, both end well', async (t) => {
  const db = await emptyDatabase(t);
  const { engine } = db;
  const project = newProject(t);
  project.migration('001_uno', `${table('uno')}SELECT pg_sleep(1);`);
  project.migration('002_dos', `${table('dos')}SELECT pg_sleep(0.5);`);
  const children = [spawnUp(t, db, project), spawnUp(t, db, project)];
  const ends = await Promise.all(children.map((child) => child.ended));
  t.same(ends, [
    { code: 0, stderr: '' },
    { code: 0, stderr: '' },
  ]);
  t.same(await publicTables(engine), ['dos', 'uno']);
  t.same(await engine.query('SELECT numero FROM carril.migraciones ORDER BY 1'), [
    { numero: 1 },
    { numero: 2 },
  ]);
  t.same(await engine.query('SELECT * FROM carril.bloqueo'), [], 'the row is cleared');
});

onPostgres('several at once in one process, on an empty database', async (t) => {
  const { engine } = await emptyDatabase(t);
  const project = newProject(t);
  project.migration('001_uno', table('uno'));
  const runs = await Promise.all([1, 2, 3].map(() => project.migrator(engine).up()));
  t.equal(
    runs.reduce((sum, run) => sum + run.migrations.length, 0),
    1,
    'one applied it, the others found it done',
  );
});

onPostgres('the one that gives up names the holder; a killed holder is in nobody’s way', async (t) => {
  const db = await emptyDatabase(t);
  const { engine } = db;
  const project = newProject(t);
  project.migration('001_uno', table('uno'));
  project.migration('002_lenta', `${table('lenta')}SELECT pg_sleep(60);`);
  const child = spawnUp(t, db, project);
  await child.event((event) => event['number'] === 2);

  const waits: unknown[] = [];
  const impatient = project.migrator(engine, {
    waitMs: 700,
    onProgress: (event) => waits.push(event),
  });
  const began = Date.now();
  const error = await errorOf(impatient.up());
  t.ok(Date.now() - began >= 650 && Date.now() - began < 10_000);
  t.match(error, { code: 'LOCK_TIMEOUT', number: 50408 });
  t.match(error.message, new RegExp(`hijo@.*, process ${String(child.process.pid)}, since .*waited 0\\.7 s`));
  t.match(waits, [{ kind: 'waiting', holder: { user: 'hijo', pid: child.process.pid } }]);
  t.match(await errorOf(project.migrator(engine, { waitMs: 0 }).up()), { code: 'LOCK_TIMEOUT' });
  t.match((await impatient.status()).lock, { user: 'hijo', pid: child.process.pid });

  child.process.kill('SIGKILL');
  await child.ended;
  project.write('migrations/002_lenta.up.sql', table('lenta'));
  const result = await project.migrator(engine).up();
  t.same(
    result.migrations.map(({ number }) => number),
    [2],
    'it goes on where the killed one stopped, of whose transaction nothing is left',
  );
  t.same(await publicTables(engine), ['lenta', 'uno']);
  t.equal((await impatient.status()).lock, undefined);
});

onPostgres('a stale row of a killed holder is not taken for a holder', async (t) => {
  const { engine } = await emptyDatabase(t);
  const project = newProject(t);
  project.migration('001_uno', table('uno'));
  const migrator = project.migrator(engine);
  await migrator.up();
  await engine.batch(`INSERT INTO carril.bloqueo VALUES ('x', 'nadie', 'lejos', 1, 1, now(), '0.1.0')`);
  t.equal((await migrator.status()).lock, undefined);
  await migrator.up();
  t.same(await engine.query('SELECT * FROM carril.bloqueo'), []);
});

onPostgres('a migrator that lost its lock stops before the next migration', async (t) => {
  const { engine } = await emptyDatabase(t);
  const project = newProject(t);
  project.migration('001_uno', `${table('uno')}SELECT pg_terminate_backend(sesion) FROM carril.bloqueo;`);
  project.migration('002_dos', table('dos'));
  const error = await errorOf(project.migrator(engine).up());
  t.equal(error.code, 'LOCK_LOST', error.message);
  t.same(await publicTables(engine), [], 'and does not commit what it was at');
});
