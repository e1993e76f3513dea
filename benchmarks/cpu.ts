import { readFileSync } from 'node:fs';

import type { Engine } from '../engine/index.js';

type Spent = ReadonlyMap<number, number>;

/** Nanoseconds that each of the server's processes has spent on a processor; undefined where the system does not say. */
export async function serverCpu(watcher: Engine): Promise<Spent | undefined> {
  const rows = await watcher.query('SELECT pid FROM pg_catalog.pg_stat_activity');
  try {
    return new Map(
      rows.map(({ pid }) => [
        Number(pid),
        Number(readFileSync(`/proc/${Number(pid)}/schedstat`, 'utf8').split(' ')[0]),
      ]),
    );
  } catch {
    return undefined;
  }
}

/** Microseconds between two looks, of the sessions that were there both times. */
export function spent(before: Spent | undefined, after: Spent): number {
  let ns = 0;
  for (const [pid, now] of after) ns += now - (before?.get(pid) ?? now);
  return ns / 1000;
}
