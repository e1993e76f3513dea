import t from 'tap';

import { loadSamples } from '../../runner/demo.js';
import type { ProcessResults } from '../../runner/results.js';
import { freshDatabase, runCarril, spawnCarril } from '../testing/index.js';
import { waitUntilBlocked } from '../testing/wait.js';
import { computedRows, holdTable, startedProcess } from './support.js';

const { engine, env } = await freshDatabase(t);
await loadSamples(engine);
const date = '2021-05-07';
const carril = (...args: string[]) => runCarril(args, { env });

t.test('two funds go first, the run is two processes, and everything goes back', async (t) => {
  const all = await carril('run', '--date', date, '--architecture', 'LEGADO', '--json');
  t.equal(all.code, 0, all.stderr);
  const { process } = JSON.parse(all.stdout) as ProcessResults;
  const old = await computedRows(engine, process.id);

  t.equal((await carril('rollout', 'set', 'LEGADO')).code, 0);
  const set = await carril('rollout', 'set', 'JERARQUICA', '--fund', 'ARKK', 'ARKG');
  t.match(set.stdout, /^ARKK, ARKG: JERARQUICA; 2 changed/m, set.stderr);
  const status = await carril('rollout', 'status');
  t.match(status.stdout, /^ARKF +LEGADO +general /m);
  t.match(status.stdout, /^ARKG +JERARQUICA +its own /m);
  t.match(status.stdout, /^4 funds LEGADO, 2 JERARQUICA/m);

  const both = await carril('run', '--date', date);
  t.equal(both.code, 0, both.stderr);
  const ids = [...both.stdout.matchAll(/^process (\d+) of .*: COMPLETADO in/gm)].map(([, id]) => id ?? '');
  t.equal(ids.length, 2, both.stdout);
  t.match(both.stdout, /started, 4 funds \(LEGADO\)/);
  t.match(both.stdout, /started, 2 funds$/m);
  t.match(both.stdout, /EXTRACCION COMPLETADO/);
  const rows = (await Promise.all(ids.map((id) => computedRows(engine, id)))).flat().sort();
  t.same(rows, old, 'together they compute what one did');

  const check = await carril('rollout', 'check', '--json');
  const { triggers } = JSON.parse(check.stdout) as { triggers: { trigger: string; fires: boolean }[] };
  t.match(triggers, [{ trigger: 'FALLOS', fires: false, value: 0 }, { trigger: 'DURACION' }]);
  t.equal(check.code, triggers.some(({ fires }) => fires) ? 1 : 0);
});

t.test('a legacy run killed while it extracts, and again among its funds, is resumed', async (t) => {
  const args = ['run', '--date', date, '--architecture', 'LEGADO', '--lanes', '2', '--lease', '1s'];
  const extracting = await holdTable(engine, 'extract.CAPM');
  const run = spawnCarril(args, { env });
  const id = await startedProcess(run);
  await waitUntilBlocked(engine);
  run.kill('SIGKILL');
  await run.done;
  const finals = await holdTable(engine, 'staging.IPA_Final');
  await extracting.release();
  const second = spawnCarril(['run', '--resume', id, '--lanes', '2', '--lease', '1s'], { env });
  await waitUntilBlocked(engine, 2);
  second.kill('SIGKILL');
  await second.done;
  await finals.release();
  const third = await carril('run', '--resume', id, '--json');
  t.equal(third.code, 0, third.stderr);
  const whole = await carril('run', '--date', date, '--architecture', 'LEGADO', '--json');
  const { process } = JSON.parse(whole.stdout) as ProcessResults;
  t.same(await computedRows(engine, id), await computedRows(engine, process.id));
});

t.test('a trigger that fires exits 1 and says what to do', async (t) => {
  await engine.batch("UPDATE logs.Ejecuciones SET Estado = 'ERROR' WHERE ID_Fund IS NOT NULL");
  const { code, stdout, stderr } = await carril('rollout', 'check');
  t.equal(code, 1);
  t.match(stdout, /^failures: 2 of 2 executions .*FIRES$/m);
  t.match(stderr, /carril rollout set LEGADO/);
});

t.test('a fund that nobody knows, a way that there is not', async (t) => {
  const [fund, way] = await Promise.all([
    carril('rollout', 'set', 'LEGADO', '--fund', 'NADIE'),
    carril('run', '--date', date, '--architecture', 'OTRA'),
  ]);
  t.match([fund.code, fund.stderr], [1, /NADIE/]);
  t.match([way.code, way.stderr], [2, /LEGADO/]);
});
