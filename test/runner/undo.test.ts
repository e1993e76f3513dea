/** `carril retry` and `carril rollback`, as their people use them. */
import t from 'tap';

import { loadSamples } from '../../runner/demo.js';
import type { ProcessResults } from '../../runner/results.js';
import { sql } from '../leases/support.js';
import { freshDatabase, runCarril, spawnCarril } from '../testing/index.js';
import { waitUntil, waitUntilBlocked } from '../testing/wait.js';
import { computedRows, holdFinals, rowCounts, startedProcess } from './support.js';

const db = await freshDatabase(t);
const { engine, env } = db;
await loadSamples(engine);
const date = '2021-05-07';
const carril = (...args: string[]) => runCarril(args, { env });

interface Status {
  readonly process: { id: string; state: string; failed: number; completed: number };
  readonly executions: { execution_id: string; fund: string; state: string; attempt: number }[];
}
const statusOf = async (id: string) => JSON.parse((await carril('status', id, '--json')).stdout) as Status;
const rowsOf = async (execution: string) => {
  const rows = await sql(
    engine,
    `SELECT (SELECT COUNT(*) FROM extract.IPA WHERE ID_Ejecucion = ?)
       + (SELECT COUNT(*) FROM staging.IPA_WorkTable WHERE ID_Ejecucion = ?)
       + (SELECT COUNT(*) FROM staging.IPA_Final WHERE ID_Ejecucion = ?) AS n`,
    [BigInt(execution), BigInt(execution), BigInt(execution)],
  );
  return Number(rows[0]?.['n']);
};

t.test('retry: the failed fund goes on in the same process, and says so', async (t) => {
  const undisturbed = await carril('run', '--date', date, '--json');
  const good = JSON.parse(undisturbed.stdout) as ProcessResults;
  // an amount so close to the end of the type that the sum of two overflows it: fails in one fund only, until it is gone
  await engine.batch(
    `INSERT INTO homol.IPA (FechaReporte, Portfolio, InvestID, Ticker, Descripcion, Moneda, Cantidad, ValorMercado)
     VALUES ${['1', '2'].map(() => `('${date}', 'ARKK', 'HUGE', 'HUGE', 'HUGE', 'USD', 1, 999999999999999.9999)`).join(', ')}`,
  );
  const run = await carril('run', '--date', date);
  t.equal(run.code, 1, run.stdout);
  const [, id = ''] = /process (\d+) of/.exec(run.stdout) ?? [];
  t.match(run.stdout, new RegExp(`carril retry ${id}`), 'it says how to go on');
  const before = await statusOf(id);
  t.match(before.process, { state: 'COMPLETADO_CON_ERRORES', failed: 1, completed: 5 });

  const again = await carril('retry', id);
  t.equal(again.code, 1, 'the cause is still there');
  t.match(again.stderr, /^ARKK: ERROR: /m);
  await sql(engine, "DELETE FROM homol.IPA WHERE InvestID = 'HUGE'");
  const failed = before.executions.find(({ state }) => state === 'ERROR');
  const filed = await carril('retry', failed?.execution_id ?? '', '--no-work', '--json');
  t.same(JSON.parse(filed.stdout), { process: id, state: 'EN_PROGRESO', retried: 1 });
  const worked = await carril('retry', id, '--json');
  t.match(JSON.parse(worked.stdout), { retried: 0, process: id }, 'it waits for a worker already');
  const resumed = await carril('run', '--resume', id);
  t.equal(resumed.code, 0, resumed.stderr);
  const after = await statusOf(id);
  t.match(after.process, { state: 'COMPLETADO', failed: 0, completed: 6 });
  t.same(
    after.executions.map(({ execution_id, fund }) => [execution_id, fund]),
    before.executions.map(({ execution_id, fund }) => [execution_id, fund]),
    'the same executions',
  );
  t.same(await computedRows(engine, id), await computedRows(engine, good.process.id), 'the same results');
  t.match((await carril('retry', id)).stdout, /is COMPLETADO: nothing in it failed/);
});

t.test('rollback of one execution: its rows go, the others and its history stay', async (t) => {
  const run = await carril('run', '--date', date, '--json');
  const { process, funds } = JSON.parse(run.stdout) as ProcessResults;
  const [one, other] = funds;
  if (!one || !other) throw new Error('two funds');
  const counts = await rowsOf(other.execution_id);
  const asked = await carril('rollback', '--execution', one.execution_id);
  t.equal(asked.code, 2, 'nobody can be asked');
  t.match(asked.stderr, /Delete these rows\? .*--yes/);
  t.ok((await rowsOf(one.execution_id)) > 0);

  const back = await carril('rollback', '--execution', one.execution_id, '--yes');
  t.equal(back.code, 0, back.stderr);
  t.match(
    back.stdout,
    new RegExp(`execution ${one.execution_id} of ${one.fund}: \\d+ rows deleted, REVERTIDO`),
  );
  t.equal(await rowsOf(one.execution_id), 0);
  t.equal(await rowsOf(other.execution_id), counts);
  const { executions } = await statusOf(process.id);
  t.equal(executions.find(({ fund }) => fund === one.fund)?.state, 'REVERTIDO');
  t.equal(executions.filter(({ state }) => state === 'COMPLETADO').length, 5);
  const wrong = await carril('rollback', '--process', one.execution_id, '--yes');
  t.equal(wrong.code, 1, 'a fund’s execution is no process');
});

t.test('rollback of a process, killed half way, run again, and then deleted with its history', async (t) => {
  const run = await carril('run', '--date', date, '--json');
  const { process } = JSON.parse(run.stdout) as ProcessResults;
  const total = async () => {
    const counts = await rowCounts(engine, process.id);
    return Object.values(counts).reduce<number>((sum, n) => sum + Number(n), 0);
  };
  const before = await total();
  const killed = spawnCarril(
    ['rollback', '--process', process.id, '--yes', '--batch', '20', '--pause', '20'],
    {
      env,
    },
  );
  await waitUntil('some rows are gone', async () => (await total()) < before - 100);
  killed.kill('SIGKILL');
  t.match(await killed.done, { signal: 'SIGKILL' });
  const left = await total();
  t.ok(left > 0 && left < before, `${left} of ${before} rows are left`);

  const again = await carril('rollback', '--process', process.id, '--yes', '--json');
  t.equal(again.code, 0, again.stderr);
  t.equal(await total(), 0);
  t.match(JSON.parse(again.stdout), { stopped: false, foreign_tables: [], history_rows: 0 });
  t.match((await statusOf(process.id)).process, { state: 'REVERTIDO' });

  const deleted = await carril('rollback', '--process', process.id, '--delete', '--yes');
  t.equal(deleted.code, 0, deleted.stderr);
  t.match(deleted.stdout, /0 rows deleted, and its history/);
  t.equal((await carril('status', process.id)).code, 1, 'there is no such process any more');
});

t.test('rollback of what runs is refused', async (t) => {
  const barrier = await holdFinals(engine);
  const run = spawnCarril(['run', '--date', date, '--funds', 'ARKK,ARKG', '--lanes', '1'], { env });
  const id = await startedProcess(run);
  await waitUntilBlocked(engine);
  const refused = await carril('rollback', '--process', id, '--yes');
  t.equal(refused.code, 1);
  t.match(refused.stderr, /not ended yet: .*EN_PROGRESO.*carril jobs cancel/);
  await barrier.release();
  t.equal((await run.done).code, 0);
});

t.test('wrong use exits 2', async (t) => {
  for (const [args, message] of [
    [['rollback'], /--execution ID or --process ID/],
    [['rollback', '--execution', '1', '--process', '2'], /mutually exclusive/],
    [['rollback', '--execution', '1', '--delete'], /--delete needs --process/],
  ] as const) {
    const { code, stderr } = await carril(...args);
    t.equal(code, 2, stderr);
    t.match(stderr, message);
  }
});
