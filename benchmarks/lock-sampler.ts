import { setTimeout as sleep } from 'node:timers/promises';

import type { Engine, Row, Session } from '../engine/index.js';
import { activity, mayLook, somebodyWaits, waiting } from './lock-queries.js';
import { Slices } from './slices.js';
import type { Timeline } from './slices.js';

/** A lock that a session waited for, and how often it was seen doing so. */
export interface Wait {
  /** PostgreSQL's lock type: relation, tuple, transactionid, advisory… */
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
  /** Application locks and what else is no row or table. */
  readonly others: readonly Wait[];
  /** What the active sessions were doing in a fourth of the samples, by PostgreSQL's wait event; `CPU` is none. */
  readonly activity: Readonly<Record<string, number>>;
  readonly timeline: Timeline;
}

/** After a wait: so many full looks, so often. */
const alertFor = 25;
const alertMs = 4;

/** Of so many looks, one asks what everybody is doing, and not only whether anybody waits. */
const activityEvery = 4;

const rowLocks = new Set(['relation', 'tuple', 'transactionid', 'virtualxid', 'page']);

function isOnRows({ type, between_clients }: Wait): boolean {
  return between_clients && rowLocks.has(type);
}

/** One look at who waits: the rows of `pg_locks`, and when it was taken, by `performance.now()`. */
export type Look = (rows: readonly Row[], at: number) => void;

/**
 * Looks every few milliseconds until `stop` whether anybody waits for a lock, on a connection of its own, and while they
 * do, for what: reading `pg_locks` costs the server more than asking whether it is worth while.
 */
export class LockSampler {
  readonly #engine: Engine;
  readonly #everyMs: number;
  readonly #look: Look | undefined;
  readonly #waits = new Map<string, Wait>();
  /** Of each wait that was seen, how long it had lasted by then. */
  readonly #seen = new Map<string, Map<string, number>>();
  readonly #activity = new Map<string, number>();
  readonly #slices = new Slices();
  #samples = 0;
  /** Looks that are still taken as if somebody waited. */
  #alert = 0;
  #stopped = false;
  #begun = 0;
  #running: Promise<void> | undefined;
  #ready: (() => void) | undefined;

  constructor(engine: Engine, everyMs = 4, look?: Look) {
    this.#engine = engine;
    this.#everyMs = everyMs;
    this.#look = look;
  }

  /** Resolves when it is connected and looks: a load that begins later is seen from its beginning on. */
  async begin(): Promise<void> {
    const ready = new Promise<void>((resolve) => {
      this.#ready = resolve;
    });
    this.start();
    await Promise.race([ready, this.#running]);
  }

  start(): void {
    this.#begun = performance.now();
    this.#running = this.#engine.connection(async (session) => {
      // where this login may not see what others do, each look is a full one
      const [row] = await session.query(mayLook);
      const full = row?.['allowed'] !== true;
      this.#begun = performance.now();
      this.#ready?.();
      while (!this.#stopped) {
        await this.#sample(session, full);
        this.#samples += 1;
        await sleep(this.#alert > 0 ? Math.min(alertMs, this.#everyMs) : this.#everyMs);
      }
    });
    // whoever stops it hears of what went wrong
    this.#running.catch(() => undefined);
  }

  /** @param full reads `pg_locks` whether or not anybody was seen waiting */
  async #sample(session: Session, full: boolean): Promise<void> {
    const at = performance.now();
    if (this.#alert > 0) this.#alert -= 1;
    // one that waits is soon followed by others, and may be gone when a second question arrives
    let somebody = full || this.#alert > 0;
    if (this.#samples % activityEvery === 0) {
      for (const row of await session.query(activity)) {
        const name = String(row['doing']);
        if (name.startsWith('Lock:') && name !== 'Lock:extend') somebody = true;
        this.#activity.set(name, (this.#activity.get(name) ?? 0) + Number(row['n']));
      }
    } else if (!somebody) {
      const [row] = await session.query(somebodyWaits);
      somebody = row?.['waits'] === true;
    }
    const rows = somebody ? await session.query(waiting) : [];
    if (rows.length > 0) this.#alert = alertFor;
    const waits = rows.map((row) => this.#count(row));
    const onRows = waits.filter((wait) => isOnRows(wait)).length;
    this.#slices.add(at - this.#begun, onRows, waits.length - onRows);
    if (rows.length > 0) this.#look?.(rows, at);
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
      timeline: this.#slices.timeline(),
    };
  }

  #count(row: Row): Wait {
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
    const wait: Wait = {
      type: type ?? '',
      mode: mode ?? '',
      relation,
      query: query ?? '',
      blocked_by: before?.blocked_by ?? text('blocked_by'),
      samples: (before?.samples ?? 0) + 1,
      between_clients,
      waits: 0,
      waited_ms: 0,
    };
    this.#waits.set(key, wait);
    return wait;
  }
}
