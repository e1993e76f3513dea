import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Binaries } from './binaries.js';
import { hba, includes } from './config.js';
import { codeOf, EmbeddedFailure, explainServerLog, lastWords, messageOf } from './failure.js';
import { explainFolder } from './home.js';
import type { Place } from './place.js';

/** The login and the database that every cluster has. */
export const login = 'carril';
export const defaultDatabase = 'carril';

/** Bytes that must be free before a cluster is made: 40 MB of its own, and as much WAL before the first checkpoint. */
const roomForCluster = 150 * 2 ** 20;

/** The data folder is there and of this version. False when there is none yet. */
export function hasCluster(place: Place, binaries: Binaries): boolean {
  let version: string;
  try {
    version = readFileSync(join(place.data, 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw explainFolder(place.data, error);
    if (!existsSync(place.data) || readdirSync(place.data).length === 0) return false;
    throw new EmbeddedFailure(
      `${place.data} is not empty, but holds no PostgreSQL data (no PG_VERSION): move it away, or set CARRIL_HOME to another folder`,
    );
  }
  const major = binaries.version.split('.')[0] ?? '';
  if (version !== major) {
    throw new EmbeddedFailure(
      `the data in ${place.data} is PostgreSQL ${version}'s, and this carril brings PostgreSQL ${major}. Go back to the version ` +
        `of carril that made it to take the data out, or delete ${dirname(place.data)} to start anew (its databases are lost)`,
    );
  }
  return true;
}

/** Makes the cluster, its login and its database, aside and then renamed: what is there is whole. Takes a few seconds. */
export async function makeCluster(place: Place, binaries: Binaries, password: string): Promise<void> {
  checkRoom(place.around);
  for (const entry of readdirSync(place.around)) {
    // of an attempt that was killed; we alone are at work here
    if (entry.startsWith('data.new-')) rmSync(join(place.around, entry), { recursive: true, force: true });
  }
  const draft = join(place.around, `data.new-${randomBytes(4).toString('hex')}`);
  try {
    mkdirSync(draft, { mode: 0o700 });
    give(draft, place);
    // the builtin locale sorts alike on every system; who may log in stands in pg_hba.conf, so initdb needs no password
    const options = [
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ];
    const fast = ['--no-sync', '--no-instructions', '--auth=reject', `--username=${login}`];
    await runProgram(binaries.initdb, [`--pgdata=${draft}`, ...options, ...fast], place);
    appendFileSync(join(draft, 'postgresql.conf'), includes);
    writeData(join(draft, 'pg_hba.conf'), hba, place);
    for (const name of ['carril.conf', 'site.conf']) writeData(join(draft, name), '', place);
    await runSingleUser(draft, place, binaries, [
      setPassword(password),
      `CREATE DATABASE ${defaultDatabase}`,
    ]);
    if (existsSync(place.data)) rmSync(place.data, { recursive: true });
    renameSync(draft, place.data);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw codeOf(error) === undefined || error instanceof EmbeddedFailure
      ? error
      : explainFolder(place.around, error);
  }
}

/** Gives the login a new password, where the file that held the old one was lost. The server must be down. */
export async function resetPassword(place: Place, binaries: Binaries, password: string): Promise<void> {
  await runSingleUser(place.data, place, binaries, [setPassword(password)]);
}

function setPassword(password: string): string {
  // made by us, base64url: nothing in it needs quoting
  return `ALTER ROLE ${login} PASSWORD '${password}'`;
}

function checkRoom(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free < roomForCluster) {
    throw new EmbeddedFailure(
      `only ${Math.floor(free / 2 ** 20)} MB are free for ${folder}, and a new PostgreSQL cluster needs ` +
        `${roomForCluster / 2 ** 20} MB: make room, or set CARRIL_HOME to a folder on another disk`,
    );
  }
}

/** Writes a file of the data folder's, owned by the user PostgreSQL runs as. */
export function writeData(file: string, text: string, place: Place): void {
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, text, { mode: 0o600 });
  give(draft, place);
  renameSync(draft, file);
}

function give(path: string, { user }: Place): void {
  if (user === undefined) return;
  try {
    chownSync(path, user.uid, user.gid);
  } catch (error) {
    throw new EmbeddedFailure(
      `PostgreSQL refuses to run as root, and ${path} cannot be given to ${user.name} (${codeOf(error) ?? 'error'}): ` +
        'run carril as a plain user, or set CARRIL_HOME to a folder on a file system that knows owners',
      error,
    );
  }
  if (process.platform !== 'win32' && !basename(path).includes('.conf')) chmodSync(path, 0o700);
}

async function runSingleUser(
  data: string,
  place: Place,
  binaries: Binaries,
  statements: readonly string[],
): Promise<void> {
  const input = statements.join('\n') + '\n';
  const output = await runProgram(
    binaries.postgres,
    ['--single', '-F', '-D', data, 'template1'],
    place,
    input,
  );
  const failed = /^.*\b(ERROR|FATAL|PANIC):.*$/m.exec(output);
  if (failed !== null)
    throw new EmbeddedFailure(`PostgreSQL could not be set up: ${failed[0].replace(/'.*'/g, "'…'")}`);
}

/** How PostgreSQL's programs are run: as that user, in a folder it may enter, without what the environment says of other PostgreSQLs. */
export function spawnOptions(place: Place): {
  cwd: string;
  env: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
  windowsHide: boolean;
} {
  const keep = process.platform === 'win32' ? /^(?!PG)/i : /^(PATH|TMPDIR|HOME|USER|LOGNAME|ASAN_OPTIONS)$/;
  const kept = Object.fromEntries(Object.entries(process.env).filter(([name]) => keep.test(name)));
  return {
    cwd: place.around,
    env: { ...kept, LC_ALL: 'C', LANG: 'C', TZ: 'UTC' },
    windowsHide: true,
    ...(place.user === undefined ? {} : { uid: place.user.uid, gid: place.user.gid }),
  };
}

/** Runs a program to its end and returns what it printed. */
export function runProgram(
  program: string,
  args: readonly string[],
  place: Place,
  input = '',
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...spawnOptions(place), stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    const take = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => {
      reject(cannotRun(program, place, error));
    });
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new EmbeddedFailure(explainExit(basename(program), code, signal, output)));
    });
    child.stdin.on('error', () => {
      // it ended before it read: its exit says why
    });
    child.stdin.end(input);
  });
}

export function explainExit(
  program: string,
  code: number | null,
  signal: NodeJS.Signals | null,
  output: string,
): string {
  const how = signal === null ? `ended with ${code ?? '?'}` : `was ended by ${signal}`;
  const meaning = explainServerLog(output);
  return `${program} ${how}${meaning === undefined ? '' : `: ${meaning}`}. Its last words:\n${lastWords(output)}`;
}

export function cannotRun(program: string, place: Place, error: unknown): Error {
  const code = codeOf(error);
  if (place.user !== undefined && (code === 'EPERM' || code === 'EINVAL')) {
    return new EmbeddedFailure(
      `PostgreSQL refuses to run as root, and this process may not become ${place.user.name} (${code}): run carril as a plain user`,
      error,
    );
  }
  if (code === 'EACCES') {
    return new EmbeddedFailure(
      `${program} may not be executed: is its file system mounted noexec? Then set CARRIL_HOME, or install, elsewhere`,
      error,
    );
  }
  if (code === 'ENOENT') {
    return new EmbeddedFailure(
      `${program} cannot be run: it needs glibc, which this system seems to lack (Alpine?). Use a PostgreSQL of your own through CARRIL_DATABASE_URL`,
      error,
    );
  }
  return new EmbeddedFailure(`${program} cannot be run: ${messageOf(error)}`, error);
}
