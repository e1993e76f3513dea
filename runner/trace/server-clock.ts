import type { Session } from '../../engine/index.js';

const question = {
  postgres: `SELECT clock_timestamp() AS ahora, has_table_privilege(to_regclass('logs.trace_records')::oid, 'INSERT') AS puede`,
  sqlserver: `SELECT SYSUTCDATETIME() AS ahora, HAS_PERMS_BY_NAME(N'logs.Trace_Records', N'OBJECT', N'INSERT') AS puede`,
} as const;

export interface Greeting {
  /** Whether this login may write traces; not either where there is no table for them. */
  readonly mayWrite: boolean;
  /** What to add to `performance.now()` for the server's time. */
  readonly offsetMs: number;
}

/** How often the server is asked; the answer that took least is the truest. */
const questions = 3;

/**
 * Asks the server for its time, less half of the question's way there and back: instants are the server's, as every other
 * time in the database, while durations stay those of a clock that is never set.
 */
export async function greet(session: Session, signal: AbortSignal): Promise<Greeting> {
  let [best, offsetMs, mayWrite] = [Infinity, 0, false];
  for (let i = 0; i < questions; i += 1) {
    const asked = performance.now();
    const [row] = await session.query(question[session.dialect], [], { signal });
    const took = performance.now() - asked;
    const [said, may] = [row?.['ahora'], row?.['puede']];
    mayWrite = may === true || may === 1;
    if (!mayWrite) break;
    if (!(said instanceof Date) || took >= best) continue;
    best = took;
    offsetMs = said.getTime() - (asked + took / 2);
  }
  return { mayWrite, offsetMs };
}
