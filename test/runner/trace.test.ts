/** Traces of real runs: what a worker writes of its lanes, what is lost when the database goes away, and what is made of it. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import t from 'tap';

import { connect } from '../../engine/index.js';
import type { Engine, Session } from '../../engine/index.js';
import { logs } from '../../procedures/generated/index.js';
import { loadSamples } from '../../runner/demo.js';
import type { Chunk, ChunkContext, Handler } from '../../runner/lanes/handler.js';
import { processWorker, startProcess } from '../../runner/process.js';
import { gatherReport } from '../../runner/report/data.js';
import { reportPage } from '../../runner/report/page.js';
import { readTraces } from '../../runner/trace/read.js';
import type { TraceQuestion, TraceRow } from '../../runner/trace/read.js';
import type { TraceRecord } from '../../runner/trace/record.js';
import { Tracer, laneOf } from '../../runner/trace/tracer.js';
import { TraceWriter } from '../../runner/trace/writer.js';
import { proxy } from '../engine/proxy.js';
import { loadFunds } from '../leases/process.js';
import { asRole, freshDatabase, runCarril, spawnCarril } from '../testing/index.js';
import { testServer } from '../testing/server.js';
import { waitUntil, waitUntilBlocked } from '../testing/wait.js';
import { holdFinals, startedProcess } from './support.js';

const db = await freshDatabase(t);
const { engine, env } = db;
await loadSamples(engine);
const date = '2021-05-07';
const folder = mkdtempSync(join(tmpdir(), 'carril-trace-'));
t.teardown(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function tracesOf(session: Session, question: TraceQuestion): Promise<TraceRow[]> {
  const all: TraceRow[] = [];
  for await (const rows of readTraces(session, question)) all.push(...rows);
  return all;
}

/** STARTs of attempts that have neither END nor ERROR. */
function unended(rows: readonly TraceRow[]): string[] {
  const key = (row: TraceRow) => `${row.subEtapa ?? ''} ${row.etapa ?? ''}`;
  const ended = new Set(rows.filter(({ tipoEvento }) => /END|ERROR/.test(tipoEvento)).map(key));
  return rows
    .filter(({ tipoEvento }) => tipoEvento === 'START')
    .map(key)
    .filter((start) => !ended.has(start));
}

await t.test('a run is traced, exported and reported', async (t) => {
  const began = Date.now();
  const run = await runCarril(['run', '--date', date, '--lanes', '2', '--json'], { env });
  t.equal(run.code, 0, run.stderr);
  const {
    process: { id },
  } = JSON.parse(run.stdout) as { process: { id: string } };
  const idProceso = BigInt(id);
  const rows = await tracesOf(engine, { idProceso });
  t.same(unended(rows), []);
  const executions = await logs.estadoEjecuciones(engine, { idProceso });
  for (const { idEjecucion, idFund, fundShortName } of executions) {
    const own = rows.filter((row) => row.idEjecucion === idEjecucion);
    t.match(
      own.find(({ tipoEvento }) => tipoEvento === 'START'),
      {
        etapa: 'IPA',
        idFund,
        fundShortName,
      },
    );
    t.ok(own.some(({ tipoEvento, duracionMs }) => tipoEvento === 'END' && (duracionMs ?? 0) > 0));
  }
  t.same([...new Set(rows.map(({ threadId }) => laneOf(threadId ?? 0).lane))].sort(), [1, 2]);
  const [first] = rows;
  // the test's own clock is the server's on the same machine; on another one it is not compared
  if (first !== undefined && env.CARRIL_DATABASE_URL.startsWith('embedded:'))
    t.ok(Math.abs(first.timestamp.getTime() - began) < 60_000);

  const file = join(folder, 'run.json');
  const exported = await runCarril(['trace', 'export', id, '--format', 'chrome', '--out', file, '--json'], {
    env,
  });
  t.match(
    { ...exported, stdout: JSON.parse(exported.stdout) as unknown },
    { code: 0, stdout: { id, records: rows.length } },
  );
  const { traceEvents } = JSON.parse(readFileSync(file, 'utf8')) as {
    traceEvents: {
      ph: string;
      name: string;
      pid: number;
      tid: number;
      ts: number;
      dur: number;
      args: { name?: string };
    }[];
  };
  t.notOk(existsSync(`${file}.partial`));
  const slices = traceEvents.filter(({ ph }) => ph === 'X');
  const ends = rows.filter(({ tipoEvento }) => tipoEvento === 'END').length;
  t.equal(slices.length, 2 * ends, 'each on its fund and on its lane');
  t.ok(slices.every(({ ts, dur }) => ts >= 0 && dur >= 0));
  const named = new Map(
    traceEvents
      .filter(({ name }) => name === 'thread_name')
      .map(({ pid, tid, args }) => [`${pid}/${tid}`, args.name]),
  );
  t.same(
    [...named.values()].sort(),
    [...executions.map(({ fundShortName }) => fundShortName), 'lane 1', 'lane 2'].sort(),
  );
  // on one track nothing overlaps: the lane did one thing after another
  for (const track of named.keys()) {
    const own = slices
      .filter(({ pid, tid }) => `${pid}/${tid}` === track)
      .sort((a, b) => a.ts - b.ts || a.dur - b.dur);
    for (const [i, { ts }] of own.entries()) {
      const before = own[i - 1];
      // instants are whole milliseconds
      if (before !== undefined)
        t.ok(ts >= before.ts + before.dur - 2000, `${track} ${before.ts}+${before.dur} ${ts}`);
    }
  }

  const page = join(folder, 'run.html');
  const report = await runCarril(['report', id, '--html', page], { env });
  t.match(report, { code: 0, stdout: /6 funds/ }, report.stderr);
  t.match(readFileSync(page, 'utf8'), /Slowest resources/);
});

await t.test('waits on a lock are seen, with who holds it', async (t) => {
  const process = await startProcess(engine, date, ['ARKK']);
  const barrier = await holdFinals(engine);
  const warnings: string[] = [];
  const tracer = new Tracer({ engine, warn: (message) => warnings.push(message), tickMs: 20, flushMs: 20 });
  const running = processWorker(engine, process, { lanes: 1, tracer }).run();
  const seen = async (event: string) =>
    (await tracesOf(engine, { idProceso: process.id })).find(({ tipoEvento }) => tipoEvento === event);
  const lock = await waitUntil('the lock is traced', () => seen('LOCK'));
  await barrier.release();
  await running;
  t.match(lock, { etapa: 'IPA', fundShortName: 'ARKK', recurso: /^staging\.ipa_final$/i });
  t.match(JSON.parse(lock.metadata ?? ''), { bloqueador: { programa: 'carril test', sesion: Number } });
  const wait = await seen('WAIT');
  t.match(wait, { etapa: 'IPA', recurso: lock.recurso });
  t.ok((wait?.duracionMs ?? 0) >= (lock.duracionMs ?? 0));
  t.same(warnings, []);
  t.match(await gatherReport(engine, process.id), {
    lanes: [{ waits: [{ holder: /^carril test, session \d+$/ }] }],
  });
});

/** A chunk that nobody leased: the tracer only looks at it. */
function chunk(over: Partial<Chunk> = {}): Chunk {
  return {
    ...{ idChunk: 7n, idTrabajo: 4_000_000_000n, tipo: 'PRUEBA', rangoInicio: null, rangoFin: null },
    ...{ recurso: '/a/file', token: 1n, intento: 1, maxIntentos: 3, parametros: null, ...over },
  };
}

const context: ChunkContext = {
  signal: new AbortController().signal,
  stopping: () => false,
  step: () => undefined,
  closing: () => undefined,
  complete: () => Promise.reject(new Error('no handler here completes by it')),
};

function handlerOf(run: Handler['run']): Handler {
  return {
    kind: 'PRUEBA',
    nameOf: () => 'a chunk',
    run,
    fail: () => Promise.reject(new Error('not called')),
    finalize: () => Promise.resolve(),
  };
}

await t.test(
  'any kind of work is traced, errors without their secrets, and the wait for the next attempt',
  async (t) => {
    const tracer = new Tracer({ engine, warn: (message) => t.fail(message) });
    let attempts = 0;
    const traced = tracer.handler(
      handlerOf((_chunk, _session, lane) => {
        lane.step('scan');
        attempts += 1;
        if (attempts === 1)
          return Promise.reject(new Error("login failed: password=geheim; PASSWORD = 'geheim'"));
        lane.closing();
        return Promise.resolve({ kind: 'completed', state: 'COMPLETADO', remaining: 0 });
      }),
      'host:1:abc',
    );
    await t.rejects(traced.run(chunk(), engine, context), /geheim/, 'the lane gets what was thrown');
    await traced.run(chunk({ token: 2n, intento: 2 }), engine, context);
    await tracer.close();
    const rows = await tracesOf(engine, { idTrabajo: 4_000_000_000n });
    t.same(
      rows
        .map(({ tipoEvento, etapa, subEtapa, recurso }) => [tipoEvento, etapa, subEtapa, recurso].join(' '))
        .sort(),
      [
        'END Completar 7.2 /a/file',
        'END scan 7.2 /a/file',
        'ERROR scan 7.1 /a/file',
        'START Completar 7.2 /a/file',
        'START scan 7.1 /a/file',
        'START scan 7.2 /a/file',
        'WAIT scan 7.2 reintento',
      ],
    );
    const text = rows.map(({ metadata }) => metadata ?? '').join('\n');
    t.match(text, /login failed/);
    t.notMatch(text, /geheim/);
  },
);

function record(i: number, job: bigint): TraceRecord {
  const place = { job, thread: 1, attempt: `${i}.1`, stage: 'scan', resource: 'r' };
  return { ...place, at: performance.now(), event: 'END', durationMs: i, metadata: undefined };
}

async function written(job: bigint): Promise<number[]> {
  const rows = await tracesOf(engine, { idTrabajo: job });
  return rows.map(({ duracionMs }) => duracionMs ?? -1).sort((a, b) => a - b);
}

await t.test(
  'a database that goes away costs no record: memory is bounded, then the lanes wait',
  async (t) => {
    const direct = (await testServer()).direct(db.name);
    if (direct.kind === 'embedded') throw new Error('a direct target has a host and a port');
    const upstream = [direct.host, direct.port ?? (direct.kind === 'postgres' ? 5432 : 1433)] as const;
    const first = await proxy(...upstream);
    const { port } = first;
    const away: Engine = await connect({ ...direct, host: '127.0.0.1', port }, { poolMax: 1 });
    t.teardown(() => away.close());
    const warnings: string[] = [];
    const job = 4_000_000_001n;
    const writer = new TraceWriter({
      engine: away,
      warn: (message) => warnings.push(message),
      tickMs: 10,
      flushMs: 10,
      capacity: 300,
    });
    const { signal } = new AbortController();
    let next = 0;
    const some = (count: number) => {
      for (const end = next + count; next < end; next += 1) writer.add(record(next, job));
    };
    some(100);
    await waitUntil('the first are written', () => writer.pending === 0);
    t.equal((await written(job)).length, 100);
    // records come in while connections break under the writer's hands
    for (let i = 0; i < 10; i += 1) {
      some(20);
      first.cut();
      await waitUntil('it writes again', () => writer.pending === 0);
    }
    await first.close();
    some(300);
    t.equal(writer.pending, 300);
    let waited = false;
    const room = writer.room(signal).then((had) => {
      waited = had;
    });
    await waitUntil('it says so', () => warnings.some((message) => message.includes('lanes wait')));
    // seen when it next writes
    await waitUntil('and why', () =>
      warnings.some((message) => message.includes('traces wait for the database')),
    );
    t.equal(waited, false, 'a lane waits as long as there is no room');
    const again = await proxy(...upstream, port);
    t.teardown(() => again.close());
    await room;
    t.equal(waited, true);
    some(50);
    await writer.close(20_000);
    t.same(
      await written(job),
      Array.from({ length: next }, (_, i) => i),
      'each once',
    );
  },
);

await t.test('one that stays away is given up, and what is lost is counted', async (t) => {
  const direct = (await testServer()).direct(db.name);
  if (direct.kind === 'embedded') throw new Error('a direct target has a host and a port');
  const relay = await proxy(direct.host, direct.port ?? (direct.kind === 'postgres' ? 5432 : 1433));
  const away = await connect({ ...direct, host: '127.0.0.1', port: relay.port }, { poolMax: 1 });
  await relay.close();
  const warnings: string[] = [];
  const writer = new TraceWriter({ engine: away, warn: (message) => warnings.push(message), tickMs: 10 });
  writer.add(record(1, 1n));
  await writer.close(300);
  t.match(warnings.at(-1), /1 records could not be written/);
  t.equal(await writer.room(new AbortController().signal), false, 'nobody waits for it any more');
  await away.close();
});

await t.test(
  'without the right to write, or without the table, a run goes on and says so once',
  async (t) => {
    const app = await asRole(db, 'carril_app');
    const process = await startProcess(app, date, ['ARKK', 'ARKG']);
    const warnings: string[] = [];
    const tracer = new Tracer({ engine: app, warn: (message) => warnings.push(message) });
    await processWorker(app, process, { lanes: 2, tracer }).run();
    t.match(await logs.estadoProceso(app, { idProceso: process.id }), { estado: 'COMPLETADO' });
    t.equal(warnings.length, 1);
    t.match(warnings[0], /carril_carga/);
    t.same(await tracesOf(engine, { idProceso: process.id }), []);

    const page = [...reportPage(await gatherReport(engine, process.id))].join('');
    t.match(page, /There are no traces of this process/);
    t.match(page, /the whole fund/);
  },
);

await t.test('Ctrl-C twice: what was under way is in the traces, with why it ended', async (t) => {
  const barrier = await holdFinals(engine);
  const run = spawnCarril(['run', '--date', date, '--lanes', '2'], { env });
  const id = await startedProcess(run);
  await waitUntilBlocked(engine, 2);
  run.kill('SIGINT');
  await waitUntil('it says that it is stopping', () => run.stderr().includes('stopping'));
  run.kill('SIGINT');
  const result = await run.done;
  await barrier.release();
  t.equal(result.code, 130, result.stderr);
  const rows = await tracesOf(engine, { idProceso: BigInt(id) });
  t.same(unended(rows), []);
  const errors = rows.filter(({ tipoEvento }) => tipoEvento === 'ERROR');
  t.equal(errors.length, 2);
  for (const { metadata } of errors) t.match(metadata, /"causa":"interrupted"/);
});

await t.test('the page has each fund once, and escapes whatever is in it', async (t) => {
  const other = await freshDatabase(t);
  const names = ['<script>alert(1)</script>', `A"B'&<b>`, 'ALFA'];
  await loadFunds(other.engine, names);
  const process = await startProcess(other.engine, '2021-01-06');
  const tracer = new Tracer({ engine: other.engine, warn: (message) => t.fail(message) });
  await processWorker(other.engine, process, { lanes: 2, tracer }).run();
  const page = [...reportPage(await gatherReport(other.engine, process.id))].join('');
  t.equal(page.match(/<details /g)?.length, 3);
  t.notMatch(page, /<script|<b>&|src=|url\(|@import|<link|href=/i);
  t.match(page, '&lt;script&gt;alert(1)&lt;/script&gt;');
  t.match(page, 'A&quot;B&#39;&amp;&lt;b&gt;');
  t.match(page, /default-src 'none'/);
  // each fund: its seven services and its completion as bars
  t.equal(page.match(/class="bar s\d done"/g)?.length, 3 * 8);
});
