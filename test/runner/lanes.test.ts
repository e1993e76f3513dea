import { setTimeout as sleep } from 'node:timers/promises';

import t from 'tap';

import { measured } from '../../benchmarks/measured-engine.js';
import { trabajo } from '../../procedures/generated/index.js';
import type { WorkerEvents } from '../../runner/lanes/events.js';
import type { Chunk, ChunkContext, Handler, Outcome } from '../../runner/lanes/handler.js';
import { Worker } from '../../runner/worker.js';
import { freshDatabase } from '../testing/index.js';

const db = await freshDatabase(t);
const { engine } = db;
let jobs = 0;

/** A kind of its own for each case, so that no case claims another's chunks. */
async function createJob(chunks: number, maxIntentos = 3): Promise<{ kind: string; job: bigint }> {
  jobs += 1;
  const kind = `PRUEBA_${jobs}`;
  const { idTrabajo } = await trabajo.crearTrabajo(engine, {
    tipo: kind,
    maxIntentos,
    chunks: Array.from({ length: chunks }, (_unused, i) => ({ orden: i + 1, recurso: `r${i + 1}`, peso: 1 })),
  });
  return { kind, job: idTrabajo };
}

type Run = (chunk: Chunk, context: ChunkContext) => Promise<unknown>;

/** A handler whose work is `run`; completing, failing and finalizing are the plain procedures of trabajo. */
function handlerOf(kind: string, run: Run): Handler {
  return {
    kind,
    async run(chunk, session, context): Promise<Outcome> {
      if (context.stopping()) return { kind: 'stopped' };
      context.step('work');
      await run(chunk, context);
      if (context.stopping() && chunk.recurso === 'r2') return { kind: 'stopped' };
      context.closing();
      const { estado, restantes } = await trabajo.completarChunk(
        session,
        { idChunk: chunk.idChunk, token: chunk.token },
        { idempotent: true },
      );
      return { kind: 'completed', state: estado, remaining: restantes };
    },
    async fail(chunk, session, { message, retryable }) {
      const failed = await trabajo.fallarChunk(session, {
        idChunk: chunk.idChunk,
        token: chunk.token,
        error: message,
        reintentable: retryable,
      });
      return { state: failed.estado, retryAt: failed.noAntesDe, remaining: failed.restantes };
    },
    async finalize(job, session) {
      await trabajo.finalizarTrabajo(session, { idTrabajo: job.idTrabajo }, { idempotent: true });
    },
  };
}

/** Everything a worker says, as lines. */
function recorder(): { lines: string[]; events: WorkerEvents } {
  const lines: string[] = [];
  return {
    lines,
    events: {
      completed: (chunk, state) => lines.push(`${chunk.recurso ?? ''} ${state}`),
      failed: (chunk, message) => lines.push(`${chunk.recurso ?? ''} failed: ${message}`),
      dropped: (chunk, why) => lines.push(`${chunk.recurso ?? ''} ${why}`),
      warning: (message) => lines.push(`warning: ${message}`),
    },
  };
}

function workerOf(
  kind: string,
  run: Run,
  more: { job?: bigint; lanes?: number; events?: WorkerEvents; maxRunTimeMs?: number; leaseSeconds?: number },
): Worker {
  return new Worker({
    engine,
    handlers: [handlerOf(kind, run)],
    lanes: more.lanes ?? 2,
    leaseSeconds: more.leaseSeconds ?? 30,
    maxRunTimeMs: more.maxRunTimeMs ?? 60_000,
    job: more.job,
    events: more.events,
  });
}

/** Until aborted, then what the abort says; as a long call does. */
async function hang({ signal }: ChunkContext): Promise<never> {
  await sleep(60_000, undefined, { signal }).catch(() => undefined);
  throw signal.reason;
}

t.test('a job runs to its end once, by two workers with two lanes each', async (t) => {
  const { kind, job } = await createJob(30);
  const seen: string[] = [];
  const run: Run = async (chunk) => {
    seen.push(String(chunk.recurso));
    await sleep(1);
  };
  await Promise.all([workerOf(kind, run, { job }).run(), workerOf(kind, run, { job }).run()]);
  const state = await trabajo.estadoTrabajo(engine, { idTrabajo: job });
  t.match(state, { estado: 'COMPLETADO', total: 30, completados: 30, fallidos: 0 });
  t.equal(new Set(seen).size, 30);
  t.equal(seen.length, 30, 'no chunk twice');
});

t.test('a failing chunk is tried again, at most so many times, and harms no other', async (t) => {
  const { kind, job } = await createJob(3, 2);
  const { lines, events } = recorder();
  const run: Run = async (chunk) => {
    await Promise.resolve();
    if (chunk.recurso === 'r2') throw new Error(`attempt ${chunk.intento}`);
  };
  await workerOf(kind, run, { job, events }).run();
  t.same(lines.sort(), ['r1 COMPLETADO', 'r2 failed: attempt 1', 'r2 failed: attempt 2', 'r3 COMPLETADO']);
  const state = await trabajo.estadoTrabajo(engine, { idTrabajo: job });
  t.match(state, { estado: 'COMPLETADO_CON_ERRORES', completados: 2, fallidos: 1 });
});

t.test('past the maximum run time the attempt fails', async (t) => {
  const { kind, job } = await createJob(1, 1);
  const { lines, events } = recorder();
  await workerOf(kind, (_chunk, context) => hang(context), { job, events, maxRunTimeMs: 50 }).run();
  t.same(lines, ['r1 failed: ran longer than 0.05 s (--max-run-time)']);
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: job }), { estado: 'ERROR' });
});

t.test('cancelling a job reaches its running chunks with the next heartbeat', async (t) => {
  const { kind, job } = await createJob(2);
  const { lines, events } = recorder();
  const begun = performance.now();
  const worker = workerOf(
    kind,
    async (chunk, context) => {
      if (chunk.recurso === 'r1') await trabajo.cancelarTrabajo(engine, { idTrabajo: job });
      await hang(context);
    },
    { job, events, lanes: 1, leaseSeconds: 1 },
  );
  await worker.run();
  t.same(lines, ['r1 cancelled']);
  t.ok(performance.now() - begun < 10_000);
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: job }), { estado: 'CANCELADO', cancelados: 2 });
});

t.test('a chunk that another worker took over is dropped, and only its new holder ends it', async (t) => {
  const { kind, job } = await createJob(1);
  const first = recorder();
  const worker = workerOf(
    kind,
    async (chunk, context) => {
      // as after a pause longer than the lease: the lease is over and somebody else claims
      await engine.query(
        engine.dialect === 'sqlserver'
          ? `UPDATE trabajo.Chunks SET Expira = DATEADD(SECOND, -1, SYSUTCDATETIME()) WHERE ID_Chunk = @p0`
          : `UPDATE trabajo.chunks SET expira = clock_timestamp() - interval '1 s' WHERE id_chunk = $1`,
        [chunk.idChunk],
      );
      const [taken] = await trabajo.reclamarChunks(engine, { poseedor: 'other', tipos: [{ tipo: kind }] });
      t.equal(taken?.idChunk, chunk.idChunk);
      await hang(context);
    },
    { events: first.events, lanes: 1, leaseSeconds: 1 },
  );
  const running = worker.run();
  while (first.lines.length === 0) await sleep(20);
  worker.stop();
  await running;
  t.same(first.lines, ['r1 lease-lost']);
  const [held] = await engine.query(
    engine.dialect === 'sqlserver'
      ? 'SELECT Poseedor AS poseedor FROM trabajo.Chunks WHERE ID_Trabajo = @p0'
      : 'SELECT poseedor FROM trabajo.chunks WHERE id_trabajo = $1',
    [job],
  );
  t.equal(held?.['poseedor'], 'other', 'the new holder keeps it');
});

t.test('stop: what runs is finished, the rest given back, without using up an attempt', async (t) => {
  const { kind, job } = await createJob(4);
  const { lines, events } = recorder();
  let begun = 0;
  const worker = workerOf(
    kind,
    async () => {
      begun += 1;
      while (begun < 2) await sleep(5);
      worker.stop();
    },
    { events },
  );
  await worker.run();
  t.same(lines.sort(), ['r1 COMPLETADO', 'r2 given-back']);
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: job }), {
    pendientes: 3,
    completados: 1,
    enProgreso: 0,
  });
  const chunks = await trabajo.reclamarChunks(engine, { poseedor: 'x', tipos: [{ tipo: kind }], maximo: 10 });
  t.same(
    chunks.map(({ intento }) => intento),
    [1, 1, 1],
  );
});

t.test('stopNow: what runs is aborted and given back', async (t) => {
  const { kind, job } = await createJob(2);
  const { lines, events } = recorder();
  const worker = workerOf(kind, (_chunk, context) => hang(context), { events });
  const running = worker.run();
  while (worker.running().length < 2) await sleep(5);
  const begun = performance.now();
  worker.stopNow();
  await running;
  t.ok(performance.now() - begun < 1500);
  t.same(lines.sort(), ['r1 given-back', 'r2 given-back']);
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: job }), { pendientes: 2, enProgreso: 0 });
});

t.test('a job that its last completers left unfinalized is found and ended', async (t) => {
  const { kind, job } = await createJob(1);
  const [chunk] = await trabajo.reclamarChunks(engine, { poseedor: 'gone', tipos: [{ tipo: kind }] });
  if (chunk === undefined) throw new Error('nothing claimed');
  await trabajo.completarChunk(engine, { idChunk: chunk.idChunk, token: chunk.token });
  await new Worker({
    engine,
    handlers: [handlerOf(kind, () => Promise.resolve())],
    lanes: 1,
    leaseSeconds: 30,
    maxRunTimeMs: 1000,
    idleExitMs: 0,
  }).run();
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: job }), { estado: 'COMPLETADO' });
});

t.test('an idle worker asks at most once a second', async (t) => {
  const asked: number[] = [];
  const eye = measured(engine, () => asked.push(performance.now()));
  const worker = new Worker({
    engine: eye,
    handlers: [handlerOf('PRUEBA_OCIOSA', () => Promise.resolve())],
    lanes: 4,
    leaseSeconds: 1,
    maxRunTimeMs: 1000,
    idleExitMs: 3_600_000,
  });
  const running = worker.run();
  await sleep(6000);
  worker.stop();
  await running;
  // the first claim, and the sweep that follows what has just ended, come at once
  const gaps = asked.slice(2).map((at, i) => at - (asked[i + 1] ?? 0));
  t.ok(gaps.length >= 2, `${asked.length} queries`);
  t.ok(
    gaps.every((gap) => gap >= 1000),
    gaps.map(Math.round).join(', '),
  );
});
