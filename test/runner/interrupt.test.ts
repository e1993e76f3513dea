import t from 'tap';

import { loadSamples } from '../../runner/demo.js';
import { freshDatabase, runCarril, spawnCarril } from '../testing/index.js';
import { waitUntil, waitUntilBlocked } from '../testing/wait.js';
import { computedRows, holdFinals, startedProcess, stateOf } from './support.js';

const db = await freshDatabase(t);
const { engine, env } = db;
await loadSamples(engine);
const date = '2021-05-07';
const carril = (...args: string[]) => runCarril(args, { env });

interface State {
  readonly chunk_estado: string;
  readonly ipa: string;
  readonly poseedor: string | null;
  readonly intento: number;
}

async function states(id: string): Promise<State[]> {
  return (await stateOf(engine, id)).map((row) => JSON.parse(row) as State);
}

async function undisturbed(): Promise<readonly string[]> {
  const { stdout } = await carril('run', '--date', date, '--json');
  return await computedRows(engine, (JSON.parse(stdout) as { process: { id: string } }).process.id);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  t.test(`${signal} once: running services finish, nothing stays leased, run --resume goes on`, async (t) => {
    const barrier = await holdFinals(engine);
    const run = spawnCarril(['run', '--date', date, '--lanes', '2'], { env });
    const id = await startedProcess(run);
    await waitUntilBlocked(engine, 2);
    run.kill(signal);
    await waitUntil('it says that it is stopping', () => run.stderr().includes('stopping'));
    await barrier.release();
    const result = await run.done;
    t.equal(result.code, 130, result.stderr);
    t.match(result.stdout, new RegExp(`carril run --resume ${id}`));

    const after = await states(id);
    t.equal(after.filter(({ ipa }) => ipa === 'COMPLETADO').length, 2, 'what ran has finished');
    t.ok(
      after.every(
        ({ chunk_estado, poseedor, intento }) =>
          chunk_estado === 'PENDIENTE' && poseedor === null && intento === 0,
      ),
      'and its fund is given back, as the next service had not begun',
    );

    const resumed = await carril('run', '--resume', id);
    t.equal(resumed.code, 0, resumed.stderr);
    t.same(await computedRows(engine, id), await undisturbed());
  });
}

t.test('Ctrl-C twice: at once, leases given back, work goes on', async (t) => {
  const barrier = await holdFinals(engine);
  const run = spawnCarril(['run', '--date', date, '--lanes', '2'], { env });
  const id = await startedProcess(run);
  await waitUntilBlocked(engine, 2);
  run.kill('SIGINT');
  await waitUntil('it says that it is stopping', () => run.stderr().includes('stopping'));
  const begun = performance.now();
  run.kill('SIGINT');
  const result = await run.done;
  t.equal(result.code, 130, result.stderr);
  t.ok(performance.now() - begun < 5000, 'although the barrier still holds');
  const after = await states(id);
  t.ok(
    after.every(
      ({ chunk_estado, poseedor, intento }) =>
        chunk_estado === 'PENDIENTE' && poseedor === null && intento === 0,
    ),
    JSON.stringify(after),
  );
  await barrier.release();

  const worked = await carril('work', '--idle-exit', '0s');
  t.equal(worked.code, 0, worked.stderr);
  t.same(await computedRows(engine, id), await undisturbed());
});

t.test('an idle worker leaves on Ctrl-C', async (t) => {
  const work = spawnCarril(['work'], { env });
  await waitUntil('it is there', () => work.stdout().includes('lanes on'));
  work.kill('SIGINT');
  const { code, stderr } = await work.done;
  t.equal(code, 130, stderr);
});

t.test(
  'a terminal sends Ctrl-C to the whole group: the server of the embedded engine survives it',
  async (t) => {
    const work = spawnCarril(['work'], { env, detached: true });
    await waitUntil('it is there', () => work.stdout().includes('lanes on'));
    work.signalGroup('SIGINT');
    t.equal((await work.done).code, 130);
    t.same(await engine.query('SELECT 1 AS one'), [{ one: 1 }]);
  },
);
