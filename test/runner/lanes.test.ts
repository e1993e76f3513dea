import { setTimeout as sleep } from 'node:timers/promises';

import t from 'tap';

import { measured } from '../../benchmarks/measured-engine.js';
import { ProcedureError } from '../../engine/index.js';
import { trabajo } from '../../procedures/generated/index.js';
import type { WorkerEvents } from '../../runner/lanes/events.js';
import type { Chunk, ChunkContext, Handler, Outcome } from '../../runner/lanes/handler.js';
import { Worker } from '../../runner/worker.js';
import { claimOne, due, expire, gate } from '../leases/support.js';
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
    nameOf: ({ recurso }) => String(recurso),
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
    async fail(chunk, session, { message, retryable, transient }) {
      const failed = await trabajo.fallarChunk(session, {
        idChunk: chunk.idChunk,
        token: chunk.token,
        error: message,
        reintentable: retryable,
        transitorio: transient,
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
      split: (chunk, into) => lines.push(`${chunk.recurso ?? ''} split into ${into.length}`),
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

/** A handler whose chunks leave nothing but a result: the worker completes them. */
function resultHandler(kind: string, run: Run): Handler {
  return {
    ...handlerOf(kind, run),
    async run(chunk, _session, context): Promise<Outcome> {
      await run(chunk, context);
      return await context.complete(JSON.stringify({ of: chunk.recurso }));
    },
  };
}

/** Runs a job of chunks that leave nothing but a result; how often each procedure was called. */
async function workOnResults(
  { kind, job }: { kind: string; job: bigint },
  run: Run,
  more: { lanes: number; events?: WorkerEvents },
): Promise<Map<string, number>> {
  const calls = new Map<string, number>();
  const eye = measured(engine, ({ procedure }) => calls.set(procedure, (calls.get(procedure) ?? 0) + 1));
  const worker = new Worker({
    ...{ engine: eye, handlers: [resultHandler(kind, run)], job, events: more.events },
    ...{ lanes: more.lanes, leaseSeconds: 30, maxRunTimeMs: 60_000 },
  });
  await worker.run();
  return calls;
}

t.test('lanes whose chunks leave only a result share their calls, which claim as well', async (t) => {
  const made = await createJob(40);
  const { lines, events } = recorder();
  const calls = await workOnResults(made, () => Promise.resolve(), { lanes: 8, events });
  t.equal(lines.filter((line) => line.endsWith(' COMPLETADO')).length, 40);
  t.equal(new Set(lines).size, 40, 'each once');
  const completions = calls.get('trabajo.sp_Completar_Chunks') ?? 0;
  t.ok(completions >= 10 && completions <= 20, `four lanes a call: ${completions} calls for 40 chunks`);
  t.ok((calls.get('trabajo.sp_Reclamar_Chunks') ?? 0) <= 3, 'what follows was claimed by the completions');
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: made.job }), {
    estado: 'COMPLETADO',
    completados: 40,
  });
  const chunks = await trabajo.listarChunks(engine, { idTrabajo: made.job, situacion: 'COMPLETADO' });
  t.ok(chunks.every(({ recurso, resultado }) => resultado === JSON.stringify({ of: recurso })));
  t.ok(chunks.every(({ intento }) => intento === 1));
});

t.test('of lanes that share a call, one that lost its chunk loses it alone', async (t) => {
  const made = await createJob(4);
  const { lines, events } = recorder();
  let stolen = 0n;
  const all = gate();
  let arrived = 0;
  const run: Run = async (chunk) => {
    if (chunk.intento > 1) return;
    if (chunk.recurso === 'r2') {
      stolen = chunk.idChunk;
      await expire(engine, chunk.idChunk);
      await claimOne(engine, made.kind, 'other');
    }
    arrived += 1;
    if (arrived === 4) all.open();
    await all.opened;
    // the new holder gives it back, for this worker to end it after all
    if (chunk.recurso === 'r4')
      await trabajo.devolverChunk(engine, { idChunk: stolen, token: 2n }, { idempotent: true });
  };
  await workOnResults(made, run, { lanes: 4, events });
  t.same(lines.toSorted(), [
    'r1 COMPLETADO',
    'r2 COMPLETADO',
    'r2 lease-lost',
    'r3 COMPLETADO',
    'r4 COMPLETADO',
  ]);
});

t.test('of lanes that share a call, one with a result that is refused fails alone', async (t) => {
  const made = await createJob(4);
  const { lines, events } = recorder();
  const worker = new Worker({
    engine,
    handlers: [
      {
        ...resultHandler(made.kind, () => Promise.resolve()),
        run: (chunk, _session, context) => context.complete(chunk.recurso === 'r3' ? 'no json' : null),
      },
    ],
    ...{ lanes: 8, leaseSeconds: 30, maxRunTimeMs: 60_000, job: made.job, events },
  });
  await worker.run();
  t.match(lines.toSorted(), ['r1 COMPLETADO', 'r2 COMPLETADO', /^r3 failed: .*JSON/, 'r4 COMPLETADO']);
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: made.job }), { completados: 3, fallidos: 1 });
});

t.test('a chunk that ends with a result after its job was cancelled is CANCELADO', async (t) => {
  const made = await createJob(3);
  const { lines, events } = recorder();
  const run: Run = async (chunk) => {
    if (chunk.recurso === 'r1') await trabajo.cancelarTrabajo(engine, { idTrabajo: made.job });
  };
  await workOnResults(made, run, { lanes: 1, events });
  t.same(lines, ['r1 CANCELADO']);
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: made.job }), {
    estado: 'CANCELADO',
    cancelados: 3,
  });
});

t.test('a worker that is stopped keeps no chunk that its last completion claimed', async (t) => {
  const { kind, job } = await createJob(6);
  const { lines, events } = recorder();
  const worker = new Worker({
    engine,
    handlers: [
      resultHandler(kind, (chunk) => {
        if (chunk.recurso === 'r3') worker.stop();
        return Promise.resolve();
      }),
    ],
    ...{ lanes: 2, leaseSeconds: 30, maxRunTimeMs: 60_000, events },
  });
  await worker.run();
  t.ok(lines.includes('r3 COMPLETADO'), lines.join(', '));
  const state = await trabajo.estadoTrabajo(engine, { idTrabajo: job });
  t.equal(state.enProgreso, 0);
  t.equal(state.completados, lines.filter((line) => line.endsWith(' COMPLETADO')).length);
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

/** A job of one chunk over [0, units), worked on until it ends; every range that was begun, and what was said. */
async function workOnRange(
  units: bigint,
  run: (from: number, to: number) => void,
  more: { splitAt?: NonNullable<Handler['splitAt']>; maxIntentos?: number } = {},
): Promise<{ job: bigint; lines: string[]; begun: string[] }> {
  jobs += 1;
  const kind = `PRUEBA_${jobs}`;
  const { idTrabajo: job } = await trabajo.crearTrabajo(engine, {
    tipo: kind,
    maxIntentos: more.maxIntentos ?? 3,
    chunks: [{ orden: 1, rangoInicio: 0n, rangoFin: units, recurso: 'r', peso: Number(units) }],
  });
  const { lines, events } = recorder();
  const begun: string[] = [];
  const plain = handlerOf(kind, async (chunk) => {
    await Promise.resolve();
    const [from, to] = [Number(chunk.rangoInicio), Number(chunk.rangoFin)];
    begun.push(`${from}-${to}`);
    run(from, to);
  });
  await new Worker({
    engine,
    handlers: [more.splitAt === undefined ? plain : { ...plain, splitAt: more.splitAt }],
    lanes: 1,
    leaseSeconds: 30,
    maxRunTimeMs: 60_000,
    job,
    events,
  }).run();
  return { job, lines, begun };
}

/** As a chunk's work fails that reads more than fits into memory. */
function tooLargeAbove(units: number): (from: number, to: number) => void {
  return (from, to) => {
    if (to - from > units) throw new RangeError('Array buffer allocation failed');
  };
}

t.test(
  'a chunk that is too large for the memory is halved until it fits, without using up an attempt',
  async (t) => {
    const { job, lines, begun } = await workOnRange(8n, tooLargeAbove(2), { maxIntentos: 1 });
    t.same(begun, ['0-8', '0-4', '4-8', '0-2', '2-4', '4-6', '6-8']);
    t.equal(lines.filter((line) => line === 'r split into 2').length, 3);
    t.equal(lines.filter((line) => line === 'r COMPLETADO').length, 4);
    t.equal(lines.length, 7, lines.join('\n'));
    t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: job }), {
      estado: 'COMPLETADO',
      total: 4,
      completados: 4,
      omitidos: 3,
      fallidos: 0,
    });
    const chunks = await trabajo.listarChunks(engine, { idTrabajo: job, situacion: 'COMPLETADO' });
    t.same(
      chunks.map(({ peso }) => peso),
      [2, 2, 2, 2],
      'the weight is shared out',
    );
  },
);

t.test('the handler says where to cut, or that it cannot be cut', async (t) => {
  const atThree = await workOnRange(8n, tooLargeAbove(5), { splitAt: () => Promise.resolve(3n) });
  t.same(atThree.begun.toSorted(), ['0-3', '0-8', '3-8']);
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: atThree.job }), { estado: 'COMPLETADO' });

  const nowhere = await workOnRange(8n, tooLargeAbove(5), {
    splitAt: () => Promise.resolve(null),
    maxIntentos: 1,
  });
  t.same(nowhere.lines, ['r failed: Array buffer allocation failed']);
  const outside = await workOnRange(8n, tooLargeAbove(5), {
    splitAt: () => Promise.resolve(8n),
    maxIntentos: 1,
  });
  t.same(outside.lines, ['r failed: Array buffer allocation failed']);
  const broken = await workOnRange(8n, tooLargeAbove(5), {
    splitAt: () => Promise.reject(new Error('the file is gone')),
    maxIntentos: 1,
  });
  t.match(broken.lines, [
    /warning: chunk \d+ could not be split: the file is gone/,
    'r failed: Array buffer allocation failed',
  ]);
  const single = await workOnRange(1n, tooLargeAbove(0), { maxIntentos: 1 });
  t.same(single.lines, ['r failed: Array buffer allocation failed'], 'one unit has no halves');
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: single.job }), { estado: 'ERROR', omitidos: 0 });
});

t.test('a database that is unwell for a moment costs no attempt; its patience has an end', async (t) => {
  const { kind, job } = await createJob(2, 1);
  const { lines, events } = recorder();
  const unwell = new ProcedureError('deadlock victim', { code: 'DEADLOCK', number: 1205, retryable: true });
  let attempts = 0;
  const worker = workerOf(
    kind,
    async (chunk) => {
      await Promise.resolve();
      if (chunk.recurso === 'r1' && (attempts += 1) <= 3) throw unwell;
      if (chunk.recurso === 'r2') throw unwell;
    },
    {
      job,
      lanes: 1,
      events: {
        ...events,
        // instead of waiting for the backoff
        failed: (chunk, message, retryAt, remaining) => {
          events.failed?.(chunk, message, retryAt, remaining);
          if (retryAt !== null) void due(engine, chunk.idChunk);
        },
      },
    },
  );
  await worker.run();
  t.equal(lines.filter((line) => line === 'r1 failed: deadlock victim').length, 3);
  t.ok(lines.includes('r1 COMPLETADO'));
  t.equal(
    lines.filter((line) => line === 'r2 failed: deadlock victim').length,
    11,
    'ten times it is given its attempt back',
  );
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: job }), {
    estado: 'COMPLETADO_CON_ERRORES',
    completados: 1,
    fallidos: 1,
  });
});
