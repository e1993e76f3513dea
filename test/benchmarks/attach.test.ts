/** Watching what others do: a run of another process, and two sessions that have nothing to do with carril. */
import t from 'tap';

import { attach } from '../../benchmarks/contention/attach.js';
import { connect } from '../../engine/index.js';
import { loadSamples } from '../../runner/demo.js';
import { createOutput } from '../../runner/cli/output.js';
import { freshDatabase, runCarril, waitUntil, waitUntilBlocked } from '../testing/index.js';

const { engine, target, env, dialect } = await freshDatabase(t);

/** One holds a fund's row while the other one wants it. */
async function contend(): Promise<void> {
  const strangers = await connect(target, { poolMax: 2, appName: 'billing' });
  const update = "UPDATE dimensionales.BD_Funds SET Active = Active WHERE FundShortName = 'ARKK'";
  try {
    await strangers.transaction(async (holder) => {
      await holder.query(update);
      const waiting = strangers.query(update);
      await waitUntilBlocked(engine);
      // long enough for whoever looks every few milliseconds
      await holder.query(dialect === 'postgres' ? 'SELECT pg_sleep(0.15)' : "WAITFOR DELAY '00:00:00.150'");
      void waiting.catch(() => undefined);
    });
  } finally {
    await strangers.close();
  }
}

t.test('rounds of a load that is not ours: funds, waits and their tables, and no trace of us', async (t) => {
  await loadSamples(engine);
  let [stopping, seen] = [false, 0];
  const out = createOutput({ json: true, quiet: true });
  const progress = { ...out.progress('minutes', 1), update: (done: number) => (seen = done) };
  const watching = attach(
    target,
    { minutes: 100, stopping: () => stopping, roundMs: 700 },
    { ...out, progress: () => progress },
  );
  // its first round has begun once its sampler is connected
  const sampling =
    "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'carril bench' AND datname = current_database()";
  if (dialect === 'postgres')
    await waitUntil('the watcher', async () => Number((await engine.query(sampling))[0]?.['n']) > 0);
  await contend();
  const run = await runCarril(['run', '--date', '2021-05-07', '--lanes', '2', '--json'], { env });
  t.equal(run.code, 0, run.stderr);
  const now = seen;
  await waitUntil('the round of it to end', () => seen > now);
  stopping = true;
  const recording = await watching;

  t.match(recording, { benchmark: 'attached', schema: 1, data: {}, migration: /^\d{3}_/ });
  t.match(recording.remarks, [/what the clients of this load saw/]);
  const { rounds } = recording;
  t.ok(rounds.length >= 2 && rounds.every(({ state }) => state === 'ATTACHED'));
  const hours = rounds.map(({ makespan_ms, funds_per_hour }) => (funds_per_hour * makespan_ms) / 3_600_000);
  t.equal(Math.round(hours.reduce((sum, funds) => sum + funds, 0)), 6, 'six funds have ended meanwhile');
  const waited = rounds.flatMap(({ tables }) => tables.filter(({ waits }) => waits > 0));
  t.same([...new Set(waited.map(({ table }) => table.toLowerCase()))], ['dimensionales.bd_funds']);
  t.ok(rounds.some(({ timeline }) => timeline?.rows.some((sessions) => sessions === 1)));
  if (dialect === 'postgres') {
    const [row] = await engine.query(sampling);
    t.equal(Number(row?.['n']), 0, 'its sessions are gone');
  }
});
