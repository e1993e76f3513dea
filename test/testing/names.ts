import { randomBytes } from 'node:crypto';

import type { Engine } from '../../engine/index.js';
import { dropDatabase } from '../../runner/cli/commands/db/targets.js';

/** `t` a test's database, `tpl` a migrated template, `tmp` one in the making. */
export type Kind = 't' | 'tpl' | 'tmp';

const prefix = 'carril';
const lifetimes: Readonly<Record<Kind, number>> = { t: 2 * 3600, tmp: 600, tpl: 24 * 3600 };

/** `carril_t_<seconds, base 36>_<random or given>`: the name says how old it is. */
export function newName(kind: Kind, suffix = randomBytes(5).toString('hex')): string {
  return `${prefix}_${kind}_${Math.floor(Date.now() / 1000).toString(36)}_${suffix}`;
}

let removed = false;

/** Drops what test files that were killed have left behind, once a process. */
export async function removeLeftovers(admin: Engine): Promise<void> {
  if (removed) return;
  removed = true;
  const names = await databasesLike(admin, `${prefix}_%`);
  const now = Date.now() / 1000;
  for (const name of names) {
    const [, kind, seconds] = /^carril_(t|tpl|tmp)_([0-9a-z]+)_[0-9a-z]+$/.exec(name) ?? [];
    if (kind === undefined || seconds === undefined) continue;
    if (now - parseInt(seconds, 36) < lifetimes[kind as Kind]) continue;
    // another test file may be at it, too
    await dropDatabase(admin, name).catch(() => undefined);
  }
}

/** Names of the server's databases that fit a LIKE pattern, newest first. */
export async function databasesLike(admin: Engine, pattern: string): Promise<string[]> {
  const rows = await admin.query(
    admin.dialect === 'sqlserver'
      ? 'SELECT name FROM sys.databases WHERE name LIKE @p0 ORDER BY name DESC'
      : 'SELECT datname AS name FROM pg_catalog.pg_database WHERE datname LIKE $1 ORDER BY datname DESC',
    [pattern],
  );
  return rows.map((row) => String(row['name']));
}
