import t from 'tap';

import { ProcedureError } from '../../engine/index.js';
import { logs } from '../../procedures/generated/index.js';
import { loadSamples } from '../../runner/demo.js';
import { freshDatabase, runCarril, spawnCarril } from '../testing/index.js';
import { waitUntil, waitUntilBlocked } from '../testing/wait.js';
import { computedRows, holdFinals, rowCounts, startedProcess, stateOf } from './support.js';

const db = await freshDatabase(t);
const { engine, env } = db;
await loadSamples(engine);
const date = '2021-05-07';
const carril = (...args: string[]) => runCarril(args, { env });

/** What an undisturbed run leaves. */
const undisturbed = await (async () => {
  const { stdout } = await carril('run', '--date', date, '--json');
  const { process } = JSON.parse(stdout) as { process: { id: string } };
  return { rows: await computedRows(engine, process.id), counts: await rowCounts(engine, process.id) };
})();

/** Ends the sessions of a process that is gone or stands still, as the server does when its connection breaks. */
async function breakConnections(appName: string): Promise<void> {
  if (engine.dialect === 'sqlserver') {
    const rows = await engine.query(
      'SELECT session_id AS id FROM sys.dm_exec_sessions WHERE program_name = @p0 AND database_id = DB_ID()',
      [appName],
    );
    for (const { id } of rows) {
      // 6106, 6107: it has ended by itself in the meantime
      await engine.batch(`KILL ${Number(id)}`).catch((error: unknown) => {
        if (!(error instanceof ProcedureError) || ![6106, 6107].includes(error.number)) throw error;
      });
    }
    return;
  }
  await engine.query(
    `SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = $1`,
    [appName],
  );
}

for (const orphans of ['end with it', 'go on without it'] as const) {
  t.test(
    `kill -9 in the middle of two funds, whose sessions ${orphans}: work completes that process`,
    async (t) => {
      const barrier = await holdFinals(engine);
      const run = spawnCarril(['run', '--date', date, '--lanes', '2', '--lease', '2s'], { env });
      const id = await startedProcess(run);
      await waitUntilBlocked(engine, 2);
      run.kill('SIGKILL');
      t.match(await run.done, { signal: 'SIGKILL' });
      if (orphans === 'end with it') await breakConnections('carril run');

      const work = spawnCarril(['work', '--idle-exit', '0s', '--lease', '5s'], { env });
      await barrier.release();
      const worked = await work.done;
      t.equal(worked.code, 0, worked.stderr);

      const status = JSON.parse((await carril('status', id, '--json')).stdout) as { process: unknown };
      t.match(status.process, { id, state: 'COMPLETADO', completed: 6, failed: 0 });
      t.same(await computedRows(engine, id), undisturbed.rows, 'the same results');
      t.same(await rowCounts(engine, id), undisturbed.counts, 'no row twice');
    },
  );
}

/** Lets a process's leases run out without waiting for it. */
async function expireLeases(process: string): Promise<void> {
  await engine.query(
    engine.dialect === 'sqlserver'
      ? `UPDATE trabajo.Chunks SET Expira = DATEADD(SECOND, -1, SYSUTCDATETIME()) WHERE Poseedor IS NOT NULL AND ID_Chunk IN
           (SELECT ID_Chunk FROM logs.Ejecuciones WHERE ID_Proceso = @p0)`
      : `UPDATE trabajo.chunks SET expira = clock_timestamp() - interval '1 s' WHERE poseedor IS NOT NULL AND id_chunk IN
           (SELECT id_chunk FROM logs.ejecuciones WHERE id_proceso = $1)`,
    [BigInt(process)],
  );
}

// with a lease that really runs out, its own heartbeat may tell it first that the lease is gone; with a long one that is
// made to run out no heartbeat is due when it goes on, so that it surely makes its next call with the old token
for (const { lease, says } of [
  { lease: '2s', says: /ARKK lease-lost: / },
  { lease: '120s', says: /ARKK lease-lost: .*token 1 ya no vale/ },
]) {
  t.test(
    `stopped between two calls past its lease of ${lease}: its token is refused, it changes nothing`,
    async (t) => {
      const barrier = await holdFinals(engine);
      const run = spawnCarril(['run', '--date', date, '--funds', 'ARKK', '--lease', lease], { env });
      const id = await startedProcess(run);
      await waitUntilBlocked(engine);
      run.kill('SIGSTOP');
      // its service ends on the server; it stands still before it can complete the fund
      await barrier.release();
      await waitUntil('the service has ended', async () => {
        const [row] = await stateOf(engine, id);
        return row?.includes('"ipa":"COMPLETADO"');
      });
      if (lease === '120s') await expireLeases(id);
      const worked = await carril('work', '--idle-exit', '0s');
      t.equal(worked.code, 0, worked.stderr);
      t.match(worked.stdout, /ARKK: claimed, attempt 2/);
      t.match(worked.stdout, /ARKK: COMPLETADO/);
      const before = await stateOf(engine, id);
      const rows = await computedRows(engine, id);
      const [execution] = await logs.estadoEjecuciones(engine, { idProceso: BigInt(id) });
      const stale = { idEjecucion: execution?.idEjecucion ?? 0n, token: 1n };
      await t.rejects(logs.completarEjecucion(engine, stale), { code: 'LEASE_LOST', number: 50410 });
      await t.rejects(logs.ejecutarServicio(engine, { ...stale, servicio: 'IPA' }), {
        code: 'LEASE_LOST',
        number: 50410,
      });

      run.kill('SIGCONT');
      const result = await run.done;
      t.match(result.stdout, says, result.stderr);
      t.equal(result.code, 0, 'it reports the process that the other worker completed');
      t.same(await stateOf(engine, id), before, 'nothing changed');
      t.same(await computedRows(engine, id), rows);
    },
  );
}

t.test('stopped in the middle of a service, its connections broken: it changes nothing', async (t) => {
  const barrier = await holdFinals(engine);
  const run = spawnCarril(['run', '--date', date, '--funds', 'ARKK,ARKG', '--lease', '2s'], { env });
  const id = await startedProcess(run);
  await waitUntilBlocked(engine, 2);
  run.kill('SIGSTOP');
  await breakConnections('carril run');
  await barrier.release();
  const worked = await carril('work', '--idle-exit', '0s');
  t.equal(worked.code, 0, worked.stderr);
  const before = await stateOf(engine, id);
  t.ok(
    before.every((row) => row.includes('"chunk_estado":"COMPLETADO"')),
    before.join('\n'),
  );

  run.kill('SIGCONT');
  const result = await run.done;
  t.match(result.stdout, /ARKK lease-lost/, result.stderr);
  t.match(result.stdout, /ARKG lease-lost/, result.stderr);
  t.equal(result.code, 0, result.stderr);
  t.same(await stateOf(engine, id), before, 'nothing changed');
  const all = await rowCounts(engine, id);
  t.ok(Number(all['staging_ipa_final']) > 50);
});

t.test('a run waits for the funds that another worker holds', async (t) => {
  const barrier = await holdFinals(engine);
  const first = spawnCarril(['run', '--date', date, '--lanes', '6'], { env });
  const id = await startedProcess(first);
  await waitUntilBlocked(engine, 6);
  const second = spawnCarril(['run', '--resume', id, '--json'], { env });
  await waitUntil('the second run is there', () => second.stderr().includes('resumed'));
  await barrier.release();
  const results = await Promise.all([first.done, second.done]);
  t.same(
    results.map(({ code }) => code),
    [0, 0],
    results.map(({ stderr }) => stderr).join('\n'),
  );
  t.match(JSON.parse(results[1].stdout), { process: { id, state: 'COMPLETADO' } });
  t.same(await computedRows(engine, id), undisturbed.rows);
});
