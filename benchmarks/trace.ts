/**
 * `npm run bench:trace`: what tracing costs a run, in interleaved pairs of runs with and without it, and how fast traces are
 * written beside PostgreSQL's own COPY of the same rows. On a fresh embedded database.
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';

import pg from 'pg';
import { from, to } from 'pg-copy-streams';

import { acquireEmbedded } from '../engine/embedded/index.js';
import { connect } from '../engine/index.js';
import type { Engine } from '../engine/index.js';
import { createMigrator } from '../migrator/index.js';
import { writeSynthetic } from '../runner/cli/commands/load/synthetic.js';
import { createOutput } from '../runner/cli/output.js';
import { connectionsOf } from '../runner/connections.js';
import { processWorker, startProcess } from '../runner/process.js';
import type { TraceRecord } from '../runner/trace/record.js';
import { Tracer } from '../runner/trace/tracer.js';
import { TraceWriter } from '../runner/trace/writer.js';
import { round } from './measured-engine.js';
import { benchTarget, inBenchDatabase } from './bench-database.js';
import { median } from './statistics.js';
import { record, surroundings } from './record.js';

const { values } = parseArgs({
  options: {
    funds: { type: 'string', default: '50' },
    positions: { type: 'string', default: '400' },
    lanes: { type: 'string', default: '8' },
    seed: { type: 'string', default: '7' },
    pairs: { type: 'string', default: '10' },
    rows: { type: 'string', default: '200000' },
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
    'no-record': { type: 'boolean', default: false },
  },
});
const [lanes, pairs, rows, rounds] = [values.lanes, values.pairs, values.rows, values.rounds].map(Number) as [
  number,
  number,
  number,
  number,
];
const date = '2024-06-28';
const data = {
  funds: Number(values.funds),
  positions: Number(values.positions),
  seed: Number(values.seed),
  date,
  dates: 1,
};
const out = createOutput({ json: values.json, quiet: false });
const target = benchTarget();

const columns =
  'id_proceso, id_ejecucion, id_fund, timestamp, etapa, subetapa, tipo_evento, recurso, duracion_ms, metadata, thread_id, id_trabajo';

await inBenchDatabase(target, bench);

async function bench(): Promise<void> {
  const engine = await connect(target, { poolMax: connectionsOf(lanes) + 1, appName: 'carril bench' });
  try {
    await createMigrator(engine).up();
    await writeSynthetic(engine, data, out);
    const overhead = await measureOverhead(engine);
    const writing = await measureWriting(engine);
    const recording = {
      benchmark: 'trace',
      ...(await surroundings(engine)),
      data: { ...data, lanes },
      overhead,
      writing,
    };
    if (!values['no-record']) out.note(`recorded in ${record('trace', recording)}`);
    out.document(recording);
  } finally {
    await engine.close();
  }
}

/** Seconds of a run from its first claim to its end, its traces written. */
async function once(engine: Engine, traced: boolean): Promise<number> {
  const started = await startProcess(engine, date);
  const warn = (message: string) => {
    throw new Error(message);
  };
  const begun = performance.now();
  const tracer = traced ? new Tracer({ engine, warn }) : undefined;
  await processWorker(engine, started, { lanes, tracer }).run();
  return performance.now() - begun;
}

async function measureOverhead(engine: Engine): Promise<unknown> {
  // both ways, until nothing is done for the first time any more
  for (const traced of [true, false]) await once(engine, traced);
  const measured: { with_ms: number; without_ms: number; percent: number }[] = [];
  for (let i = 0; i < pairs; i += 1) {
    // whoever goes second finds the caches as the first left them: by turns
    const first = await once(engine, i % 2 === 0);
    const second = await once(engine, i % 2 !== 0);
    const [on, off] = i % 2 === 0 ? [first, second] : [second, first];
    measured.push({ with_ms: round(on), without_ms: round(off), percent: round(100 * (on / off - 1)) });
    if (!values.json)
      out.note(
        `pair ${i + 1}: ${round(on)} ms traced, ${round(off)} ms not: ${round(100 * (on / off - 1))} %`,
      );
  }
  const percents = measured.map(({ percent }) => percent).toSorted((a, b) => a - b);
  const { low, high } = medianInterval(percents);
  const summary = {
    median_percent: round(median(percents)),
    interval_95_percent: [low, high],
    goal_percent: 3,
  };
  if (!values.json)
    out.print(
      `tracing costs ${summary.median_percent} % (median of ${pairs} pairs; 95 % interval ${low} to ${high} %; goal below 3 %)`,
    );
  return { pairs: measured, ...summary };
}

/** A distribution-free interval of the median: the order statistics that hold it with at least 95 %, by the binomial. */
function medianInterval(sorted: readonly number[]): { low: number; high: number } {
  const n = sorted.length;
  let [below, chance, term] = [0, 2 ** -n, 2 ** -n];
  // how many may lie on one side of the median with at most 2.5 %
  while (chance <= 0.025 && below < n) {
    below += 1;
    term = (term * (n - below + 1)) / below;
    chance += term;
  }
  const at = Math.max(0, below - 1);
  return { low: sorted[at] ?? 0, high: sorted[n - 1 - at] ?? 0 };
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
async function measureWriting(engine: Engine): Promise<unknown> {
  const measured: { writer: number; copy: number; percent: number }[] = [];
  const embedded = await acquireEmbedded({ database: target.database });
  const client = new pg.Client({ ...connectionOf(embedded.target), database: target.database });
  try {
    await client.connect();
    for (let i = 0; i < rounds; i += 1) {
      const writer = await writeRecords(engine);
      const text = await asText(client);
      const copy = await copyText(client, text);
      measured.push({ writer, copy, percent: round((100 * writer) / copy) });
      if (!values.json) out.note(`round ${i + 1}: ${writer} rows/s written, ${copy} rows/s by COPY`);
    }
  } finally {
    await client.end();
    await embedded.release();
  }
  const percents = measured.map(({ percent }) => percent).toSorted((a, b) => a - b);
  if (!values.json)
    out.print(`traces are written at ${round(median(percents))} % of COPY's rows a second (goal 70 %)`);
  return { rows, rounds: measured, median_percent_of_copy: round(median(percents)), goal_percent: 70 };
}

function connectionOf({ host, port, user, password }: pg.ClientConfig): pg.ClientConfig {
  return { host, port, user, password };
}

async function writeRecords(engine: Engine): Promise<number> {
  await engine.batch('TRUNCATE logs.Trace_Records');
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
  const begun = performance.now();
  await pipeline(Readable.from(text), client.query(from(`COPY logs.Trace_Records (${columns}) FROM STDIN`)));
  return Math.round((rows * 1000) / (performance.now() - begun));
}
