import { setTimeout as sleep } from 'node:timers/promises';

import type { Engine, Row } from '../../engine/index.js';
import { LockSampler } from '../lock-sampler.js';
import type { Wait } from '../lock-sampler.js';
import type { DeadlockGraph } from './deadlock-graph.js';
import { neverEscalates } from './model.js';
import type { Probe, Reading, TableReading } from './model.js';
import { graphOfTold } from './postgres-deadlock.js';
import type { ToldDeadlock } from './postgres-deadlock.js';
import { postgresCpuMs } from '../server-cpu.js';
import { deadlocksInLog, endOfLog, logSince } from './server-log.js';
import { procedureIn, WaitGraph } from './wait-graph.js';

const countersSql = `
  SELECT d.deadlocks, d.conflicts, d.temp_files, d.temp_bytes, d.xact_commit AS commits, d.xact_rollback AS rollbacks,
    pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS wal_bytes
  FROM pg_stat_database AS d WHERE d.datname = current_database()`;

const tablesSql = `
  SELECT s.schemaname || '.' || s.relname AS table_name, s.n_tup_ins AS inserted, s.n_tup_upd AS updated,
    s.n_tup_hot_upd AS updated_hot, s.n_tup_del AS deleted, s.n_dead_tup AS dead
  FROM pg_stat_user_tables AS s
  WHERE s.schemaname IN ('extract', 'staging', 'logs', 'trabajo')`;

const functionsSql = `
  SELECT f.schemaname || '.' || f.funcname AS function_name, f.calls, f.self_time AS self_ms
  FROM pg_stat_user_functions AS f`;

interface Counters {
  readonly functions: ReadonlyMap<string, Readonly<Record<string, number>>>;
  readonly server: Readonly<Record<string, number>>;
  readonly tables: ReadonlyMap<string, Readonly<Record<string, number>>>;
}

/** Often enough for a wait that matters, and seldom enough that looking costs the load nothing one would notice. */
const everyMs = 10;

export interface PostgresProbeOptions {
  /** Application name of the load's sessions, which must have ended before their counters are all in. */
  readonly load?: string | undefined;
  /** The server's log, where it is on this machine and ours to read. */
  readonly log?: string | undefined;
}

/**
 * PostgreSQL's own counters before and after, and its sessions' waits every few milliseconds in between: a wait that is
 * shorter than a sample can be missed, a deadlock cannot.
 */
export class PostgresProbe implements Probe {
  readonly #watcher: Engine;
  readonly #options: PostgresProbeOptions;
  #before: { counters: Counters; cpu: number | null; log: number | undefined } | undefined;
  #sampler: LockSampler | undefined;
  #graph = new WaitGraph();

  constructor(watcher: Engine, options: PostgresProbeOptions = {}) {
    this.#watcher = watcher;
    this.#options = options;
  }

  async begin(): Promise<void> {
    const { log } = this.#options;
    const counters = await this.#counters();
    const cpu = await postgresCpuMs(this.#watcher);
    this.#before = { counters, cpu, log: log === undefined ? undefined : endOfLog(log) };
    const graph = new WaitGraph();
    this.#graph = graph;
    this.#sampler = new LockSampler(this.#watcher, everyMs, (rows, at) => {
      graph.look(rows, at);
    });
    await this.#sampler.begin();
  }

  async end(told: readonly ToldDeadlock[] = []): Promise<Reading> {
    const locks = await this.#sampler?.stop();
    if (locks === undefined || this.#before === undefined) throw new Error('the probe was not begun');
    const { counters: before, cpu } = this.#before;
    this.#sampler = undefined;
    const after = await this.#counters();
    const cpuNow = await postgresCpuMs(this.#watcher);
    const server = delta(after.server, before.server);
    return {
      deadlocks: server['deadlocks'] ?? 0,
      lock_waits: sum(locks.on_rows, ({ waits }) => waits),
      lock_wait_ms: round1(sum(locks.on_rows, ({ waited_ms }) => waited_ms)),
      other_waits: sum(locks.others, ({ waits }) => waits),
      lock_escalations: neverEscalates,
      tables: tablesOf(before, after, locks.on_rows),
      server: { ...server, samples: locks.samples, sampled_every_ms: locks.every_ms },
      functions: functionsOf(before, after),
      deadlock_graphs: await this.#deadlocks(told),
      timeline: locks.timeline,
      server_cpu_ms: cpu === null || cpuNow === null ? null : cpuNow - cpu,
      waits_in: waitsIn(locks.on_rows),
      chunk_waits: await this.#chunkWaits(),
      remarks: [],
    };
  }

  /** The log knows most of a deadlock, the client that lost it less, who only watched least. */
  async #deadlocks(told: readonly ToldDeadlock[]): Promise<readonly DeadlockGraph[]> {
    const [row] = await this.#watcher.query('SELECT current_database()::text AS name');
    const { log } = this.#options;
    const from = this.#before?.log;
    const logged =
      log === undefined || from === undefined
        ? []
        : deadlocksInLog(logSince(log, from), String(row?.['name']));
    const drawn = (list: readonly ToldDeadlock[]) =>
      list.flatMap((one) => graphOfTold(one, (pid) => this.#graph.session(pid)) ?? []);
    return united([drawn(logged), drawn(told), this.#graph.circles()]);
  }

  /** Chunks whose work waited, and when. */
  async #chunkWaits(): Promise<NonNullable<Reading['chunk_waits']>> {
    const waits = this.#graph.chunkWaits();
    const wanted = new Set(waits.flatMap(({ keys }) => keys));
    if (wanted.size === 0) return [];
    const rows = await this.#watcher.query(
      `SELECT c.ID_Chunk::text AS id, ((k.key >> 32) & 4294967295) || ':' || (k.key & 4294967295) AS name
       FROM trabajo.Chunks AS c
       CROSS JOIN LATERAL (SELECT hashtextextended('carril:chunk:' || c.ID_Chunk, 0) AS key) AS k
       WHERE ((k.key >> 32) & 4294967295) || ':' || (k.key & 4294967295) = ANY (string_to_array($1, ','))`,
      [[...wanted].join(',')],
    );
    const chunks = new Map(rows.map((row) => [String(row['name']), String(row['id'])]));
    return waits.flatMap(({ keys, at }) => {
      const chunk = keys.map((key) => chunks.get(key)).find((id) => id !== undefined);
      return chunk === undefined ? [] : [{ chunk, at }];
    });
  }

  async close(): Promise<void> {
    await this.#sampler?.stop();
  }

  async #counters(): Promise<Counters> {
    const { load } = this.#options;
    if (load !== undefined) await sessionsEnd(this.#watcher, load);
    const [row = {}] = await this.#watcher.query(countersSql);
    const tables = await this.#watcher.query(tablesSql);
    const functions = await this.#watcher.query(functionsSql);
    return {
      functions: new Map(
        functions.map(({ function_name, ...rest }) => [String(function_name), numbers(rest)]),
      ),
      server: numbers(row),
      tables: new Map(tables.map(({ table_name, ...rest }) => [String(table_name), numbers(rest)])),
    };
  }
}

/** A session that has just been closed takes a moment to end, and only then are its counters and its CPU all in; a second at most. */
export async function sessionsEnd(watcher: Engine, application: string): Promise<void> {
  for (let left = 50; left > 0; left -= 1) {
    const [row] = await watcher.query(
      'SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1',
      [application],
    );
    if (Number(row?.['n']) === 0) return;
    await sleep(20);
  }
}

function tablesOf(before: Counters, after: Counters, waits: readonly Wait[]): TableReading[] {
  const names = new Set([...after.tables.keys(), ...waits.map(({ relation }) => relation ?? '(unknown)')]);
  return [...names]
    .map((table) => {
      const of = waits.filter(({ relation }) => (relation ?? '(unknown)') === table);
      return {
        table,
        waits: sum(of, (wait) => wait.waits),
        wait_ms: round1(sum(of, ({ waited_ms }) => waited_ms)),
        escalations: neverEscalates,
        procedures: [...new Set(of.flatMap(({ query }) => procedureIn(query) ?? []))],
        more: delta(after.tables.get(table) ?? {}, before.tables.get(table) ?? {}),
      } as const;
    })
    .filter(({ waits: count, more }) => count > 0 || Object.values(more).some((value) => value !== 0))
    .sort((a, b) => b.wait_ms - a.wait_ms || a.table.localeCompare(b.table));
}

/** Waits by the procedure that was called, in small letters: which of them a client calls by another case is its affair. */
function waitsIn(waits: readonly Wait[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { query, waits: n } of waits) {
    const name = procedureIn(query)?.toLowerCase();
    if (name !== undefined) found[name] = (found[name] ?? 0) + n;
  }
  return found;
}

/** Deadlocks of the same sessions are the same ones, told by several: of each as many as its best witness has. */
function united(sources: readonly (readonly DeadlockGraph[])[]): DeadlockGraph[] {
  const all: DeadlockGraph[] = [];
  const key = ({ processes }: DeadlockGraph) =>
    processes
      .map(({ id }) => id)
      .toSorted((a, b) => a.localeCompare(b))
      .join(' ');
  for (const source of sources) {
    const known = all.map(key);
    const told = new Map<string, number>();
    for (const graph of source) {
      const name = key(graph);
      const nth = (told.get(name) ?? 0) + 1;
      told.set(name, nth);
      if (nth > known.filter((one) => one === name).length) all.push(graph);
    }
  }
  return all;
}

function functionsOf(before: Counters, after: Counters): Reading['functions'] {
  return Object.fromEntries(
    [...after.functions].flatMap(([name, now]) => {
      const { calls = 0, self_ms = 0 } = delta(now, before.functions.get(name) ?? {});
      return calls > 0 ? [[name, { calls, self_ms: round1(self_ms) }]] : [];
    }),
  );
}

function numbers(row: Row): Record<string, number> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)]));
}

export function delta(
  after: Readonly<Record<string, number>>,
  before: Readonly<Record<string, number>>,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(after).map(([name, value]) => [name, value - (before[name] ?? 0)]),
  );
}

function sum<T>(list: readonly T[], of: (item: T) => number): number {
  return list.reduce((total, item) => total + of(item), 0);
}

function round1(value: number): number {
  return Math.round(value * 10) / 10;
}
