import t from 'tap';
import { PasswordMissing } from '../../engine/index.js';
import type { Engine, Session } from '../../engine/index.js';
import { engineDatabases, isBabelfish } from './databases.js';
import { createObjects, eco, falla, tercera } from './objects.js';

for (const database of await engineDatabases()) {
  await t.test(database.dialect, async (t) => {
    t.teardown(() => database.close());
    const retries: number[] = [];
    const engine = await database.open({ poolMax: 3, onRetry: ({ attempt }) => retries.push(attempt) });
    const pg = engine.dialect === 'postgres';
    await createObjects(engine);
    const lines = async (session: Session = engine): Promise<unknown[]> =>
      (await session.query('SELECT Linea AS n FROM prueba.Filas ORDER BY Linea')).map(({ n }) => n);
    const insert = (session: Session, line: number): Promise<unknown> =>
      session.query(`INSERT INTO prueba.Filas (Linea) VALUES (${pg ? '$1' : '@p0'})`, [line]);

    await t.test('a password that is missing is said to be; PGPASSWORD counts', async (t) => {
      const { target } = database;
      const without =
        target.kind === 'postgres'
          ? { ...target, password: undefined }
          : { ...target, authentication: { type: 'default', user: 'sa' } as const };
      const before = process.env['PGPASSWORD'];
      t.teardown(() => {
        if (before === undefined) delete process.env['PGPASSWORD'];
        else process.env['PGPASSWORD'] = before;
      });
      delete process.env['PGPASSWORD'];
      const error: unknown = await database.open({ target: without }).catch((reason: unknown) => reason);
      t.ok(error instanceof PasswordMissing);
      t.match(error, { name: 'UsageError', message: /has no password.*CARRIL_DATABASE_URL/ });
      if (target.kind !== 'postgres') return;
      process.env['PGPASSWORD'] = target.password;
      t.same(await (await database.open({ target: without })).query('SELECT 1 AS n'), [{ n: 1 }]);
      process.env['PGPASSWORD'] = 'wrong';
      await t.rejects(database.open({ target: without }), { code: 'LOGIN', sqlState: '28P01' });
    });

    await t.test('transaction: commits, and rolls back what was thrown', async (t) => {
      const value = await engine.transaction(async (session) => {
        await insert(session, 1);
        t.same(await lines(session), [1]);
        return 'done';
      });
      t.equal(value, 'done');
      await t.rejects(
        engine.transaction(async (session) => {
          await insert(session, 2);
          throw new Error('mine');
        }),
        { message: 'mine' },
      );
      t.same(await lines(), [1]);
    });

    await t.test('transaction: an error of the server ends it, whatever the work makes of it', async (t) => {
      await t.rejects(
        engine.transaction(async (session) => {
          await insert(session, 3);
          await insert(session, 1);
        }),
        { code: 'DATABASE' },
        'the error itself, not one of the rollback',
      );
      await t.rejects(
        engine.transaction(async (session) => {
          await insert(session, 3);
          await session.call(falla, { Numero: 50_410 }).catch(() => undefined);
        }),
        { name: 'ProcedureError' },
        'swallowed, and yet nothing was committed',
      );
      t.same(await lines(), [1]);
      if (await isBabelfish(engine)) return;
      await t.rejects(
        engine.transaction(async (session) => {
          await insert(session, 3);
          await session.batch(pg ? 'ROLLBACK' : 'ROLLBACK TRANSACTION');
        }),
        { message: /ended it/ },
      );
      t.same(await lines(), [1]);
    });

    await t.test('transaction: nothing is retried in it', async (t) => {
      retries.length = 0;
      await t.rejects(
        engine.transaction((session) => session.call(tercera, {})),
        { code: 'LOCK_TIMEOUT', number: 50_408, retryable: true },
      );
      t.same(retries, []);
    });

    await t.test('call: a lock not granted is tried again', async (t) => {
      retries.length = 0;
      const { results } = await engine.call(tercera, {});
      t.match(results, [[{ Llamada: 3 }]]);
      t.same(retries, [1], 'the second attempt was the third call');
    });

    await t.test('connection: one session, reset at its end', async (t) => {
      const single = await database.open({ poolMax: 1 });
      const session = await single.connection(async (session) => {
        await session.batch(
          pg
            ? 'CREATE TEMPORARY TABLE pasajera (n int); SET lock_timeout = 1234'
            : 'CREATE TABLE #pasajera (n int); SET LOCK_TIMEOUT 1234; SET DATEFIRST 3',
        );
        await session.batch(pg ? 'INSERT INTO pasajera VALUES (1)' : 'INSERT INTO #pasajera VALUES (1)');
        t.same(await session.query(`SELECT n FROM ${pg ? '' : '#'}pasajera`), [{ n: 1 }]);
        // made at once, they run one after another
        const answers = await Promise.all([1, 2, 3].map((n) => session.query(`SELECT ${n} AS n`)));
        t.same(answers.flat(), [{ n: 1 }, { n: 2 }, { n: 3 }]);
        return session;
      });
      await t.rejects(session.query('SELECT 1 AS n'), { message: /has ended/ });
      await t.rejects(single.query(`SELECT n FROM ${pg ? '' : '#'}pasajera`));
      const setting = pg ? "SELECT current_setting('lock_timeout') AS n" : 'SELECT @@LOCK_TIMEOUT AS n';
      t.same(await single.query(setting), [{ n: pg ? '0' : -1 }]);
      if (pg) {
        t.same(await single.query("SELECT current_setting('TimeZone') AS z"), [{ z: 'UTC' }]);
        await single.connection((held) => held.query('SELECT pg_advisory_lock(42)'));
        t.same(await engine.query('SELECT pg_try_advisory_lock(42) AS free'), [{ free: true }]);
      }
      await single.connection(async (held) => {
        await held.batch(
          pg ? 'BEGIN; DELETE FROM prueba.Filas' : 'BEGIN TRANSACTION; DELETE FROM prueba.Filas',
        );
      });
      t.same(await lines(single), [1], 'what it left open is rolled back');
    });

    await t.test('more callers than connections wait their turn', async (t) => {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) => engine.call(eco, { Filas: [{ Linea: n }] })),
      );
      t.same(
        answers.map(({ results }) => results[0]?.[0]?.['Linea']),
        Array.from({ length: 20 }, (_, n) => n),
      );
      const single = await database.open({ poolMax: 1 });
      await single.connection(async () => {
        const waiting = new AbortController();
        const queued = single.query('SELECT 1 AS n', [], { signal: waiting.signal });
        waiting.abort(new Error('no longer'));
        await t.rejects(queued, { message: 'no longer' });
      });
      t.same(await single.query('SELECT 1 AS n'), [{ n: 1 }]);
    });

    await t.test('close waits for what runs', async (t) => {
      await closing(t, await database.open({ poolMax: 1 }), pg);
    });

    if (pg) {
      await t.test('session settings', async (t) => {
        const own = await database.open({
          appName: 'prueba',
          requestTimeoutMs: 7000,
          transactionTimeoutMs: 9000,
        });
        const settings = ['application_name', 'statement_timeout', 'transaction_timeout', 'TimeZone'];
        const read = async (): Promise<unknown[]> =>
          Promise.all(
            settings.map(
              async (name) => (await own.query('SELECT current_setting($1) AS v', [name]))[0]?.['v'],
            ),
          );
        t.same(await read(), ['prueba', '7s', '9s', 'UTC']);
        t.same(await own.query("SELECT current_setting('statement_timeout') AS v", [], { timeoutMs: 0 }), [
          { v: '0' },
        ]);
        t.same(await read(), ['prueba', '7s', '9s', 'UTC']);
      });
    }
  });
}

async function closing(
  t: { equal(found: unknown, wanted: unknown): void },
  engine: Engine,
  pg: boolean,
): Promise<void> {
  const order: string[] = [];
  const working = engine.connection(async (session) => {
    await session.query('SELECT 1 AS n');
    await new Promise((resolve) => setTimeout(resolve, 100));
    await session.query(pg ? 'SELECT $1::int AS n' : 'SELECT @p0 AS n', [1]);
    order.push('work');
  });
  const queued = engine.query('SELECT 1 AS n').then(() => order.push('queued'));
  await new Promise((resolve) => setTimeout(resolve, 20));
  const closed = engine.close().then(() => order.push('closed'));
  const late = await engine.query('SELECT 1 AS n').catch((error: unknown) => error);
  t.equal((late as { code?: unknown }).code, 'CONNECTION');
  await Promise.all([working, queued, closed]);
  t.equal(order.join(), 'work,queued,closed');
}
