import t from 'tap';

import { trabajo } from '../../procedures/generated/index.js';
import { loadSamples } from '../../runner/demo.js';
import { startProcess } from '../../runner/process.js';
import { claim, claimOne, createJob, expire, sql } from '../leases/support.js';
import { freshDatabase, runCarril, spawnCarril } from '../testing/index.js';
import { waitUntil, waitUntilBlocked } from '../testing/wait.js';
import { holdFinals } from './support.js';

const db = await freshDatabase(t);
const { engine, env } = db;
await loadSamples(engine);
const carril = (...args: string[]) => runCarril(args, { env });

/** Runs a command with --json; its document. */
async function json<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await carril(...args, '--json');
  if (code !== 0) throw new Error(`exit ${code}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

interface ShownJob {
  readonly job: Record<string, unknown>;
  readonly chunks: readonly Record<string, unknown>[];
}

t.test('jobs list: newest first, by kind and state', async (t) => {
  t.equal((await carril('jobs', 'list')).stdout, 'no job yet\n');
  t.equal((await carril('jobs', 'list', '--kind', 'LISTA_A')).stdout, 'no such job\n');
  const [a, b] = [
    await createJob(engine, 'LISTA_A', 3, { clave: 'a key', usuario: 'ana' }),
    await createJob(engine, 'LISTA_B', 1),
  ];
  const chunk = await claimOne(engine, 'LISTA_A', 'w');
  await trabajo.completarChunk(engine, { idChunk: chunk.idChunk, token: chunk.token });
  await claim(engine, 'LISTA_A', 'w');

  const { jobs } = await json<{ jobs: Record<string, unknown>[] }>('jobs', 'list');
  t.same(
    jobs.map(({ job }) => job),
    [String(b), String(a)],
  );
  t.match(jobs[1], {
    kind: 'LISTA_A',
    key: 'a key',
    state: 'EN_PROGRESO',
    cancel_requested: false,
    user: 'ana',
    created: /^\d{4}-\d\d-\d\dT.*Z$/,
    ended: null,
    chunks: 3,
    waiting: 1,
    running: 1,
    completed: 1,
    failed: 0,
    cancelled: 0,
    split: 0,
  });
  const text = await carril('jobs', 'list', '--kind', 'lista_a', '--state', 'en_progreso');
  t.equal(text.code, 0, text.stderr);
  const [head = '', line = '', ...rest] = text.stdout.trimEnd().split('\n');
  t.match(head, /^job +kind +state +done +running +waiting +failed +cancelled +created +took +by +key$/);
  t.match(line, new RegExp(`^ *${a} +LISTA_A +EN_PROGRESO +1/3 +1 +1 +0 +0 +\\d+ s ago +ana +a key$`));
  t.same(rest, []);
  t.match((await json<{ jobs: unknown[] }>('jobs', 'list', '--limit', '1')).jobs, { length: 1 });
  t.same((await json<{ jobs: unknown[] }>('jobs', 'list', '--state', 'ERROR')).jobs, []);

  const wrong = await carril('jobs', 'list', '--state', 'RUNNING');
  t.equal(wrong.code, 2);
  t.match(wrong.stderr, /--state: there is no state 'RUNNING'; there are EN_PROGRESO, COMPLETADO/);
  t.equal((await carril('jobs', 'list', '--limit', '0')).code, 2);
  const nothing = await carril('jobs');
  t.equal(nothing.code, 2);
  t.match(nothing.stderr, /list, show, cancel, retry or purge/);
});

t.test('jobs show: how far it is, when it ends, and each chunk', async (t) => {
  const job = await createJob(engine, 'MUESTRA', [4, 3, 2, 1], { maxIntentos: 2 });
  const before = await json<ShownJob>('jobs', 'show', String(job));
  t.match(before.job, { job: String(job), weight: 10, weight_left: 10, eta_s: null });
  t.match((await carril('jobs', 'show', String(job))).stdout, /left +not known yet: no chunk has completed/);

  const [done, failing] = [await claimOne(engine, 'MUESTRA', 'w1'), await claimOne(engine, 'MUESTRA', 'w2')];
  await trabajo.completarChunk(engine, { idChunk: done.idChunk, token: done.token, resultado: '{"n":1}' });
  await trabajo.fallarChunk(engine, {
    idChunk: failing.idChunk,
    token: failing.token,
    error: 'it broke',
    reintentable: false,
  });
  // as if the first chunk had taken a minute: six weights are left of what runs at four a minute
  await sql(engine, 'UPDATE trabajo.Chunks SET Inicio = ?, Fin = ? WHERE ID_Chunk = ?', [
    new Date(Date.now() - 60_000),
    new Date(Date.now() - 500),
    done.idChunk,
  ]);
  const shown = await json<ShownJob>('jobs', 'show', String(job));
  t.match(shown.job, { completed: 1, failed: 1, waiting: 2, weight_left: 3 });
  const eta = Number(shown.job['eta_s']);
  t.ok(eta >= 45 && eta <= 60, `about 45 s: ${eta}`);
  t.match(shown.chunks[0], { order: 1, state: 'COMPLETADO', result: { n: 1 }, attempt: 1, max_attempts: 2 });
  t.match(shown.chunks[1], { order: 2, state: 'ERROR', error: 'it broke', holder: null });

  const text = await carril('jobs', 'show', String(job));
  t.match(text.stdout, new RegExp(`^job ${job} of kind MUESTRA: EN_PROGRESO\n`));
  t.match(text.stdout, /chunks +4: 1 completed, 2 waiting, 1 failed\n/);
  t.match(text.stdout, /left +about \d+ s \(70 % done, the last chunk \d+ s ago\)/);
  t.match(text.stdout, /ERROR +1\/2 .*it broke/);

  const failed = await json<ShownJob>('jobs', 'show', String(job), '--state', 'error');
  t.same(
    failed.chunks.map(({ order }) => order),
    [2],
  );
  const page = await carril('jobs', 'show', String(job), '--limit', '2');
  t.match(page.stdout, `there may be more: carril jobs show ${job} --from 3`);
  const rest = await json<ShownJob>('jobs', 'show', String(job), '--from', '3');
  t.same(
    rest.chunks.map(({ order }) => order),
    [3, 4],
  );

  const none = await carril('jobs', 'show', '999999999');
  t.equal(none.code, 1);
  t.match(none.stderr, /50404/);
  t.equal((await carril('jobs', 'show', 'x')).code, 2);
});

t.test('jobs cancel: what waits at once; what runs is counted, and can be waited for', async (t) => {
  const job = await createJob(engine, 'CANCELA', 3);
  const held = await claimOne(engine, 'CANCELA', 'w');
  const first = await json<object>('jobs', 'cancel', String(job));
  t.same(first, { job: String(job), state: 'EN_PROGRESO', cancelled: 2, running: 1 });
  const text = await carril('jobs', 'cancel', String(job));
  t.match(text.stdout, `job ${job}: 0 chunks cancelled, 1 still running: their workers hear of it`);
  t.match((await carril('jobs', 'list', '--kind', 'CANCELA')).stdout, 'EN_PROGRESO, being cancelled');

  const waiting = spawnCarril(['jobs', 'cancel', String(job), '--wait'], { env });
  await waitUntil('it waits', () => waiting.stdout().includes('1 still running'));
  await trabajo.devolverChunk(engine, { idChunk: held.idChunk, token: held.token });
  const waited = await waiting.done;
  t.equal(waited.code, 0, waited.stderr);
  t.match(waited.stdout, 'none runs: CANCELADO');
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: job }), { estado: 'CANCELADO', cancelados: 3 });
  t.match((await carril('jobs', 'cancel', String(job))).stdout, `job ${job} had ended already: CANCELADO`);
  t.equal((await carril('jobs', 'cancel', '999999999')).code, 1);
});

t.test(
  'jobs cancel --wait: of a worker that is gone, until its lease has expired; Ctrl-C ends the wait',
  async (t) => {
    const job = await createJob(engine, 'CANCELA_SOLO', 1);
    const held = await claimOne(engine, 'CANCELA_SOLO', 'gone');
    const left = spawnCarril(['jobs', 'cancel', String(job), '--wait'], { env });
    await waitUntil('it waits', () => left.stdout().includes('1 still running'));
    left.kill('SIGINT');
    t.equal((await left.done).code, 130);
    const waiting = spawnCarril(['jobs', 'cancel', String(job), '--wait'], { env });
    await waitUntil('it waits', () => waiting.stdout().includes('1 still running'));
    await expire(engine, held.idChunk);
    t.equal((await waiting.done).code, 0);
    t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: job }), { estado: 'CANCELADO', cancelados: 1 });
  },
);

t.test('jobs cancel reaches a running statement of another process with its next heartbeat', async (t) => {
  const { job } = await startProcess(engine, '2021-05-07');
  const barrier = await holdFinals(engine);
  const work = spawnCarril(['work', '--lanes', '2', '--lease', '15s', '--idle-exit', '0s'], { env });
  await waitUntilBlocked(engine, 2);
  const begun = performance.now();
  const cancelled = await carril('jobs', 'cancel', String(job), '--wait');
  const seconds = (performance.now() - begun) / 1000;
  t.equal(cancelled.code, 0, cancelled.stderr);
  t.match(cancelled.stdout, 'job', cancelled.stdout);
  t.ok(seconds < 10, `${seconds.toFixed(1)} s: a heartbeat comes every 5 s, the lease lasts 15 s`);
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: job }), {
    estado: 'CANCELADO',
    cancelados: 6,
    enProgreso: 0,
  });
  await barrier.release();
  const worked = await work.done;
  t.equal(worked.code, 0, worked.stderr);
  t.match(worked.stdout, /: cancelled: the job was cancelled\n[^]*: cancelled: the job was cancelled\n/);
});

t.test('jobs retry: what failed or was cancelled waits again, with all its attempts', async (t) => {
  const job = await createJob(engine, 'REINTENTA', 3, { maxIntentos: 1 });
  const none = await carril('jobs', 'retry', String(job));
  t.equal(none.code, 0, none.stderr);
  t.match(none.stdout, 'nothing in it failed or was cancelled');
  const chunks = await claim(engine, 'REINTENTA', 'w', 3);
  const [first, second, third] = chunks;
  if (first === undefined || second === undefined || third === undefined) throw new Error('nothing claimed');
  for (const { idChunk, token } of [first, second])
    await trabajo.fallarChunk(engine, { idChunk, token, error: 'x' });
  await trabajo.completarChunk(engine, { idChunk: third.idChunk, token: third.token });
  await trabajo.finalizarTrabajo(engine, { idTrabajo: job });
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: job }), { estado: 'COMPLETADO_CON_ERRORES' });

  const one = await json<object>('jobs', 'retry', String(job), '--chunk', String(first.idChunk));
  t.same(one, { job: String(job), state: 'EN_PROGRESO', retried: 1 });
  const rest = await carril('jobs', 'retry', String(job));
  t.match(rest.stdout, `job ${job} is EN_PROGRESO: 1 chunk waits for a worker (carril work)`);
  const again = await claim(engine, 'REINTENTA', 'w', 3);
  t.same(again.map(({ idChunk }) => idChunk).sort(), [first.idChunk, second.idChunk].sort());
  t.ok(again.every(({ intento, token }) => intento === 1 && token === 2n));

  const { job: funds } = await startProcess(engine, '2021-05-07');
  const refused = await carril('jobs', 'retry', String(funds));
  t.equal(refused.code, 1);
  t.match(refused.stderr, /50409/);
  await carril('jobs', 'cancel', String(funds));
});

t.test('jobs retry: more than one call takes', async (t) => {
  const job = await createJob(engine, 'REINTENTA_MUCHO', 1100);
  await carril('jobs', 'cancel', String(job));
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: job }), { estado: 'CANCELADO', cancelados: 1100 });
  t.match(await json<object>('jobs', 'retry', String(job)), { state: 'EN_PROGRESO', retried: 1100 });
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: job }), { pendientes: 1100, fechaFin: null });
  await carril('jobs', 'cancel', String(job));
});

t.test('jobs purge: what ended long ago, in bounded batches, and nothing else', async (t) => {
  const ids = {
    old: await createJob(engine, 'PURGA', 4500),
    recent: await createJob(engine, 'PURGA', 2),
    alive: await createJob(engine, 'PURGA', 2),
    other: await createJob(engine, 'PURGA_NO', 2),
  };
  for (const id of [ids.old, ids.recent, ids.other]) await carril('jobs', 'cancel', String(id));
  for (const id of [ids.old, ids.other])
    await sql(engine, 'UPDATE trabajo.Trabajos SET FechaFin = ? WHERE ID_Trabajo = ?', [
      new Date(Date.now() - 40 * 86_400_000),
      id,
    ]);

  const missing = await carril('jobs', 'purge');
  t.equal(missing.code, 2);
  t.match(missing.stderr, /--older-than 30d/);
  t.equal((await carril('jobs', 'purge', '--older-than', 'a month')).code, 2);
  for (const age of ['0', '30', '1.5', ' 7 ']) {
    const bare = await carril('jobs', 'purge', '--older-than', age, '--force');
    t.equal(bare.code, 2, age);
    t.match(bare.stderr, /has no unit; write 30d/);
  }
  for (const age of ['0s', '59m', '3599s', '0.01d']) {
    const young = await carril('jobs', 'purge', '--older-than', age);
    t.equal(young.code, 2, age);
    t.match(young.stderr, /less than 1h.*--force/);
  }

  const purged = await json<object>('jobs', 'purge', '--older-than', '30d', '--kind', 'purga');
  t.match(purged, { jobs: 1, chunks: 4500, blocks: 0, left: false, before: /Z$/ });
  const remaining = await sql(
    engine,
    `SELECT ID_Trabajo AS id FROM trabajo.Trabajos WHERE Tipo IN ('PURGA', 'PURGA_NO') ORDER BY ID_Trabajo`,
  );
  t.same(
    remaining.map(({ id }) => id),
    [ids.recent, ids.alive, ids.other],
  );
  const [orphans] = await sql(engine, 'SELECT COUNT(*) AS n FROM trabajo.Chunks WHERE ID_Trabajo = ?', [
    ids.old,
  ]);
  t.equal(Number(orphans?.['n']), 0);
  const rest = await carril('jobs', 'purge', '--older-than', '30d');
  t.equal(rest.code, 0, rest.stderr);
  t.match(rest.stdout, /^1 job, 2 chunks purged, ended before \d{4}-/);
});

t.test('jobs purge: a job that somebody is about to bring back to life is left alone', async (t) => {
  const job = await createJob(engine, 'PURGA_OCUPADA', 1);
  await carril('jobs', 'cancel', String(job));
  await engine.transaction(async (session) => {
    await session.query(
      engine.dialect === 'sqlserver'
        ? `DECLARE @r int; EXEC @r = sp_getapplock @Resource = @p0, @LockMode = 'Exclusive', @LockOwner = 'Transaction'; SELECT @r AS r`
        : 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))::text',
      [`carril:trabajo:${job}`],
    );
    t.match(await json<object>('jobs', 'purge', '--older-than', '0s', '--force', '--kind', 'PURGA_OCUPADA'), {
      jobs: 0,
    });
  });
  t.match(await json<object>('jobs', 'purge', '--older-than', '0s', '--force', '--kind', 'PURGA_OCUPADA'), {
    jobs: 1,
  });
});

t.test('jobs show: a job without chunks, and the one that never ends', async (t) => {
  const ids = {
    LOGS_SECUENCIAL: await createJob(engine, 'SIN_CHUNKS_A', 0),
    LO_PROCESOS: await createJob(engine, 'SIN_CHUNKS_B', 0),
  };
  for (const [kind, id] of Object.entries(ids))
    await sql(engine, 'UPDATE trabajo.Trabajos SET Tipo = ? WHERE ID_Trabajo = ?', [kind, id]);
  const sequential = await carril('jobs', 'show', String(ids.LOGS_SECUENCIAL));
  t.equal(sequential.code, 0, sequential.stderr);
  t.match(
    sequential.stdout,
    /left +whoever started it reads the file[^]*\nno chunks: a sequential review is not/,
  );
  const rows = await carril('jobs', 'show', String(ids.LO_PROCESOS));
  t.match(rows.stdout, /left +it never ends[^]*\nno rows in LO_PROCESOS/);
  const empty = await carril('jobs', 'show', String(await createJob(engine, 'VACIO', 0)));
  t.match(empty.stdout, /\nno chunks\n/);
  // nobody may take them for the real ones
  await sql(
    engine,
    "DELETE FROM trabajo.Trabajos WHERE Tipo IN ('LOGS_SECUENCIAL', 'LO_PROCESOS') AND ID_Trabajo IN (?, ?)",
    [ids.LOGS_SECUENCIAL, ids.LO_PROCESOS],
  );
});

t.test('status of a process that runs says when it will have ended', async (t) => {
  const { id, job } = await startProcess(engine, '2021-05-07');
  const state = () => json<{ process: { eta_s: unknown } }>('status', String(id));
  t.equal((await state()).process.eta_s, null, 'nothing has completed');
  const [, second] = await trabajo.reclamarChunks(engine, { poseedor: 'w', idTrabajo: job, maximo: 2 });
  if (second === undefined) throw new Error('nothing claimed');
  // as if it had taken ten seconds
  await sql(
    engine,
    `UPDATE trabajo.Chunks SET Estado = 'COMPLETADO', Poseedor = NULL, Expira = NULL, Inicio = ?, Fin = ? WHERE ID_Chunk = ?`,
    [new Date(Date.now() - 10_000), new Date(), second.idChunk],
  );
  t.ok(Number((await state()).process.eta_s) >= 10);
  t.match((await carril('status', String(id))).stdout, /\nabout \d+ (s|min)( \d+ s)? left\n/);
  await carril('jobs', 'cancel', String(job));
});

t.test('each of the jobs commands shows an example, with --json', async (t) => {
  for (const name of ['list', 'show', 'cancel', 'retry', 'purge']) {
    const { code, stdout } = await runCarril(['jobs', name, '--help']);
    t.equal(code, 0);
    t.match(stdout, new RegExp(`Examples:[^]*carril jobs ${name}[^]*--json`), name);
  }
});
