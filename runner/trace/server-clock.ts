import type { Session } from '../../engine/index.js';

const now = {
  postgres: 'SELECT clock_timestamp() AS ahora',
  sqlserver: 'SELECT SYSUTCDATETIME() AS ahora',
} as const;

/** How often the server is asked; the answer that took least is the truest. */
const questions = 3;

/**
 * What to add to `performance.now()` for the server's time, by half of a short question's way there and back. Instants are
 * the server's, as every other time in the database, while durations stay those of a clock that is never set.
 */
export async function serverOffset(session: Session): Promise<number> {
  let [best, offset] = [Infinity, 0];
  for (let i = 0; i < questions; i += 1) {
    const asked = performance.now();
    const [row] = await session.query(now[session.dialect], [], { idempotent: true });
    const took = performance.now() - asked;
    const said = row?.['ahora'];
    if (!(said instanceof Date) || took >= best) continue;
    best = took;
    offset = said.getTime() - (asked + took / 2);
  }
  return offset;
}
