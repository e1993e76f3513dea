import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { EmbeddedFailure } from './failure.js';
import { isRoot } from './home.js';

/** The user PostgreSQL runs as, when it is not the one that we run as: PostgreSQL refuses root. */
export interface RunAs {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const candidates = ['postgres', '_postgres', 'nobody', 'daemon'];

/**
 * Undefined when we are not root. Otherwise whoever owns the data, or where there is none yet `$CARRIL_POSTGRES_USER`,
 * `postgres` or `nobody`, whichever exists.
 */
export function userForPostgres(dataFolder: string | undefined): RunAs | undefined {
  if (!isRoot()) return undefined;
  const owner = dataFolder === undefined ? undefined : ownerOf(dataFolder);
  if (owner !== undefined && owner.uid !== 0) return { name: `user ${owner.uid}`, ...owner };
  const asked = process.env['CARRIL_POSTGRES_USER'];
  const names = asked === undefined || asked === '' ? candidates : [asked];
  for (const name of names) {
    const found = lookUp(name);
    if (found !== undefined && found.uid !== 0) return found;
  }
  throw new EmbeddedFailure(
    asked === undefined || asked === ''
      ? 'PostgreSQL refuses to run as root, and none of the users postgres, nobody exists to run it as: create one ' +
          '(useradd --system postgres), or run carril as a plain user'
      : `PostgreSQL refuses to run as root, and CARRIL_POSTGRES_USER names ${asked}, which is no user other than root here`,
  );
}

function ownerOf(folder: string): { uid: number; gid: number } | undefined {
  try {
    const { uid, gid } = statSync(folder);
    return { uid, gid };
  } catch {
    return undefined;
  }
}

function lookUp(name: string): RunAs | undefined {
  try {
    for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
      const [entry, , uid, gid] = line.split(':');
      if (entry === name) return { name, uid: Number(uid), gid: Number(gid) };
    }
  } catch {
    // a system that keeps its users elsewhere; `id` knows
  }
  try {
    const ask = (option: string): number =>
      Number(execFileSync('id', [option, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    return { name, uid: ask('-u'), gid: ask('-g') };
  } catch {
    return undefined;
  }
}

/** May this user pass through `path` and every folder above it? Judged by the mode bits; what is missing does not count. */
export function canReach(path: string, user: RunAs | undefined): boolean {
  if (user === undefined) return true;
  for (let at = resolve(path); ; at = dirname(at)) {
    try {
      const { uid, gid, mode } = statSync(at);
      const pass = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
      if ((mode & pass) === 0) return false;
    } catch {
      // made later, by us
    }
    if (dirname(at) === at) return true;
  }
}
