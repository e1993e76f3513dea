import { setTimeout as sleep } from 'node:timers/promises';

import type { Engine } from '../engine/index.js';

/** A lock that a session waited for, and how often it was seen doing so. */
export interface Wait {
  /** PostgreSQL's lock type: relation, tuple, transactionid, advisory, extend… */
  readonly type: string;
  readonly mode: string;
  readonly relation: string | null;
  readonly query: string;
  /** What the sessions were doing that held it. */
  readonly blocked_by: string | null;
  readonly samples: number;
  /** Held by another client's session, as far as could be seen, and not by the server's own work. */
  readonly between_clients: boolean;
  /** How many different waits those were, by session and the instant it began to wait. */
  readonly waits: number;
  /** What they had waited when they were seen last, added up: no more than they did. */
  readonly waited_ms: number;
}

export interface LockSamples {
  readonly samples: number;
  readonly every_ms: number;
  /** Waits on rows or tables: what one lane must never do to another. */
  readonly on_rows: readonly Wait[];
  /** Application locks and the server's own (extending a file). */
  readonly others: readonly Wait[];
  /** What the active sessions were doing, in a fourth of the samples, by PostgreSQL's wait event; `CPU` is none. */
  readonly activity: Readonly<Record<string, number>>;
}

const rowLocks = new Set(['relation', 'tuple', 'transactionid', 'virtualxid', 'page']);

/**
 * Locks that are not granted: who waits for what, what those do who hold it, and whether they are clients: autovacuum
 * waits for nobody, but may be waited for.
 */
const waiting = `
  -- one look for everything: of two, the second might not find the row's lock any more
  WITH locks AS MATERIALIZED (SELECT * FROM pg_locks)
  SELECT l.locktype AS type, l.mode, left(a.query, 120) AS query,
    -- who waits for a row waits for its writer's transaction; which table's it is says the lock on the row that it holds
    COALESCE(l.relation, (
      SELECT t.relation FROM locks AS t WHERE t.pid = l.pid AND t.locktype = 'tuple' AND t.granted LIMIT 1
    ))::regclass::text AS relation,
    NOT EXISTS (SELECT FROM pg_stat_activity AS b
      WHERE b.pid = ANY (pg_blocking_pids(l.pid)) AND b.backend_type <> 'client backend') AS between_clients,
    l.pid || ' ' || COALESCE(l.waitstart::text, '') AS wait,
    COALESCE(extract(epoch FROM clock_timestamp() - l.waitstart) * 1000, 0)::float8 AS waited_ms,
    (SELECT string_agg(left(b.query, 120), '; ') FROM pg_stat_activity AS b WHERE b.pid = ANY (pg_blocking_pids(l.pid)))
      AS blocked_by
  FROM locks AS l
  INNER JOIN pg_stat_activity AS a ON a.pid = l.pid
  WHERE NOT l.granted AND a.datname = current_database()`;

const active = `
  SELECT COALESCE(wait_event_type || ':' || wait_event, 'CPU') AS doing, count(*)::int AS n
  FROM pg_stat_activity
  WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid() AND backend_type = 'client backend'
  GROUP BY 1`;

function isOnRows({ type, between_clients }: Wait): boolean {
  return between_clients && rowLocks.has(type);
}

/** Looks at `pg_locks` of the engine's database every few milliseconds until `stop`, on a connection of its own. */
export class LockSampler {
  readonly #engine: Engine;
  readonly #everyMs: number;
  readonly #waits = new Map<string, Wait>();
  /** Of each wait that was seen, how long it had lasted by then. */
  readonly #seen = new Map<string, Map<string, number>>();
  readonly #activity = new Map<string, number>();
  #samples = 0;
  #stopped = false;
  #begun = 0;
  #running: Promise<void> | undefined;

  constructor(engine: Engine, everyMs = 4) {
    this.#engine = engine;
    this.#everyMs = everyMs;
  }

  start(): void {
    this.#begun = performance.now();
    this.#running = this.#engine.connection(async (session) => {
      while (!this.#stopped) {
        for (const row of await session.query(waiting)) this.#count(row);
        if (this.#samples % 4 === 0) {
          for (const row of await session.query(active)) {
            const doing = String(row['doing']);
            this.#activity.set(doing, (this.#activity.get(doing) ?? 0) + Number(row['n']));
          }
        }
        this.#samples += 1;
        await sleep(this.#everyMs);
      }
    });
  }

  async stop(): Promise<LockSamples> {
    this.#stopped = true;
    await this.#running;
    const waits = [...this.#waits]
      .map(([key, wait]) => {
        const lasted = [...(this.#seen.get(key)?.values() ?? [])];
        const sum = lasted.reduce((total, ms) => total + ms, 0);
        return { ...wait, waits: lasted.length, waited_ms: Math.round(sum * 10) / 10 };
      })
      .sort((a, b) => b.samples - a.samples);
    return {
      samples: this.#samples,
      every_ms: Math.round(((performance.now() - this.#begun) / Math.max(1, this.#samples)) * 10) / 10,
      on_rows: waits.filter((wait) => isOnRows(wait)),
      others: waits.filter((wait) => !isOnRows(wait)),
      activity: Object.fromEntries([...this.#activity].sort((a, b) => b[1] - a[1])),
    };
  }

  #count(row: Readonly<Record<string, unknown>>): void {
    const text = (name: string) => {
      const value = row[name];
      return typeof value === 'string' ? value : null;
    };
    const [type, mode, relation, query] = [text('type'), text('mode'), text('relation'), text('query')];
    const between_clients = row['between_clients'] === true;
    const key = JSON.stringify([type, mode, relation, query, between_clients]);
    const before = this.#waits.get(key);
    const seen = this.#seen.get(key) ?? new Map<string, number>();
    seen.set(text('wait') ?? '', Number(row['waited_ms']));
    this.#seen.set(key, seen);
    this.#waits.set(key, {
      type: type ?? '',
      mode: mode ?? '',
      relation,
      query: query ?? '',
      blocked_by: before?.blocked_by ?? text('blocked_by'),
      samples: (before?.samples ?? 0) + 1,
      between_clients,
      waits: 0,
      waited_ms: 0,
    });
  }
}
