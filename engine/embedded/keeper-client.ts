import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { EmbeddedFailure } from './failure.js';
import { explainFolder, giveToOwner, prepareHome, type Home } from './home.js';
import { readKeeperFile, type KeeperFile } from './keeper-file.js';
import { isAlive } from './process-info.js';
import { onMessage, send, type KeeperMessage, type ReadyMessage } from './protocol.js';

/** An open connection to the keeper of a home, whose server is ready. */
export interface Membership {
  readonly ready: ReadyMessage;
  readonly socket: Socket;
  /** Resolves when the connection has ended, with what the keeper said last (`ready`: it said nothing, it was killed). */
  readonly ended: Promise<KeeperMessage>;
}

export interface JoinOptions {
  /** Only to look or to give an order: does not keep the server up. */
  readonly watch: boolean;
  /** Start a keeper where there is none; otherwise undefined is the answer. */
  readonly start: boolean;
  readonly graceMs: number;
  readonly onProgress?: ((text: string) => void) | undefined;
}

/** Longer than the keeper's own patience with a starting server. */
const joinLimit = 180_000;
const answerLimit = 10_000;

/** Joins the keeper of that home, started where there is none. Any number of processes may do this at once. */
export async function join(home: Home, options: JoinOptions): Promise<Membership | undefined> {
  const deadline = Date.now() + joinLimit;
  let started: StartedKeeper | undefined;
  for (;;) {
    const file = readKeeperFile(home);
    const attempt = file === undefined ? undefined : await tryJoin(file, options, started?.pid);
    if (attempt !== undefined && attempt !== 'gone' && attempt !== 'mute') return attempt;
    if (attempt === 'mute' && file !== undefined && Date.now() > deadline - joinLimit + answerLimit) {
      throw new EmbeddedFailure(
        `the keeper of the embedded PostgreSQL (process ${file.pid}, ${home.keeperFile}) does not answer: is it stopped? ` +
          'Continue or end that process',
      );
    }
    if (attempt !== 'mute' && (started === undefined || started.exitCode() !== undefined)) {
      if (!options.start) return undefined;
      const code = started?.exitCode() ?? 0;
      if (code !== 0) throw keeperDied(home, code);
      // ours was not needed, since another was the keeper, and now that one has gone
      if (started !== undefined) await sleep(100);
      started = startKeeper(home, options.graceMs);
    }
    if (Date.now() > deadline) {
      throw new EmbeddedFailure(`the embedded PostgreSQL was not ready in time: see ${home.keeperLog}`);
    }
    await sleep(15);
  }
}

/** Is there a keeper behind this file? One that takes its time to answer counts. */
export async function probeKeeper(file: KeeperFile): Promise<boolean> {
  const answer = await open(file, true, answerLimit);
  if (answer === 'gone') return false;
  if (answer === 'mute') return true;
  answer.socket.destroy();
  return true;
}

type Missing =
  /** Nobody listens there, or nobody of ours. */
  | 'gone'
  /** Somebody listens and says nothing. */
  | 'mute';

async function tryJoin(
  file: KeeperFile,
  options: JoinOptions,
  startedPid: number | undefined,
): Promise<Membership | Missing> {
  if (file.protocol !== 1) {
    throw new EmbeddedFailure(
      'another version of carril keeps the embedded PostgreSQL running: stop it with that version’s `carril db stop`',
    );
  }
  const opened = await open(file, options.watch, answerLimit);
  if (opened === 'gone' || opened === 'mute') return opened;
  // a keeper on its way out tells of a failure that may have been put right since: only one we waited for counts
  let waited = file.pid === startedPid;
  for (;;) {
    const message = opened.latest();
    if (message.type === 'ready') {
      opened.socket.unref();
      return { ready: message, socket: opened.socket, ended: opened.ended };
    }
    if (message.type === 'failed') {
      opened.socket.destroy();
      if (waited) throw new EmbeddedFailure(message.message);
      return 'gone';
    }
    if (message.type === 'starting') options.onProgress?.(message.text);
    const next = await opened.next();
    waited ||= message.type === 'starting';
    if (next === undefined) {
      const last = opened.latest();
      if (waited && last.type === 'failed') throw new EmbeddedFailure(last.message);
      return 'gone';
    }
  }
}

interface Opened {
  readonly socket: Socket;
  latest(): KeeperMessage;
  /** The next message; undefined when the connection has ended. */
  next(): Promise<KeeperMessage | undefined>;
  readonly ended: Promise<KeeperMessage>;
}

/** Connects, says the token and waits for the first answer. */
function open(file: KeeperFile, watch: boolean, limit: number): Promise<Opened | Missing> {
  return new Promise((resolve) => {
    if (file.port <= 0 || file.port > 65_535) {
      resolve('gone');
      return;
    }
    const socket = connect({ host: '127.0.0.1', port: file.port });
    let latest: KeeperMessage | undefined;
    let waiting: ((message: KeeperMessage | undefined) => void) | undefined;
    const timer = setTimeout(() => {
      // another program may listen there by now
      resolve(isAlive(file.pid) ? 'mute' : 'gone');
      socket.destroy();
    }, limit);
    const ended = new Promise<KeeperMessage>((over) => {
      socket.once('close', () => {
        clearTimeout(timer);
        resolve('gone');
        waiting?.(undefined);
        over(latest ?? { type: 'stopping' });
      });
    });
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.once('connect', () => {
      send(socket, { type: 'hello', token: file.token, pid: process.pid, watch });
    });
    onMessage(socket, (object) => {
      const message = object as KeeperMessage;
      latest = message;
      clearTimeout(timer);
      resolve({
        socket,
        ended,
        latest: () => latest ?? message,
        next: () =>
          new Promise((take) => {
            if (socket.destroyed) take(undefined);
            else waiting = take;
          }),
      });
      waiting?.(message);
      waiting = undefined;
    });
  });
}

interface StartedKeeper {
  readonly pid: number | undefined;
  /** Undefined while it runs. */
  exitCode(): number | undefined;
}

/** Starts a keeper in a session of its own: neither Ctrl-C nor our end reaches it. */
function startKeeper(home: Home, graceMs: number): StartedKeeper {
  prepareHome(home);
  let log: number;
  try {
    log = openSync(home.keeperLog, 'a', 0o600);
    giveToOwner(home.keeperLog);
  } catch (error) {
    throw explainFolder(home.folder, error);
  }
  try {
    const program = fileURLToPath(new URL('./keeper.js', import.meta.url));
    const child = spawn(process.execPath, [program, home.folder, String(graceMs)], {
      cwd: home.folder,
      detached: true,
      windowsHide: true,
      stdio: ['ignore', log, log],
      // what a test runner or a debugger wants of us, it does not want of the keeper
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(NODE_|_?TAP)/.test(name))),
    });
    let code: number | undefined;
    child.once('error', () => {
      code = 1;
    });
    child.once('exit', (exit) => {
      code = exit ?? 1;
    });
    child.unref();
    return { pid: child.pid, exitCode: () => code };
  } finally {
    closeSync(log);
  }
}

function keeperDied(home: Home, code: number): Error {
  let tail = '';
  try {
    tail = readFileSync(home.keeperLog, 'utf8').trimEnd().split('\n').slice(-5).join('\n');
  } catch {
    // nothing to tell then
  }
  return new EmbeddedFailure(
    `the keeper of the embedded PostgreSQL ended at once (${code}); the end of ${home.keeperLog}:\n${tail}`,
  );
}
