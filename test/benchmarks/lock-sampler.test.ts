/** What the lock sampler says of real waits on the embedded PostgreSQL. */
import t from 'tap';

import { LockSampler } from '../../benchmarks/lock-sampler.js';
import type { LockSamples, Wait } from '../../benchmarks/lock-sampler.js';
import { connect } from '../../engine/index.js';
import type { Session } from '../../engine/index.js';
import { gate } from '../leases/support.js';
import { freshDatabase, waitUntilBlocked } from '../testing/index.js';

const { engine, target } = await freshDatabase(t, { migrated: false, connect: { poolMax: 6 } });

const only = { skip: engine.dialect === 'sqlserver' && 'SQL Server is watched by an event session' };

if (engine.dialect === 'postgres')
  await engine.batch(
    'CREATE TABLE cuentas (id integer PRIMARY KEY, n integer); INSERT INTO cuentas VALUES (1, 0); CREATE TABLE notas (n integer)',
  );

const add = (session: Session) => session.query('UPDATE cuentas SET n = n + 1 WHERE id = 1');

/** A transaction that has done its work and stays open until `end`. */
const open = async (work: (session: Session) => Promise<unknown>): Promise<{ end: () => Promise<void> }> => {
  const worked = gate();
  const ended = gate();
  const transaction = engine.transaction(async (session) => {
    await work(session);
    worked.open();
    await ended.opened;
  });
  await Promise.race([worked.opened, transaction]);
  return {
    end: () => {
      ended.open();
      return transaction;
    },
  };
};

/** Samples until a look has seen somebody wait, then `after`; what was seen. */
const watched = async (after: () => Promise<unknown>): Promise<LockSamples> => {
  const eye = await connect(target, { poolMax: 1 });
  const seen = gate();
  const sampler = new LockSampler(eye, 1, () => {
    seen.open();
  });
  await sampler.begin();
  await seen.opened;
  await after();
  const samples = await sampler.stop();
  await eye.close();
  return samples;
};

const named = (waits: readonly Wait[]) => waits.map(({ type, relation }) => `${type} ${relation ?? ''}`);

await t.test('who waits for a row that another is changing', only, async (t) => {
  const holder = await open(add);
  const waiter = add(engine);
  await waitUntilBlocked(engine);
  const { on_rows, others } = await watched(() => holder.end());
  await waiter;
  t.same(named(on_rows), ['transactionid cuentas']);
  t.same(others, []);
  t.match(on_rows[0], {
    between_clients: true,
    waits: 1,
    query: /UPDATE cuentas/,
    blocked_by: /UPDATE cuentas/,
  });
});

await t.test(
  'who follows a row to its newest version holds no lock on it, and its table is known',
  only,
  async (t) => {
    const door = await open((session) => session.query('SELECT pg_advisory_xact_lock(7)'));
    // its snapshot is from before the next two changes
    const late = engine.transaction(async (session) => {
      await session.query('INSERT INTO notas VALUES (1)');
      await session.query(
        'UPDATE cuentas SET n = n + 1 FROM (SELECT pg_advisory_xact_lock_shared(7) OFFSET 0) AS door WHERE id = 1',
      );
    });
    await waitUntilBlocked(engine);
    await add(engine);
    const holder = await open(add);
    await door.end();
    await waitUntilBlocked(engine);
    const { on_rows } = await watched(() => holder.end());
    await late;
    t.same(named(on_rows), ['transactionid cuentas']);
  },
);

await t.test('an application lock is no row', only, async (t) => {
  const holder = await open((session) => session.query('SELECT pg_advisory_xact_lock(8)'));
  const waiter = engine.query('SELECT pg_advisory_xact_lock(8)');
  await waitUntilBlocked(engine);
  const { on_rows, others } = await watched(() => holder.end());
  await waiter;
  t.same(on_rows, []);
  t.same(named(others), ['advisory ']);
});

await t.test(
  'nobody waits: nothing is read of the locks, and what everybody does is asked all the same',
  only,
  async (t) => {
    const eye = await connect(target, { poolMax: 1 });
    let looks = 0;
    const sampler = new LockSampler(eye, 1, () => (looks += 1));
    await sampler.begin();
    await engine.query('SELECT pg_sleep(0.2)');
    const { on_rows, others, samples, activity } = await sampler.stop();
    await eye.close();
    t.same([on_rows, others, looks], [[], [], 0]);
    t.ok(samples > 10, `${samples} samples`);
    t.ok((activity['Timeout:PgSleep'] ?? 0) > 0, JSON.stringify(activity));
  },
);
