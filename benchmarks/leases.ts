/**
 * `npm run bench:leases`: how fast chunks are claimed and completed, beside two job queues and a bare table, all on one embedded
 * PostgreSQL with durable commits, in one database, one after another in each round, so that what disturbs one disturbs all.
 */
import { connect } from '../engine/index.js';
import { acquireEmbedded } from '../engine/embedded/index.js';
import type { Engine } from '../engine/index.js';
import { createMigrator } from '../migrator/index.js';
import { benchTarget, inBenchDatabase } from './bench-database.js';
import { sessionCpu, spent } from './session-cpu.js';
import { carril } from './leasing/carril.js';
import type { Contender } from './leasing/contender.js';
import { graphileWorker } from './leasing/graphile-worker.js';
import { pgBoss } from './leasing/pg-boss.js';
import { raw } from './leasing/raw.js';
import { round, timingsOf } from './measured-engine.js';
import { benchOptions, countsOf } from './options.js';
import { record } from './record.js';
import { median } from './statistics.js';

const options = benchOptions(
  'leases',
  'Claims and completes chunks, beside two job queues and a bare table on the same server.',
  [5, 1],
  {
    chunks: { default: 20_000, quick: 1000, describe: 'chunks of each run' },
    connections: { default: 8, describe: 'sessions that claim' },
    batches: { default: '1,50,500', quick: '1,50', describe: 'chunks a lane' },
    systems: {
      default: 'raw,carril,carril-apart,graphile-worker,pg-boss',
      describe: 'who is measured; apart: every lane calls for itself, as so many workers would',
    },
    filled: { default: 1_000_000, quick: 5000, describe: 'finished chunks beside a second carril; 0: none' },
    'limit-s': { default: 30, quick: 5, describe: 'seconds after which a run is broken off' },
  },
);
const { chunks, connections, filled, out, rounds } = options;
const batches = countsOf(options.batches, 'batches');
const systems = options.systems.split(',');

/** One run of one system with one batch size. */
interface Run {
  readonly per_s: number;
  readonly claim: { readonly p50_ms: number; readonly p95_ms: number; readonly p99_ms: number };
  readonly wal_bytes: number;
  readonly client_us: number;
  readonly server_us: number | null;
  readonly completed: number;
}

const [target, fullTarget] = [benchTarget(), benchTarget('_full')];

await inMigrated(target, () => (filled > 0 ? inMigrated(fullTarget, bench) : bench()));

async function inMigrated(it: ReturnType<typeof benchTarget>, work: () => Promise<void>): Promise<void> {
  await inBenchDatabase(it, async () => {
    const engine = await connect(it);
    try {
      await createMigrator(engine).up();
    } finally {
      await engine.close();
    }
    await work();
  });
}

async function bench(): Promise<void> {
  const watcher = await connect(target, { poolMax: 1, appName: 'carril bench watcher' });
  const server = await acquireEmbedded({ database: target.database });
  const open: Record<string, () => Promise<Contender>> = {
    raw: () => raw(server.target, connections),
    carril: () => carril(target, connections),
    'carril-apart': () => carril(target, connections, { apart: true }),
    'graphile-worker': () => graphileWorker(server.target, connections),
    'pg-boss': () => pgBoss(server.target, connections),
  };
  const results = new Map<string, Run[]>();
  const contenders: { readonly contender: Contender; readonly label: string; readonly session: Engine }[] =
    [];
  try {
    for (const system of systems) {
      const make = open[system];
      if (make === undefined) throw new Error(`no such system: ${system}`);
      contenders.push({ contender: await make(), label: system, session: watcher });
    }
    if (filled > 0) {
      out.note(`filling a second database with ${filled} finished chunks`);
      const session = await connect(fullTarget, { poolMax: 1, appName: 'carril bench watcher' });
      contenders.push({
        contender: await carril(fullTarget, connections, { finished: filled }),
        label: 'filled',
        session,
      });
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const batch of batches) {
        // another one begins in each round
        const turn = [
          ...contenders.slice(round % contenders.length),
          ...contenders.slice(0, round % contenders.length),
        ];
        for (const { contender, label, session } of turn) {
          const run = await once(contender, batch, session, watcher);
          const key = `${label} ${batch}`;
          results.set(key, [...(results.get(key) ?? []), run]);
          out.note(`round ${round + 1}: ${key}: ${Math.round(run.per_s)}/s`);
        }
      }
    }
    await report(results, watcher);
  } finally {
    for (const { contender, session } of contenders) {
      await contender.close();
      if (session !== watcher) await session.close();
    }
    await watcher.close();
    await server.release();
  }
}

async function once(contender: Contender, batch: number, session: Engine, watcher: Engine): Promise<Run> {
  await contender.prepare(chunks);
  // everyone starts with fresh statistics, no dead rows, an empty checkpoint
  await session.batch('VACUUM (ANALYZE)');
  await session.batch('CHECKPOINT');
  const wal = await walPosition(watcher);
  const serverBefore = await sessionCpu(watcher);
  const clientBefore = process.cpuUsage();
  const outcome = await contender.run({
    batch,
    chunks,
    connections,
    deadline: performance.now() + options['limit-s'] * 1000,
  });
  const client = process.cpuUsage(clientBefore);
  const serverAfter = await sessionCpu(watcher);
  const walBytes = (await walPosition(watcher)) - wal;
  const { seconds, completed, claimsMs } = outcome;
  await contender.verify(completed);
  await contender.clean();
  const { p50_ms, p95_ms, p99_ms } = timingsOf(claimsMs);
  return {
    per_s: completed / seconds,
    claim: { p50_ms, p95_ms, p99_ms },
    wal_bytes: walBytes / completed,
    client_us: (client.user + client.system) / completed,
    server_us: serverAfter === undefined ? null : spent(serverBefore, serverAfter) / completed,
    completed,
  };
}

async function walPosition(watcher: Engine): Promise<number> {
  const [row] = await watcher.query(`SELECT (pg_current_wal_insert_lsn() - '0/0')::float8 AS bytes`);
  return Number(row?.['bytes']);
}

interface Row {
  readonly system: string;
  readonly batch: number;
  readonly chunks: number;
  /** Median of the runs, as everything that follows. */
  readonly per_s: number;
  readonly runs_per_s: readonly number[];
  readonly claim_p50_ms: number;
  readonly claim_p95_ms: number;
  readonly claim_p99_ms: number;
  readonly wal_bytes_per_chunk: number;
  readonly client_cpu_us_per_chunk: number;
  readonly server_cpu_us_per_chunk: number | null;
  /** Of the raw table's speed with the same batch. */
  readonly ratio_to_raw: number | null;
}

async function report(results: ReadonlyMap<string, readonly Run[]>, watcher: Engine): Promise<void> {
  const rowOf = (label: string, batch: number): Row | undefined => {
    const all = results.get(`${label} ${batch}`);
    if (all === undefined) return undefined;
    const perS = median(all.map((run) => run.per_s));
    const rawRuns = results.get(`raw ${batch}`);
    const servers = all.flatMap(({ server_us }) => (server_us === null ? [] : [server_us]));
    return {
      system: label,
      batch,
      chunks: median(all.map(({ completed }) => completed)),
      per_s: Math.round(perS),
      runs_per_s: all.map((run) => Math.round(run.per_s)),
      claim_p50_ms: median(all.map(({ claim }) => claim.p50_ms)),
      claim_p95_ms: median(all.map(({ claim }) => claim.p95_ms)),
      claim_p99_ms: median(all.map(({ claim }) => claim.p99_ms)),
      wal_bytes_per_chunk: Math.round(median(all.map(({ wal_bytes }) => wal_bytes))),
      client_cpu_us_per_chunk: round(median(all.map(({ client_us }) => client_us))),
      server_cpu_us_per_chunk: servers.length === 0 ? null : round(median(servers)),
      ratio_to_raw: rawRuns === undefined ? null : round(perS / median(rawRuns.map((run) => run.per_s))),
    };
  };
  const named = (system: string) => batches.flatMap((batch) => rowOf(system, batch) ?? []);
  const rows = systems.filter((system) => system !== 'carril-apart').flatMap(named);
  const apart = named('carril-apart');
  const beside = batches.flatMap((batch) => {
    const [empty, full] = [rowOf('carril', batch), rowOf('filled', batch)];
    if (empty === undefined || full === undefined) return [];
    return [
      {
        batch,
        finished: filled,
        empty_per_s: empty.per_s,
        filled_per_s: full.per_s,
        runs_per_s: full.runs_per_s,
        cost_pct: round(100 * (1 - full.per_s / empty.per_s)),
        server_cpu_us_per_chunk: [empty.server_cpu_us_per_chunk, full.server_cpu_us_per_chunk],
      },
    ];
  });
  const goals = batches.flatMap((batch) => {
    const others = rows.filter((row) => row.batch === batch && !['raw', 'carril'].includes(row.system));
    const own = rows.find((row) => row.batch === batch && row.system === 'carril');
    const [best] = others.toSorted((a, b) => b.per_s - a.per_s);
    if (own === undefined || best === undefined) return [];
    const alone = apart.find((row) => row.batch === batch);
    return [
      {
        batch,
        best: best.system,
        times: round(own.per_s / best.per_s),
        ...(alone === undefined ? {} : { times_apart: round(alone.per_s / best.per_s) }),
        goal: 1.5,
      },
    ];
  });
  out.table(
    [
      'system',
      'batch',
      'chunks/s',
      'claim p50 / p95 / p99 ms',
      'WAL bytes',
      'CPU µs client + server',
      'of raw',
    ],
    [...rows, ...apart].map((row) => [
      row.system,
      row.batch,
      row.per_s,
      `${row.claim_p50_ms} / ${row.claim_p95_ms} / ${row.claim_p99_ms}`,
      row.wal_bytes_per_chunk,
      `${row.client_cpu_us_per_chunk} + ${row.server_cpu_us_per_chunk ?? '?'}`,
      row.ratio_to_raw ?? '',
    ]),
  );
  for (const { batch, finished, empty_per_s, filled_per_s, cost_pct } of beside) {
    out.print(
      `batch ${batch}: ${filled_per_s}/s beside ${finished} finished chunks, ${empty_per_s}/s without: ${cost_pct} %`,
    );
  }
  for (const { batch, best, times, times_apart } of goals) {
    const each = times_apart === undefined ? '' : `; ${times_apart} with every lane calling for itself`;
    out.print(`batch ${batch}: ${times} times ${best}${each}`);
  }
  await record('leases', watcher, out, options, {
    data: { chunks, connections, limit_s: options['limit-s'] },
    ...{ rows, apart, filled: beside, goals },
  });
}
