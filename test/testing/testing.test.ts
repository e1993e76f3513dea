import { spawn } from 'node:child_process';

import t from 'tap';

import { asRole, freshDatabase, runCarril, spawnCarril, waitUntilBlocked } from './index.js';
import { databasesLike } from './names.js';

t.setTimeout(240_000);

await t.test('each database is its own, migrated, and gone after close', async (t) => {
  const [one, two] = await Promise.all([freshDatabase(t), freshDatabase(t)]);
  t.not(one.name, two.name);
  const count = 'SELECT COUNT(*) AS n FROM carril.Migraciones';
  t.not(Number((await one.engine.query(count))[0]?.['n']), 0);
  await one.engine.batch('CREATE TABLE solo_aqui (a int)');
  await t.rejects(two.engine.query('SELECT a FROM solo_aqui'), /solo_aqui/i);
  await one.close();
  await one.close();
  t.same(await databasesLike(two.engine, one.name), []);
  t.same(await databasesLike(two.engine, two.name), [two.name]);
});

await t.test('not migrated, when so asked', async (t) => {
  const db = await freshDatabase(t, { migrated: false });
  await t.rejects(db.engine.query('SELECT COUNT(*) AS n FROM carril.Migraciones'));
});

await t.test('processes that want the same template at once', async (t) => {
  const index = new URL('./index.js', import.meta.url).href;
  const program = `import { freshDatabase } from ${JSON.stringify(index)};
    const db = await freshDatabase();
    await db.close();`;
  const codes = await Promise.all(
    [1, 2, 3].map(
      () =>
        new Promise<number | null>((resolve) => {
          const args = ['--input-type=module', '-e', program];
          spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] }).on('exit', resolve);
        }),
    ),
  );
  t.same(codes, [0, 0, 0]);
});

await t.test('a login with one role may do what the role may', async (t) => {
  const db = await freshDatabase(t);
  const [reader, nobody] = [await asRole(db, 'carril_lector'), await asRole(db, null)];
  const query = 'SELECT COUNT(*) AS n FROM logs.vw_Procesos';
  t.equal(Number((await reader.query(query))[0]?.['n']), 0);
  await t.rejects(reader.query('DELETE FROM logs.Procesos'), { code: 'PERMISSION' });
  await t.rejects(nobody.query(query), { code: 'PERMISSION' });
});

await t.test('a blocked session is seen', async (t) => {
  const db = await freshDatabase(t, { migrated: false });
  await db.engine.batch('CREATE TABLE fila (a int)');
  await db.engine.batch('INSERT INTO fila VALUES (1)');
  let blocked: Promise<unknown> = Promise.resolve();
  await db.engine.transaction(async (session) => {
    await session.query('UPDATE fila SET a = 2');
    blocked = db.engine.query('UPDATE fila SET a = 3');
    await waitUntilBlocked(db.engine);
  });
  await blocked;
  t.equal((await db.engine.query('SELECT a FROM fila'))[0]?.['a'], 3);
});

await t.test('the command line works on the database', async (t) => {
  const db = await freshDatabase(t);
  const { code, stdout, stderr } = await runCarril(['migrate', 'status', '--json'], { env: db.env });
  t.equal(code, 0, stderr);
  t.match(JSON.parse(stdout), { dialect: db.dialect });
  const child = spawnCarril(['db', 'create', '--wait', '60s'], {
    env: { CARRIL_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/x' },
  });
  child.kill('SIGKILL');
  t.match(await child.done, { code: null, signal: 'SIGKILL' });
});
