/** `kill -9` at random points of a run (ten, at full size): whatever was under way, who resumes it ends with the same results. */
import { setTimeout as sleep } from 'node:timers/promises';

import t from 'tap';

import { loadSamples } from '../../runner/demo.js';
import { findProcess, processWorker } from '../../runner/process.js';
import { sql } from '../leases/support.js';
import type { Test } from '../leases/support.js';
import { freshDatabase, spawnCarril } from '../testing/index.js';
import { testSize } from '../testing/thorough.js';
import { allRows, startedProcess, stateOf } from './support.js';

const { engine, env } = await freshDatabase(t, { connect: { poolMax: 8 } });
await loadSamples(engine);
// an earlier date, complete: what looks back to it finds the same each time
const dates = ['2021-05-06', '2021-05-07'] as const;
const seed = Number(process.env['CARRIL_TEST_SEED'] ?? Date.now() % 1_000_000);
t.comment(`CARRIL_TEST_SEED=${seed}`);

/** A small generator (mulberry32): the points are those of the seed. */
function* points(): Generator<number, never> {
  for (let a = seed; ;) {
    a = (a + 0x6d2b79f5) | 0;
    let x = Math.imul(a ^ (a >>> 15), 1 | a);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    yield ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  }
}

/** Instead of waiting for the leases of a worker that is gone. */
async function expireLeases(job: bigint): Promise<void> {
  await sql(engine, 'UPDATE trabajo.Chunks SET Expira = ? WHERE ID_Trabajo = ? AND Poseedor IS NOT NULL', [
    new Date(Date.now() - 60_000),
    job,
  ]);
}

async function undisturbed(t: Test, date: string): Promise<{ id: string; ms: number }> {
  const run = spawnCarril(['run', '--date', date, '--lanes', '2'], { env });
  const id = await startedProcess(run);
  const begun = performance.now();
  const { code, stderr } = await run.done;
  t.equal(code, 0, stderr);
  return { id, ms: performance.now() - begun };
}

const kills = testSize('CARRIL_TEST_KILLS', { quick: 4, full: 10 });

t.test(`${kills} runs, each killed at a random point and resumed`, async (t) => {
  await undisturbed(t, dates[0]);
  const model = await undisturbed(t, dates[1]);
  const expected = await allRows(engine, model.id);
  t.ok(expected.length > 250);

  const random = points();
  for (let i = 1; i <= kills; i += 1) {
    // the end of a run is its exit, so that the last points lie behind its last commit
    const at = Math.round(random.next().value * model.ms);
    const run = spawnCarril(['run', '--date', dates[1], '--lanes', '2'], { env });
    const id = await startedProcess(run);
    await sleep(at);
    run.kill('SIGKILL');
    await run.done;
    const process = await findProcess(engine, BigInt(id));
    const states = (await stateOf(engine, id)).map((row) => /"chunk_estado":"(\w+)"/.exec(row)?.[1]);
    const ended = states.filter((state) => state === 'COMPLETADO').length;
    await expireLeases(process.job);
    await processWorker(engine, process, { lanes: 2, leaseSeconds: 5 }).run();
    t.equal((await findProcess(engine, BigInt(id))).ended, true);
    t.strictSame(
      await allRows(engine, id),
      expected,
      `killed after ${at} ms, ${ended} of 6 funds complete: the same results`,
    );
  }
});
