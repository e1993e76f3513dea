import { readdirSync, readFileSync } from 'node:fs';

import type { Engine } from '../../engine/index.js';

/** Linux counts processor time for its users in hundredths of a second, on every machine. */
const tickMs = 10;

/**
 * Processor time of a PostgreSQL server's processes, those that have ended included, since it began; null where the server
 * does not run on this machine, or not on Linux.
 */
export async function postgresCpuMs(watcher: Engine): Promise<number | null> {
  return await watcher.connection(async (session) => {
    const [row] = await session.query(
      'SELECT pg_backend_pid() AS pid, session_user::text AS login, current_database()::text AS name',
    );
    try {
      const pid = Number(row?.['pid']);
      // a process of that number might be somebody else's, where the server is on another machine
      const title = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      if (!title.includes(` ${String(row?.['login'])} ${String(row?.['name'])} `)) return null;
      return familyMs(statOf(pid).parent);
    } catch {
      return null;
    }
  });
}

/** A process, its living children, and those that it has seen end. */
function familyMs(postmaster: number): number {
  const own = statOf(postmaster);
  let ticks = own.self + own.ended;
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = statOf(Number(entry));
      if (stat.parent === postmaster) ticks += stat.self;
    } catch {
      // it has ended meanwhile
    }
  }
  return ticks * tickMs;
}

/** Of proc(5)'s stat, after the name, which may hold anything. */
function statOf(pid: number): { parent: number; self: number; ended: number } {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [, parent = 0] = fields;
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15);
  return { parent, self: user + system, ended: endedUser + endedSystem };
}
