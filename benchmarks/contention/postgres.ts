import { setTimeout as sleep } from 'node:timers/promises';

import type { Engine, Row } from '../../engine/index.js';
import { LockSampler } from '../lock-sampler.js';
import type { Wait } from '../lock-sampler.js';
import { neverEscalates } from './model.js';
import type { Probe, Reading, TableReading } from './model.js';

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

/**
 * PostgreSQL's own counters before and after, and `pg_locks` with `pg_stat_activity` every few milliseconds in between:
 * a wait that is shorter than a sample can be missed, a deadlock cannot.
 */
export class PostgresProbe implements Probe {
  readonly #watcher: Engine;
  /** Application name of the load's sessions, which must have ended before their counters are all in. */
  readonly #load: string | undefined;
  #before: Counters | undefined;
  #sampler: LockSampler | undefined;

  constructor(watcher: Engine, load?: string) {
    this.#watcher = watcher;
    this.#load = load;
  }

  async begin(): Promise<void> {
    this.#before = await this.#counters();
    this.#sampler = new LockSampler(this.#watcher);
    this.#sampler.start();
  }

  async end(): Promise<Reading> {
    const locks = await this.#sampler?.stop();
    const before = this.#before;
    if (locks === undefined || before === undefined) throw new Error('the probe was not begun');
    this.#sampler = undefined;
    const after = await this.#counters();
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
      deadlock_graphs: [],
      remarks: [],
    };
  }

  async close(): Promise<void> {
    await this.#sampler?.stop();
  }

  async #counters(): Promise<Counters> {
    // a session that has just been closed takes a moment to end
    for (let left = this.#load === undefined ? 0 : 50; left > 0 && (await this.#sessions()) > 0; left -= 1)
      await sleep(20);
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

  async #sessions(): Promise<number> {
    const [row] = await this.#watcher.query(
      'SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1',
      [this.#load ?? ''],
    );
    return Number(row?.['n']);
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
        procedures: [
          ...new Set(of.flatMap(({ query }) => /\w+\.sp_\w+/i.exec(query.replaceAll('"', ''))?.[0] ?? [])),
        ],
        more: delta(after.tables.get(table) ?? {}, before.tables.get(table) ?? {}),
      } as const;
    })
    .filter(({ waits: count, more }) => count > 0 || Object.values(more).some((value) => value !== 0))
    .sort((a, b) => b.wait_ms - a.wait_ms || a.table.localeCompare(b.table));
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
