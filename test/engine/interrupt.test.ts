import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import type { Engine } from '../../engine/index.js';
import { engineDatabases, isBabelfish } from './databases.js';
import { createObjects, filaColumns, lenta, slowQuery } from './objects.js';
import { proxy } from './proxy.js';

// Babelfish, on a busy machine
t.setTimeout(180_000);

for (const database of await engineDatabases()) {
  await t.test(database.dialect, async (t) => {
    t.teardown(() => database.close());
    const engine = await database.open({ poolMax: 2 });
    const pg = engine.dialect === 'postgres';
    await createObjects(engine);
    const babelfish = await isBabelfish(engine);
    const slow = await slowQuery(engine);
    const runs = (): Promise<boolean> => stillRuns(engine);

    await t.test('a signal cancels on the server', async (t) => {
      for (const start of [
        (signal: AbortSignal): Promise<unknown> => engine.query(slow, [], { signal }),
        (signal: AbortSignal) => engine.call(lenta, {}, { signal }),
        (signal: AbortSignal) => engine.batch(slow, { signal }),
        (signal: AbortSignal) => engine.transaction((session) => session.query(slow, [], { signal })),
        (signal: AbortSignal) => engine.connection((session) => session.query(slow, [], { signal })),
      ]) {
        const controller = new AbortController();
        const running = start(controller.signal);
        const since = Date.now();
        setTimeout(() => {
          controller.abort(new Error('enough'));
        }, 150);
        await t.rejects(running, { message: 'enough' });
        t.ok(Date.now() - since < (babelfish ? 5000 : 1500), 'at once');
        t.same(await engine.query('SELECT 1 AS n'), [{ n: 1 }], 'the pool goes on');
      }
      t.notOk(await runs(), 'nothing runs on the server');
      const aborted = AbortSignal.abort(new Error('before'));
      await t.rejects(engine.query('SELECT 1 AS n', [], { signal: aborted }), { message: 'before' });
    });

    await t.test('a time limit cancels on the server', async (t) => {
      const timeout = { code: 'TIMEOUT', retryable: false };
      await t.rejects(engine.call(lenta, {}, { timeoutMs: 150 }), {
        ...timeout,
        message: /sp_Lenta .* 150 ms/,
      });
      const hurried = await database.open({ requestTimeoutMs: 800, poolMax: 1 });
      await t.rejects(hurried.query(slow), timeout, 'the request timeout of the connection');
      t.same(await hurried.query('SELECT 1 AS n'), [{ n: 1 }]);
      if (pg) {
        t.same(await hurried.query("SELECT 'x' AS x FROM pg_sleep(1.2)", [], { timeoutMs: 0 }), [{ x: 'x' }]);
        t.same(await hurried.query("SELECT 'x' AS x FROM pg_sleep(1.2)", [], { timeoutMs: 5000 }), [
          { x: 'x' },
        ]);
        await t.rejects(hurried.query('SELECT pg_sleep(60)'), timeout, 'and it is back');
      }
      t.notOk(await runs());
    });

    await t.test('a session goes on after a cancelled statement', async (t) => {
      await engine.connection(async (session) => {
        await t.rejects(session.query(slow, [], { timeoutMs: 150 }), { code: 'TIMEOUT' });
        t.same(await session.query('SELECT 1 AS n'), [{ n: 1 }]);
      });
    });

    await t.test('a bulk load is cancelled', async (t) => {
      async function* trickle(): AsyncGenerator<[number]> {
        for (let line = 1; line < 100_000; line += 1) {
          if (line % 2000 === 0) await sleep(20);
          yield [line];
        }
      }
      const columns = filaColumns.slice(0, 1);
      const signal = AbortSignal.timeout(150);
      await t.rejects(
        engine.transaction((session) => session.bulk('prueba.Filas', columns, trickle(), { signal })),
        { name: 'TimeoutError' },
      );
      t.same(
        (await engine.query('SELECT COUNT(*) AS n FROM prueba.Filas')).map(({ n }) => Number(n)),
        [0],
      );
    });

    await t.test('a lost connection', async (t) => {
      const { host } = database.target;
      const relay = await proxy(host, database.target.port ?? 1433);
      const target = { ...database.target, host: '127.0.0.1', port: relay.port };
      const retries: string[] = [];
      const lossy = await database.open({
        target,
        poolMax: 2,
        onRetry: ({ error }) => retries.push(error.code),
      });
      const lost = { code: 'CONNECTION', retryable: true };

      const running = lossy.query(slow);
      setTimeout(() => {
        relay.cut();
      }, 150);
      await t.rejects(running, lost, 'not tried again: it may have been done');
      t.same(retries, []);
      t.same(await lossy.query('SELECT 1 AS n'), [{ n: 1 }], 'on a new connection');

      let attempts = 0;
      const idempotent = lossy.query(slow, [], { idempotent: true, timeoutMs: 1000 });
      const cutting = setInterval(() => {
        attempts += 1;
        relay.cut();
        clearInterval(cutting);
      }, 150);
      await t.rejects(idempotent, { code: 'TIMEOUT' }, 'tried again, and then it took too long');
      t.equal(attempts, 1);
      t.same(retries, ['CONNECTION']);

      await t.rejects(
        lossy.transaction(async (session) => {
          await session.query('SELECT 1 AS n');
          relay.cut();
          await sleep(50);
          await session.query('SELECT 2 AS n');
        }),
        lost,
      );
      relay.cut();
      await sleep(50);
      t.same(await lossy.query('SELECT 1 AS n'), [{ n: 1 }], 'one lost while idle is not handed out');

      relay.hold();
      const since = Date.now();
      await t.rejects(lossy.query('SELECT 1 AS n', [], { timeoutMs: 300 }), { code: 'TIMEOUT' });
      t.ok(Date.now() - since < 9000, 'a server that does not answer the cancel is left alone');
      await relay.close();
      const refused = await lossy.query('SELECT 1 AS n').catch((error: unknown) => error as Error);
      t.match(refused, {
        ...lost,
        message: /cannot connect to .*127\.0\.0\.1:\d+.*check that the server runs/,
      });
      t.same(retries.length, 5, 'bounded');
    });

    await t.test('a session ended by the server', async (t) => {
      if (babelfish) return;
      const killed = engine.connection(async (session) => {
        const sql = pg ? 'SELECT pg_backend_pid() AS id' : 'SELECT @@SPID AS id';
        const id = Number((await session.query(sql))[0]?.['id']);
        setTimeout(() => {
          void engine.batch(pg ? `SELECT pg_terminate_backend(${id})` : `KILL ${id}`);
        }, 100);
        await session.query(slow);
      });
      await t.rejects(killed, { code: 'CONNECTION', retryable: true });
      t.same(await engine.query('SELECT 1 AS n'), [{ n: 1 }]);
    });
  });
}

async function stillRuns(engine: Engine): Promise<boolean> {
  if (engine.dialect !== 'postgres') return false;
  const rows = await engine.query(
    "SELECT 1 AS n FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()",
  );
  return rows.length > 0;
}
