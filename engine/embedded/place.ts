import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join, sep } from 'node:path';
import { codeOf, EmbeddedFailure } from './failure.js';
import type { Home, State } from './home.js';
import { readPostmasterPid } from './postmaster-pid.js';
import { isServerOf } from './process-info.js';
import { canReach, userForPostgres, type RunAs } from './user.js';

/** Where the data lies, and the user that owns it and runs PostgreSQL; undefined: the user that we are. */
export interface Place {
  /** The folder around the data; copies of PostgreSQL's programs go there, too. */
  readonly around: string;
  readonly data: string;
  readonly user: RunAs | undefined;
}

/**
 * `data` in the home, unless the user that PostgreSQL runs as cannot get there (root's own folder is closed to everybody
 * else): then a folder below /var/lib/carril, else below the temporary folder, which the home's state file then names.
 */
export function findPlace(home: Home, state: State | undefined): Place {
  const folder = realpathSync(home.folder);
  if (state?.data !== undefined) {
    const data = isAbsolute(state.data) ? state.data : join(folder, state.data);
    const user = userForPostgres(data);
    if (!existsSync(data)) mkdirOrExplain(join(data, '..'), 0o711);
    if (!canReach(join(data, '..'), user)) throw outOfReach(data, user);
    return { around: join(data, '..'), data, user };
  }
  const beside = join(folder, 'data');
  const user = userForPostgres(existsSync(beside) ? beside : undefined);
  if (canReach(folder, user)) return { around: folder, data: beside, user };
  if (existsSync(join(beside, 'PG_VERSION'))) throw outOfReach(beside, user);
  const around = folderElsewhere(folder, user);
  return { around, data: join(around, 'data'), user };
}

function outOfReach(data: string, user: RunAs | undefined): Error {
  return new EmbeddedFailure(
    `PostgreSQL runs as ${user?.name ?? 'this user'}, who can no longer reach its data in ${data}: ` +
      'let others pass (chmod o+x) through each folder above it, or move the data where they can',
  );
}

function folderElsewhere(home: string, user: RunAs | undefined): string {
  const name = createHash('sha256').update(home).digest('hex').slice(0, 16);
  const shared = '/var/lib/carril';
  try {
    mkdirSync(shared, { recursive: true, mode: 0o711 });
    if (statSync(shared).uid === 0 && canReach(shared, user)) {
      const folder = join(shared, name);
      sweep(shared);
      // what lies there belongs to a home of the same path that has since been deleted, and its password with it
      removeLeftover(folder);
      mkdirSync(folder, { recursive: true, mode: 0o711 });
      chmodSync(folder, 0o711);
      // for whoever wonders what lies here
      writeFileSync(join(folder, 'home.txt'), `${home}\n`);
      return folder;
    }
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOSPC'].includes(codeOf(error) ?? ''))
      throw error;
  }
  const folder = mkdtempSync(join(tmpdir(), 'carril-'));
  chmodSync(folder, 0o711);
  if (canReach(folder, user)) return realpathSync(folder);
  rmSync(folder, { recursive: true });
  throw new EmbeddedFailure(
    `PostgreSQL refuses to run as root, and ${user?.name ?? 'the user'} it would run as can reach none of ${home}, ${shared}, ` +
      `${tmpdir()}: set CARRIL_HOME to a folder that other users may pass through (chmod o+x)`,
  );
}

/** Removes the data of homes that lay in the temporary folder and are gone: clones that tests made and threw away. */
function sweep(shared: string): void {
  for (const entry of readdirSync(shared)) {
    const folder = join(shared, entry);
    try {
      const home = readFileSync(join(folder, 'home.txt'), 'utf8').trim();
      if (!home.startsWith(realpathSync(tmpdir()) + sep) || existsSync(home)) continue;
      removeLeftover(folder);
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // not one of ours, or another process is at it
    }
  }
}

function removeLeftover(folder: string): void {
  const data = join(folder, 'data');
  const running = existsSync(data) ? readPostmasterPid(data) : undefined;
  if (running !== undefined && isServerOf(running.pid, data) !== false) process.kill(running.pid, 'SIGQUIT');
  rmSync(data, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

function mkdirOrExplain(folder: string, mode: number): void {
  try {
    mkdirSync(folder, { recursive: true, mode });
  } catch (error) {
    throw new EmbeddedFailure(
      `cannot make ${folder} for PostgreSQL's data (${codeOf(error) ?? 'error'})`,
      error,
    );
  }
}
