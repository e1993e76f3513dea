import { setTimeout as sleep } from 'node:timers/promises';

import type { Session } from '../../engine/index.js';

/** Looks every few milliseconds until `check` gives something, and returns that. @throws naming `what` after 20 s */
export async function waitUntil<T>(
  what: string,
  check: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = 20_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await check();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`still waiting after ${timeoutMs} ms: ${what}`);
    await sleep(20);
  }
}

/** Waits until that many sessions of the database wait for a lock that another one holds. */
export async function waitUntilBlocked(session: Session, sessions = 1, timeoutMs?: number): Promise<void> {
  const sql = await blockedQuery(session);
  await waitUntil(
    `${sessions} blocked sessions`,
    async () => (await countBlocked(session, sql)) >= sessions,
    timeoutMs,
  );
}

/** How many sessions of the database wait for a lock at this moment. */
export async function countBlocked(session: Session, sql?: string): Promise<number> {
  return Number((await session.query(sql ?? (await blockedQuery(session))))[0]?.['n']);
}

async function blockedQuery(session: Session): Promise<string> {
  if (session.dialect === 'postgres') {
    return `SELECT count(*)::int AS n FROM pg_catalog.pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  }
  // SQL Server as Babelfish plays it has PostgreSQL's view in place of its own
  const [row] = await session.query(
    "SELECT CAST(SERVERPROPERTY('BabelfishVersion') AS nvarchar(100)) AS version",
  );
  return row?.['version'] === null
    ? 'SELECT COUNT(*) AS n FROM sys.dm_exec_requests WHERE database_id = DB_ID() AND blocking_session_id <> 0'
    : "SELECT COUNT(*) AS n FROM pg_catalog.pg_stat_activity WHERE wait_event_type = 'Lock'";
}
