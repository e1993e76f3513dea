/**
 * `npm run bench:pipeline`: generated funds through all services in lanes on a fresh embedded database, each run beside a bare
 * loop over the same procedures. Deadlocks come from the server's own counter, waits from pg_locks sampled during the run, times
 * from the calls and from the server's function statistics. With `--growth`: date after date into one database.
 */
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

import { acquireEmbedded } from '../engine/embedded/index.js';
import { connect } from '../engine/index.js';
import type { Engine } from '../engine/index.js';
import { createMigrator } from '../migrator/index.js';
import { writeSynthetic } from '../runner/cli/commands/load/synthetic.js';
import { toJson } from '../runner/cli/output.js';
import { processWorker, startProcess } from '../runner/process.js';
import type { FundsProcess } from '../runner/process.js';
import { readResults } from '../runner/results.js';
import { connectionsOf } from '../runner/connections.js';
import { LockSampler } from './lock-sampler.js';
import type { LockSamples } from './lock-sampler.js';
import { measured, round, timingsOf } from './measured-engine.js';
import type { MeasuredCall, Timings } from './measured-engine.js';
import { bareLoop } from './pipeline/bare-loop.js';
import { psqlLoop, psqlVersion } from './pipeline/psql-loop.js';
import { growth } from './pipeline/growth.js';
import { median } from './statistics.js';
import { benchTarget, inBenchDatabase } from './bench-database.js';
import { benchOptions } from './options.js';
import { record } from './record.js';

interface Run {
  readonly process: string;
  readonly state: string;
  readonly makespan_s: number;
  readonly funds_per_hour: number;
  /** The services' own times, by the server's clock, spread over the lanes: no lane ever idle, no time between two calls. */
  readonly ideal_s: number;
  /** What share of the makespan that is, in per cent. */
  readonly of_ideal: number;
  /** Calls to the database by the lanes and the claimer; a heartbeat has a connection of its own. */
  readonly round_trips: RoundTrips;
  readonly deadlocks: number;
  readonly locks: LockSamples;
  /** Milliseconds by procedure, as the client saw them. */
  readonly calls: Readonly<Record<string, Timings>>;
  /** Milliseconds inside `logs.sp_Ejecutar_Servicio`, by its own clock. */
  readonly service_server: Timings;
  /** Where the lanes' time (lanes × makespan) went, in per cent. */
  readonly lane_time: Readonly<Record<'service' | 'completion' | 'claim' | 'client', number>>;
  /** Milliseconds in each function of ours and in what it calls itself, by PostgreSQL's own count. */
  readonly functions: Readonly<Record<string, { readonly calls: number; readonly self_ms: number }>>;
}

interface RoundTrips {
  readonly services_a_fund: number;
  readonly completions_a_fund: number;
  readonly claims_a_fund: number;
  /** Finalizing, asking for the end: of the whole run. */
  readonly others: number;
}

/** A run in lanes and a bare loop over the same data, one after the other. */
interface Pair {
  readonly lanes: Run;
  readonly bare: { readonly makespan_s: number; readonly ideal_s: number; readonly round_trips: number };
  /** The lanes' makespan over the bare loop's. */
  readonly ratio: number;
}

const options = benchOptions(
  'pipeline',
  'Runs generated funds through all services in lanes, each run beside a bare loop over the same procedures.',
  [5, 2],
  {
    funds: { default: 50, quick: 6, describe: 'funds of the generated data' },
    positions: { default: 400, quick: 40, describe: 'positions a fund' },
    lanes: { default: 8, describe: 'funds side by side' },
    seed: { default: 7, describe: 'of the generator' },
    growth: {
      default: false,
      describe: 'date after date into one database instead: the last must be as fast',
    },
    dates: { default: 10, quick: 6, describe: 'dates of --growth' },
  },
);
const { out, lanes, rounds } = options;
const data = {
  funds: options.funds,
  positions: options.positions,
  seed: options.seed,
  date: '2024-06-28',
  dates: 1,
};
const target = benchTarget();
/** Who calls the procedures in the loop beside the lanes: psql where there is one, else our own driver. */
const psql = psqlVersion();

await inBenchDatabase(target, async (admin) => {
  await admin.batch(`ALTER DATABASE ${target.database} SET track_functions = 'pl'`);
  await (options.growth ? grow() : bench());
});

async function bench(): Promise<void> {
  const watcher = await connect(target, { poolMax: 2, appName: 'carril bench watcher' });
  try {
    await createMigrator(watcher).up();
    const { lines } = await writeSynthetic(watcher, data, out);
    await watcher.batch('ANALYZE');
    const services = await activeServices(watcher);
    // nobody measures the first plans, pages and connections
    await bare(watcher, services);
    const pairs: Pair[] = [];
    for (let i = 0; i < rounds; i += 1) {
      // in turns, so that neither always comes second
      const first = i % 2 === 0 ? await once(watcher) : undefined;
      const loop = await bare(watcher, services);
      const run = first ?? (await once(watcher));
      pairs.push({ lanes: run, bare: loop, ratio: round(run.makespan_s / loop.makespan_s) });
      show(run, i + 1);
      out.print(
        `the bare loop (${psql ?? 'our driver'}): ${loop.makespan_s} s (ideal ${loop.ideal_s} s), ${loop.round_trips} round trips`,
      );
    }
    const middle = {
      lanes_s: median(pairs.map((pair) => pair.lanes.makespan_s)),
      ideal_s: median(pairs.map((pair) => pair.lanes.ideal_s)),
      bare_s: median(pairs.map((pair) => pair.bare.makespan_s)),
      ratio: round(median(pairs.map((pair) => pair.ratio))),
    };
    out.print();
    out.print(`median: ${toJson(middle).replaceAll(/\s+/g, ' ')}`);
    await record('pipeline', watcher, out, options, {
      data: { ...data, lines, lanes, services, bare_loop: psql ?? 'the driver: no psql on the PATH' },
      load_average: loadavg(),
      median: middle,
      pairs,
    });
    const clean = pairs.every(
      ({ lanes: { state, deadlocks, locks, round_trips: trips } }) =>
        state === 'COMPLETADO' &&
        deadlocks === 0 &&
        locks.on_rows.length === 0 &&
        trips.services_a_fund <= services.length &&
        trips.completions_a_fund <= 1 &&
        trips.claims_a_fund <= 1,
    );
    if (!clean) process.exitCode = 1;
  } finally {
    await watcher.close();
  }
}

/** `--growth`: the last date must not be slower than the first. */
async function grow(): Promise<void> {
  const engine = await connect(target, { poolMax: connectionsOf(lanes), appName: 'carril bench' });
  try {
    await createMigrator(engine).up();
    const sizes = { ...data, lanes, dates: options.dates };
    const measuredGrowth = await growth(engine, sizes, out);
    out.print(
      `the last date took ${measuredGrowth.last_over_first} times the first, the last three ` +
        `${measuredGrowth.last_three_over_first_three} times the first three`,
    );
    await record('pipeline-growth', engine, out, options, {
      data: sizes,
      load_average: loadavg(),
      ...measuredGrowth,
    });
    const complete = measuredGrowth.dates.every(({ state }) => state === 'COMPLETADO');
    if (!complete || measuredGrowth.last_three_over_first_three > 1.1) process.exitCode = 1;
  } finally {
    await engine.close();
  }
}

async function activeServices(engine: Engine): Promise<readonly string[]> {
  const rows = await engine.query('SELECT servicio FROM logs.Servicios WHERE activo ORDER BY orden');
  return rows.map((row) => String(row['servicio']));
}

/** A bare loop over a process of its own. */
async function bare(watcher: Engine, services: readonly string[]): Promise<Pair['bare']> {
  const engine = await connect(target, { poolMax: lanes + 1, appName: 'carril bench' });
  // what is watched takes longer: both are
  const sampler = new LockSampler(watcher);
  const server = await acquireEmbedded({ database: target.database });
  try {
    const started = await startProcess(engine, data.date);
    sampler.start();
    const loop =
      psql === undefined
        ? await bareLoop(engine, started, services, lanes)
        : await psqlLoop(engine, server, started, services, lanes);
    return {
      makespan_s: round(loop.makespan_ms / 1000),
      ideal_s: round(loop.service_ms / lanes / 1000),
      round_trips: loop.round_trips,
    };
  } finally {
    await sampler.stop();
    await engine.close();
    await server.release();
  }
}

async function once(watcher: Engine): Promise<Run> {
  const calls: MeasuredCall[] = [];
  const before = await counters(watcher);
  // connections of its own for each run: a session hands in its part of the server's counters at the latest when it ends
  const engine = await connect(target, { poolMax: connectionsOf(lanes), appName: 'carril bench' });
  const sampler = new LockSampler(watcher);
  let makespan: number;
  let started: FundsProcess;
  try {
    started = await startProcess(engine, data.date);
    sampler.start();
    const begun = performance.now();
    await processWorker(
      measured(engine, (call) => calls.push(call)),
      started,
      { lanes },
    ).run();
    makespan = performance.now() - begun;
  } finally {
    await engine.close();
  }
  const locks = await sampler.stop();
  const after = await counters(watcher);
  const results = await readResults(watcher, started.id);

  const byProcedure = new Map<string, MeasuredCall[]>();
  for (const call of calls) {
    byProcedure.set(call.procedure, [...(byProcedure.get(call.procedure) ?? []), call]);
  }
  const sumOf = (procedure: string) =>
    (byProcedure.get(procedure) ?? []).reduce((sum, { ms }) => sum + ms, 0);
  const share = (ms: number) => round((100 * ms) / (lanes * makespan));
  const service = share(sumOf('logs.sp_Ejecutar_Servicio'));
  const completion = share(sumOf('logs.sp_Completar_Ejecucion'));
  const serverMs = calls.reduce((sum, call) => sum + (call.serverMs ?? 0), 0);
  const calledA = (procedure: string) => (byProcedure.get(procedure) ?? []).length;
  const perFund = ['logs.sp_Ejecutar_Servicio', 'logs.sp_Completar_Ejecucion', 'trabajo.sp_Reclamar_Chunks'];
  const claim = share(sumOf('trabajo.sp_Reclamar_Chunks'));
  return {
    process: results.process.id,
    state: results.process.state,
    makespan_s: round(makespan / 1000),
    funds_per_hour: Math.round((data.funds * 3_600_000) / makespan),
    ideal_s: round(serverMs / lanes / 1000),
    of_ideal: round((100 * serverMs) / lanes / makespan),
    round_trips: {
      services_a_fund: round(calledA('logs.sp_Ejecutar_Servicio') / data.funds),
      completions_a_fund: round(calledA('logs.sp_Completar_Ejecucion') / data.funds),
      claims_a_fund: round(calledA('trabajo.sp_Reclamar_Chunks') / data.funds),
      others: calls.filter(({ procedure }) => !perFund.includes(procedure)).length,
    },
    deadlocks: after.deadlocks - before.deadlocks,
    locks,
    calls: Object.fromEntries(
      [...byProcedure].map(([name, list]) => [name, timingsOf(list.map(({ ms }) => ms))]),
    ),
    service_server: timingsOf(calls.flatMap(({ serverMs }) => (serverMs === undefined ? [] : [serverMs]))),
    lane_time: { service, completion, claim, client: round(100 - service - completion - claim) },
    functions: Object.fromEntries(
      [...after.functions].map(([name, now]) => {
        const was = before.functions.get(name) ?? { calls: 0, self_ms: 0 };
        return [name, { calls: now.calls - was.calls, self_ms: round(now.self_ms - was.self_ms) }];
      }),
    ),
  };
}

interface Counters {
  readonly deadlocks: number;
  readonly functions: ReadonlyMap<string, { readonly calls: number; readonly self_ms: number }>;
}

/** The server's own counters. */
async function counters(watcher: Engine): Promise<Counters> {
  // a session that has just been closed takes a moment to end
  for (let left = 50; left > 0 && (await sessions(watcher)) > 0; left -= 1) await sleep(20);
  const [row] = await watcher.query(
    'SELECT deadlocks::int AS deadlocks FROM pg_stat_database WHERE datname = current_database()',
  );
  const functions = await watcher.query(
    `SELECT schemaname || '.' || funcname AS name, calls::int AS calls, self_time AS self_ms
     FROM pg_stat_user_functions ORDER BY self_time DESC`,
  );
  return {
    deadlocks: Number(row?.['deadlocks']),
    functions: new Map(
      functions.map((f) => [String(f['name']), { calls: Number(f['calls']), self_ms: Number(f['self_ms']) }]),
    ),
  };
}

async function sessions(watcher: Engine): Promise<number> {
  const [row] = await watcher.query(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'carril bench'`,
  );
  return Number(row?.['n']);
}

function show(run: Run, number: number): void {
  if (out.json) return;
  out.print();
  out.print(
    `run ${number}: ${run.state} in ${run.makespan_s} s, ideal ${run.ideal_s} s (${run.funds_per_hour} funds an hour), ` +
      `${run.deadlocks} deadlocks, ` +
      `${run.locks.on_rows.length} waits on rows in ${run.locks.samples} samples, one every ${run.locks.every_ms} ms`,
  );
  out.table(
    ['procedure', 'calls', 'p50 ms', 'p95 ms', 'max ms', 'total ms'],
    Object.entries(run.calls).map(([name, it]) => [
      name,
      it.calls,
      it.p50_ms,
      it.p95_ms,
      it.max_ms,
      it.total_ms,
    ]),
  );
  out.print(`round trips: ${toJson(run.round_trips).replaceAll(/\s+/g, ' ')}`);
  out.print(`lane time in per cent: ${toJson(run.lane_time).replaceAll(/\s+/g, ' ')}`);
  out.print(`sessions were seen at: ${toJson(run.locks.activity).replaceAll(/\s+/g, ' ')}`);
  const top = Object.entries(run.functions).sort((a, b) => b[1].self_ms - a[1].self_ms);
  out.table(
    ['function', 'calls', 'self ms'],
    top.slice(0, 10).map(([name, it]) => [name, it.calls, it.self_ms]),
  );
  for (const wait of run.locks.on_rows) out.warn(`waited on rows: ${toJson(wait)}`);
  for (const wait of run.locks.others)
    out.print(`waited: ${wait.type} ${wait.mode} ${wait.query} (${wait.samples})`);
}
