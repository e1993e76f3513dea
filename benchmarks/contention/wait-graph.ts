import type { Row } from '../../engine/index.js';
import type { DeadlockGraph } from './deadlock-graph.js';

/** What a session was seen waiting for. */
export interface SeenSession {
  readonly pid: number;
  readonly statement: string;
  readonly application: string | null;
  /** PostgreSQL's lock type. */
  readonly type: string;
  readonly relation: string | null;
  readonly mode: string;
  /** Modes in which others held it. */
  readonly held: string | null;
  readonly blockers: readonly number[];
}

/** A wait inside a chunk's work, when it was first seen. */
export interface ChunkWait {
  readonly keys: readonly string[];
  readonly at: number;
}

/** How long a circle must last to be one: the server leaves it alone for `deadlock_timeout`, a second by default. */
const lastingMs = 50;

/** Remembers who waited for whom: the circles among them that last are deadlocks that the server has not seen yet. */
export class WaitGraph {
  readonly #sessions = new Map<number, SeenSession>();
  /**
   * When a circle was first seen, by its waits. One look is not of one moment (who blocks whom is asked session by session), so
   * that short waits behind each other may look like a circle once.
   */
  readonly #suspected = new Map<string, number>();
  readonly #circles = new Map<string, DeadlockGraph>();
  readonly #chunkWaits = new Map<string, ChunkWait>();

  /** Takes one look's rows. */
  look(rows: readonly Row[], at: number): void {
    const now = new Map<number, SeenSession>();
    const begun = new Map<number, string>();
    for (const row of rows) {
      const session = sessionOf(row);
      const { pid, type } = session;
      this.#sessions.set(pid, session);
      now.set(pid, session);
      begun.set(pid, String(row['wait']));
      if (row['between_clients'] !== true || type === 'advisory') continue;
      if (typeof row['chunks'] === 'string' && !this.#chunkWaits.has(String(row['wait'])))
        this.#chunkWaits.set(String(row['wait']), { keys: row['chunks'].split(','), at });
    }
    for (const pid of now.keys()) {
      const circle = circleFrom(pid, now);
      if (circle === undefined) continue;
      // each of them is found once a look, from each of its sessions: the same waits, the same deadlock
      const key = circle
        .map((one) => begun.get(one) ?? '')
        .toSorted((a, b) => a.localeCompare(b))
        .join('|');
      const first = this.#suspected.get(key) ?? at;
      this.#suspected.set(key, first);
      if (at - first >= lastingMs && !this.#circles.has(key)) this.#circles.set(key, graphOf(circle, now));
    }
  }

  session(pid: number): SeenSession | undefined {
    return this.#sessions.get(pid);
  }

  circles(): readonly DeadlockGraph[] {
    return [...this.#circles.values()];
  }

  chunkWaits(): readonly ChunkWait[] {
    return [...this.#chunkWaits.values()];
  }
}

function sessionOf(row: Row): SeenSession {
  const text = (name: string) => {
    const value = row[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  return {
    pid: Number(row['pid']),
    statement: text('statement') ?? '',
    application: text('application'),
    type: text('type') ?? '',
    relation: text('relation'),
    mode: text('mode') ?? '',
    held: text('held'),
    blockers: (text('blockers') ?? '')
      .split(',')
      .map(Number)
      .filter((pid) => pid > 0),
  };
}

/** The shortest way from a session back to itself, from who waits to whom it waits for. */
function circleFrom(start: number, sessions: ReadonlyMap<number, SeenSession>): number[] | undefined {
  const from = new Map<number, number>();
  const queue = [start];
  for (let pid = queue.shift(); pid !== undefined; pid = queue.shift()) {
    for (const next of sessions.get(pid)?.blockers ?? []) {
      if (next === start) {
        const circle = [pid];
        for (let back = pid; back !== start;) {
          back = from.get(back) ?? start;
          circle.unshift(back);
        }
        return circle;
      }
      if (!sessions.has(next) || from.has(next)) continue;
      from.set(next, pid);
      queue.push(next);
    }
  }
  return undefined;
}

function graphOf(circle: readonly number[], sessions: ReadonlyMap<number, SeenSession>): DeadlockGraph {
  const seen = circle.flatMap((pid) => sessions.get(pid) ?? []);
  return {
    at: null,
    processes: seen.map((session) => processOf(session)),
    resources: seen.map(({ pid, type, relation, mode, held }, i) => ({
      kind: type,
      object: relation,
      index: null,
      owners: [{ process: String(circle[(i + 1) % circle.length] ?? ''), mode: held ?? '' }],
      waiters: [{ process: String(pid), mode, request: 'wait' }],
    })),
  };
}

/** Which of them was given up is not in its waits. */
export function processOf(session: SeenSession): DeadlockGraph['processes'][number] {
  return {
    id: String(session.pid),
    victim: false,
    spid: session.pid,
    database: null,
    wait_resource: session.relation,
    lock_mode: session.mode,
    isolation: null,
    application: session.application,
    statements: [{ procedure: procedureIn(session.statement), line: null, text: session.statement.trim() }],
    input: null,
  };
}

/** The procedure that a call of ours names: `SELECT * FROM "logs"."sp_x"(…)`. */
export function procedureIn(statement: string): string | null {
  return /\w+\.(?:sp_|extract_|\w+_\d\d_)\w+/i.exec(statement.replaceAll('"', ''))?.[0] ?? null;
}
