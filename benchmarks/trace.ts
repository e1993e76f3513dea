/**
 * `npm run bench:trace`: what tracing costs a run, in interleaved pairs of runs with and without it, and how fast traces are
 * written beside PostgreSQL's own COPY of the same rows. On a fresh embedded database.
 */
import { loadavg } from 'node:os';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import pg from 'pg';
import { from, to } from 'pg-copy-streams';

import { acquireEmbedded } from '../engine/embedded/index.js';
import { connect } from '../engine/index.js';
import type { Engine } from '../engine/index.js';
import { createMigrator } from '../migrator/index.js';
import { writeSynthetic } from '../runner/cli/commands/load/synthetic.js';
import { connectionsOf } from '../runner/connections.js';
import { processWorker, startProcess } from '../runner/process.js';
import type { TraceRecord } from '../runner/trace/record.js';
import { Tracer } from '../runner/trace/tracer.js';
import { TraceWriter } from '../runner/trace/writer.js';
import { round } from './measured-engine.js';
import { benchTarget, inBenchDatabase } from './bench-database.js';
import { sessionCpu, spent } from './session-cpu.js';
import { benchOptions } from './options.js';
import { record } from './record.js';
import { median, medianInterval } from './statistics.js';
import type { Interval } from './statistics.js';

const options = benchOptions(
  'trace',
  'Runs with tracing and without it, in interleaved pairs; and traces written beside COPY of the same rows.',
  [20, 2],
  {
    funds: { default: 200, quick: 6, describe: 'funds of the generated data' },
    positions: { default: 400, quick: 40, describe: 'positions a fund' },
    lanes: { default: 8, describe: 'funds side by side' },
    seed: { default: 7, describe: 'of the generator' },
    rows: { default: 200_000, quick: 20_000, describe: 'trace records to write' },
    writings: { default: 10, quick: 2, describe: 'how often they are written' },
  },
);
const { out, lanes, rounds: pairs, rows, writings } = options;
const date = '2024-06-28';
const data = {
  funds: options.funds,
  positions: options.positions,
  seed: options.seed,
  date,
  dates: 1,
};
const target = benchTarget();

const columns =
  'id_proceso, id_ejecucion, id_fund, timestamp, etapa, subetapa, tipo_evento, recurso, duracion_ms, metadata, thread_id, id_trabajo';

await inBenchDatabase(target, bench);

async function bench(): Promise<void> {
  const engine = await connect(target, { poolMax: connectionsOf(lanes), appName: 'carril bench' });
  try {
    await createMigrator(engine).up();
    await writeSynthetic(engine, data, out);
    const overhead = await measureOverhead(engine);
    const writing = await measureWriting(engine);
    await record('trace', engine, out, options, {
      data: { ...data, lanes, rows },
      load_average: loadavg(),
      overhead,
      writing,
    });
  } finally {
    await engine.close();
  }
}

interface Run {
  readonly ms: number;
  /** Of this process and of the server's together; null where the system does not say. */
  readonly cpu_ms: number | null;
}

/** A run from its first claim to its end, its traces written. */
async function once(engine: Engine, traced: boolean): Promise<Run> {
  await takeBack(engine);
  // what earlier runs left to be written is not this one's to wait for
  await engine.batch('CHECKPOINT');
  const started = await startProcess(engine, date);
  const warn = (message: string) => {
    throw new Error(message);
  };
  const [client, server] = [process.cpuUsage(), await sessionCpu(engine)];
  const begun = performance.now();
  const tracer = traced ? new Tracer({ engine, warn }) : undefined;
  await processWorker(engine, started, { lanes, tracer }).run();
  const ms = performance.now() - begun;
  const { user, system } = process.cpuUsage(client);
  const after = await sessionCpu(engine);
  return { ms, cpu_ms: after === undefined ? null : (user + system + spent(server, after)) / 1000 };
}

/** Every run finds what the one before found: the second on the same tables takes a fifth longer than the first, traced or not. */
async function takeBack(engine: Engine): Promise<void> {
  const tables = await engine.query(
    `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_catalog.pg_tables
     WHERE schemaname IN ('extract', 'staging')`,
  );
  await engine.batch(`TRUNCATE ${tables.map((row) => String(row['name'])).join(', ')}, logs.Trace_Records`);
  await engine.batch('VACUUM (ANALYZE)');
}

async function measureOverhead(engine: Engine) {
  // both ways, until nothing is done for the first time any more
  for (const traced of [true, false]) await once(engine, traced);
  const measured: {
    readonly with_ms: number;
    readonly without_ms: number;
    readonly percent: number;
    readonly cpu_percent: number | null;
  }[] = [];
  const progress = out.progress('pairs', pairs);
  for (let i = 0; i < pairs; i += 1) {
    // whoever goes second finds the caches as the first left them: by turns
    const first = await once(engine, i % 2 === 0);
    const second = await once(engine, i % 2 !== 0);
    const [on, off] = i % 2 === 0 ? [first, second] : [second, first];
    const percent = round(100 * (on.ms / off.ms - 1));
    const cpu_percent =
      on.cpu_ms === null || off.cpu_ms === null ? null : round(100 * (on.cpu_ms / off.cpu_ms - 1));
    measured.push({ with_ms: round(on.ms), without_ms: round(off.ms), percent, cpu_percent });
    progress.update(
      i + 1,
      `${round(on.ms)} ms traced, ${round(off.ms)} ms not: ${percent} %, CPU ${cpu_percent ?? '?'} %`,
    );
  }
  progress.stop();
  const wall = medianInterval(measured.map(({ percent }) => percent));
  const cpu = medianInterval(measured.flatMap(({ cpu_percent }) => cpu_percent ?? []));
  const said = (it: Interval) => `${round(it.median)} % (${round(it.low)} to ${round(it.high)} %)`;
  out.print(
    `tracing costs ${said(wall)}, median and 95 % interval of ${pairs} pairs (goal below 3 %); CPU ${said(cpu)}`,
  );
  return {
    pairs: measured,
    ...{ median_percent: round(wall.median), interval_95_percent: [round(wall.low), round(wall.high)] },
    ...{ median_cpu_percent: round(cpu.median), interval_95_cpu_percent: [round(cpu.low), round(cpu.high)] },
    goal_percent: 3,
  };
}

function traceRecord(i: number): TraceRecord {
  const place = {
    process: 1n,
    execution: BigInt(i % 50),
    job: 1n,
    thread: (i % 8) + 1,
    attempt: `${i}.1`,
    stage: 'IPA',
  };
  const metadata = JSON.stringify({
    chunk: String(i),
    nombre: `SYN${i % 50}`,
    intento: 1,
    trabajador: 'bench:1:abcdef',
  });
  return i % 2 === 0
    ? { ...place, resource: 'IPA', at: i / 10, event: 'START', durationMs: undefined, metadata }
    : { ...place, resource: 'IPA', at: i / 10, event: 'END', durationMs: i % 1000, metadata: undefined };
}

/** Rows a second: from `add` of records that are there to the last one written, beside COPY of the same rows as text that is ready. */
async function measureWriting(engine: Engine) {
  const measured: { writer: number; copy: number; percent: number }[] = [];
  const embedded = await acquireEmbedded({ database: target.database });
  const client = new pg.Client({ ...connectionOf(embedded.target), database: target.database });
  try {
    await client.connect();
    for (let i = 0; i < writings; i += 1) {
      const writer = await writeRecords(engine);
      const text = await asText(client);
      const copy = await copyText(client, text);
      measured.push({ writer, copy, percent: round((100 * writer) / copy) });
      out.note(`round ${i + 1}: ${writer} rows/s written, ${copy} rows/s by COPY`);
    }
  } finally {
    await client.end();
    await embedded.release();
  }
  const percent = round(median(measured.map((one) => one.percent)));
  out.print(`traces are written at ${percent} % of COPY's rows a second (goal 70 %)`);
  return { rows, rounds: measured, median_percent_of_copy: percent, goal_percent: 70 };
}

function connectionOf({ host, port, user, password }: pg.ClientConfig): pg.ClientConfig {
  return { host, port, user, password };
}

async function writeRecords(engine: Engine): Promise<number> {
  await engine.batch('TRUNCATE logs.Trace_Records');
  await engine.batch('CHECKPOINT');
  const { signal } = new AbortController();
  const records = Array.from({ length: rows }, (_, i) => traceRecord(i));
  const begun = performance.now();
  const writer = new TraceWriter({
    engine,
    warn: (message) => {
      // that lanes wait for room is part of it
      if (!message.includes('lanes wait')) throw new Error(message);
    },
    capacity: 50_000,
  });
  for (const [i, one] of records.entries()) {
    if (i % 1000 === 0) await writer.room(signal);
    writer.add(one);
  }
  await writer.close(600_000);
  return Math.round((rows * 1000) / (performance.now() - begun));
}

/** The rows as COPY's text, in pieces of 64 kB. */
async function asText(client: pg.Client): Promise<readonly Buffer[]> {
  const pieces: Buffer[] = [];
  const stream = client.query(
    to(`COPY (SELECT ${columns} FROM logs.Trace_Records ORDER BY id_trace) TO STDOUT`),
  );
  for await (const piece of stream) pieces.push(piece as Buffer);
  const whole = Buffer.concat(pieces);
  const cut: Buffer[] = [];
  for (let at = 0; at < whole.length; at += 65_536) cut.push(whole.subarray(at, at + 65_536));
  return cut;
}

/** One COPY in one transaction: what `psql \copy` does with a file. */
async function copyText(client: pg.Client, text: readonly Buffer[]): Promise<number> {
  await client.query('TRUNCATE logs.Trace_Records');
  await client.query('CHECKPOINT');
  const begun = performance.now();
  await pipeline(Readable.from(text), client.query(from(`COPY logs.Trace_Records (${columns}) FROM STDIN`)));
  return Math.round((rows * 1000) / (performance.now() - begun));
}
