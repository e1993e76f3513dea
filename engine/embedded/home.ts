import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { projectFolder } from '../project-folder.js';
import { codeOf, EmbeddedFailure } from './failure.js';

/** The folder that the embedded server's state lives in, and the files in it. */
export interface Home {
  readonly folder: string;
  /** The running keeper: its pid, port and token (mode 0600). It is the lock, too. */
  readonly keeperFile: string;
  /** Port, data folder, version of the layout. */
  readonly stateFile: string;
  /** Of the server's only login, made at random (mode 0600). */
  readonly passwordFile: string;
  readonly keeperLog: string;
  readonly serverLog: string;
  /** Settings of the user's own, read after ours, where there is such a file. */
  readonly siteConfig: string;
}

export interface State {
  /** Version of this file and of the folder's layout. */
  readonly layout: 1;
  /** Port on 127.0.0.1; chosen once, kept while it is free. */
  readonly port: number;
  /** The data folder, when it is not `data` beside this file. */
  readonly data?: string;
}

/** `home`, else `$CARRIL_HOME`, else `.carril` of the nearest folder upwards that has a package.json, else of the current one. */
export function embeddedHome(home?: string): Home {
  const fromEnvironment = process.env['CARRIL_HOME'];
  const folder = resolve(
    home ??
      (fromEnvironment === undefined || fromEnvironment === '' ? undefined : fromEnvironment) ??
      join(projectFolder(process.cwd()), '.carril'),
  );
  return {
    folder,
    keeperFile: join(folder, 'keeper.json'),
    stateFile: join(folder, 'state.json'),
    passwordFile: join(folder, 'password'),
    keeperLog: join(folder, 'keeper.log'),
    serverLog: join(folder, 'postgres.log'),
    siteConfig: join(folder, 'postgresql.conf'),
  };
}

/** Makes the folder where it is missing, and proves that we may write into it. */
export function prepareHome(home: Home): void {
  try {
    // root's folder lets others pass (not look), since PostgreSQL runs as another user and its data lies inside
    makeFolder(home.folder, isRoot() ? 0o711 : 0o700);
    const probe = join(home.folder, `.write-${randomBytes(4).toString('hex')}`);
    try {
      // with something in it: on a full disk an empty file can still be made
      writeFileSync(probe, Buffer.alloc(8192), { mode: 0o600, flag: 'wx' });
    } finally {
      rmSync(probe, { force: true });
    }
    const ignore = join(home.folder, '.gitignore');
    if (!existsSync(ignore)) writePrivate(ignore, '*\n', 0o644);
  } catch (error) {
    throw explainFolder(home.folder, error);
  }
}

/** One by one: mkdir's own recursion says ENOENT where a file system is read-only. */
function makeFolder(folder: string, mode: number): void {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder), 0o755);
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    // another process was first; anything else of that name is found out by the next step
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

export function readState(home: Home): State | undefined {
  const text = readIfThere(home.stateFile, home.folder);
  if (text === undefined) return undefined;
  let state: Partial<State>;
  try {
    state = JSON.parse(text) as Partial<State>;
  } catch {
    throw new EmbeddedFailure(
      `${home.stateFile} is not JSON. Put it back as it was, or delete ${home.folder} to start anew (its database is lost)`,
    );
  }
  if (state.layout !== 1 || typeof state.port !== 'number') {
    throw new EmbeddedFailure(
      `${home.folder} was laid out by another version of carril (layout ${String(state.layout)}; this one knows 1). ` +
        'Use that version, or set CARRIL_HOME to another folder',
    );
  }
  return state as State;
}

export function writeState(home: Home, state: State): void {
  writePrivate(home.stateFile, JSON.stringify(state, undefined, 2) + '\n');
}

/** The server's password; made on the first call. `made` says that this call made it. */
export function passwordOf(home: Home): { password: string; made: boolean } {
  const found = readIfThere(home.passwordFile, home.folder)?.trim();
  if (found !== undefined && found !== '') return { password: found, made: false };
  const password = randomBytes(24).toString('base64url');
  writePrivate(home.passwordFile, password + '\n');
  return { password, made: true };
}

/** Reads a file of the home; undefined when there is none; says whose it is when we may not. */
export function readIfThere(file: string, folder: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw explainFolder(folder, error);
  }
}

/** Writes a file as a whole or not at all; nobody but the folder's owner reads it. */
export function writePrivate(file: string, text: string, mode = 0o600): void {
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(draft, text, { mode, flag: 'wx' });
    giveToOwner(draft);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Root leaves what it writes in another user's folder to that user, who will want to write it as well. */
export function giveToOwner(file: string): void {
  if (!isRoot()) return;
  const { uid, gid } = statSync(dirname(file));
  if (uid !== 0) chownSync(file, uid, gid);
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** What the system's error on a file in `folder` means to the person who has to act on it. */
export function explainFolder(folder: string, error: unknown): Error {
  const code = codeOf(error);
  const elsewhere = 'or set CARRIL_HOME to a folder that you can write';
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return new EmbeddedFailure(
        `the embedded PostgreSQL keeps its state in ${folder}, which ${ownerOf(folder)}: run as the owner, ${elsewhere}`,
        error,
      );
    case 'EROFS':
      return new EmbeddedFailure(
        `the embedded PostgreSQL keeps its state in ${folder}, which is on a read-only file system: set CARRIL_HOME to a folder that you can write`,
        error,
      );
    case 'ENOTDIR':
    case 'EEXIST':
      return new EmbeddedFailure(
        `the embedded PostgreSQL keeps its state in ${folder}, but there is a file of that name, or on the way to it: move it away, ${elsewhere}`,
        error,
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return new EmbeddedFailure(
        `no space is left for ${folder}, where the embedded PostgreSQL keeps its state: make room, ${elsewhere}`,
        error,
      );
    case 'ENOENT':
      // mkdir below a folder that is there: /proc and the like; of any other call it says what it says
      if ((error as NodeJS.ErrnoException).syscall !== 'mkdir') return error as Error;
      return new EmbeddedFailure(
        `the embedded PostgreSQL keeps its state in ${folder}, which cannot be made: its file system takes no new folders; set CARRIL_HOME to a folder that you can write`,
        error,
      );
    default:
      return error instanceof Error ? error : new Error(String(error));
  }
}

function ownerOf(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    try {
      const { uid } = statSync(at);
      const self = process.getuid?.();
      if (uid === self) return `is closed to its owner (chmod u+rwx ${at})`;
      return `user ${uid} owns and this user (${self ?? '?'}) may not use`;
    } catch {
      if (dirname(at) === at) return 'this user may not use';
    }
  }
}
