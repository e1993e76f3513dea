import { spawn, type ChildProcess } from 'node:child_process';
import {
  closeSync,
  fstatSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { postgresBinaries, type Binaries } from './binaries.js';
import { cannotRun, hasCluster, makeCluster, resetPassword, runProgram } from './cluster.js';
import { explainExit, spawnOptions, writeData } from './cluster.js';
import { carrilConfig, siteConfig } from './config.js';
import { EmbeddedFailure, explainServerLog, lastWords } from './failure.js';
import { giveToOwner, passwordOf, readState, writeState, type Home } from './home.js';
import { findPlace, type Place } from './place.js';
import { findFreePort, obstacleAt, portAskedFor } from './port.js';
import { postmasterPidFile, readPostmasterPid } from './postmaster-pid.js';
import { isAlive, isServerOf } from './process-info.js';

/** A running server. */
export interface Server {
  readonly port: number;
  readonly pid: number;
  readonly dataFolder: string;
  /** It ran before we came, left behind by a keeper that was killed. */
  readonly adopted: boolean;
  /** Resolves when the server has ended, however it did, with what is known of why. */
  readonly ended: Promise<string>;
  /** Ends it with a fast shutdown: sessions are ended, what they had not committed is rolled back. */
  stop(): Promise<void>;
}

export interface StartReport {
  /** Something takes its time. */
  progress(text: string): void;
  /** Something that the user should know, such as another port. */
  notice(text: string): void;
}

/** Until a fast shutdown becomes an immediate one, after which the next start replays the log. */
const patience = 20_000;
/** Until a start is given up: crash recovery after a full checkpoint interval may well take a minute. */
const startLimit = 150_000;

/** Starts the server of that home, making what is missing; or adopts the one that runs. Only the keeper calls this. */
export async function startServer(home: Home, report: StartReport): Promise<Server> {
  const state = readState(home);
  const place = findPlace(home, state);
  const { password, made } = passwordOf(home);
  const asked = portAskedFor();

  const running = await findRunning(place);
  if (running !== undefined) {
    if (made) {
      process.kill(running.pid, 'SIGINT');
      await untilGone(running.pid, patience);
    } else {
      const binaries = postgresBinaries(place.user, place.around);
      return adopt(running.pid, running.port, place, binaries);
    }
  }

  const binaries = postgresBinaries(place.user, place.around);
  if (!hasCluster(place, binaries)) {
    report.progress('making a PostgreSQL cluster (a few seconds, once)');
    await makeCluster(place, binaries, password);
  } else if (made) {
    report.notice(`${home.passwordFile} was lost; the server has a new password`);
    await resetPassword(place, binaries, password);
  }

  let port = asked ?? state?.port ?? (await findFreePort());
  for (let attempt = 1; ; attempt++) {
    port = await settlePort(port, asked, report);
    writeState(home, { layout: 1, port, ...(isBeside(home, place) ? {} : { data: place.data }) });
    try {
      return await start(home, place, binaries, port);
    } catch (error) {
      // somebody took the port between our look and the server's
      const isTaken =
        error instanceof StartFailure && /could not bind|Address already in use/.test(error.log);
      const isHeld =
        error instanceof StartFailure && /shared memory block .* is still in use/.test(error.log);
      if (isHeld && attempt <= 20) {
        report.progress('waiting for the sessions of a server that was killed');
        await sleep(500);
      } else if (!isTaken || asked !== undefined || attempt > 3) throw error;
    }
  }
}

/** In the home itself: not written down, so that a project that is moved takes its data along. */
function isBeside(home: Home, place: Place): boolean {
  return place.around === realpathSync(home.folder);
}

async function settlePort(port: number, asked: number | undefined, report: StartReport): Promise<number> {
  const obstacle = await obstacleAt(port);
  if (obstacle === undefined) return port;
  if (asked !== undefined) {
    throw new EmbeddedFailure(
      `port ${asked} of 127.0.0.1, which CARRIL_PORT asks for, ${obstacle}: choose another port, or leave CARRIL_PORT out`,
    );
  }
  const other = await findFreePort();
  report.notice(`port ${port} of 127.0.0.1 ${obstacle}; the embedded PostgreSQL is now at port ${other}`);
  return other;
}

/** The server that postmaster.pid names, when it is really there. A file that a dead one left behind is removed. */
async function findRunning(place: Place): Promise<{ pid: number; port: number } | undefined> {
  const deadline = Date.now() + startLimit;
  for (;;) {
    const found = readPostmasterPid(place.data);
    if (found === undefined) return undefined;
    const ours = isServerOf(found.pid, place.data);
    if (ours === undefined) {
      throw new EmbeddedFailure(
        `${postmasterPidFile(place.data)} says that PostgreSQL runs as process ${found.pid}, and this system does not say what ` +
          'that process is. If it is not PostgreSQL, delete that file',
      );
    }
    if (!ours) {
      // the number may be another process's by now, and PostgreSQL would then refuse to start
      rmSync(postmasterPidFile(place.data), { force: true });
      return undefined;
    }
    if (found.status === 'ready') return found;
    // it is starting or stopping: either ends
    if (Date.now() > deadline) {
      throw new EmbeddedFailure(
        `a PostgreSQL of an earlier run (process ${found.pid}) is ${found.status || 'starting'} for too long: end that process`,
      );
    }
    await sleep(50);
  }
}

class StartFailure extends EmbeddedFailure {
  readonly log: string;

  constructor(message: string, log: string) {
    super(message);
    this.log = log;
  }
}

async function start(home: Home, place: Place, binaries: Binaries, port: number): Promise<Server> {
  writeData(`${place.data}/carril.conf`, carrilConfig(port), place);
  const site = siteConfig([home.folder, place.around]);
  writeData(`${place.data}/site.conf`, site ?? '', place);

  rotate(home.serverLog);
  const log = openSync(home.serverLog, 'a+', 0o600);
  giveToOwner(home.serverLog);
  try {
    const before = fstatSync(log).size;
    const wordsSince = (): string => readFrom(home.serverLog, before);
    if (process.platform === 'win32') return await startOnWindows(home, place, binaries, wordsSince);
    const child = spawn(binaries.postgres, ['-D', place.data], {
      ...spawnOptions(place),
      // a session of its own: what a terminal or a supervisor sends to our group does not reach it
      detached: true,
      stdio: ['ignore', log, log],
    });
    return await untilReady(child, place, binaries, wordsSince);
  } finally {
    closeSync(log);
  }
}

async function untilReady(
  child: ChildProcess,
  place: Place,
  binaries: Binaries,
  wordsSince: () => string,
): Promise<Server> {
  const failure: { error?: Error } = {};
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      failure.error = cannotRun(binaries.postgres, place, error);
      resolve(failure.error.message);
    });
    child.once('exit', (code, signal) => {
      const text = explainExit('PostgreSQL', code, signal, wordsSince());
      failure.error ??= new StartFailure(text, wordsSince());
      resolve(text);
    });
  });
  const deadline = Date.now() + startLimit;
  for (;;) {
    if (failure.error !== undefined) throw failure.error;
    const found = readPostmasterPid(place.data);
    if (found !== undefined && found.pid === child.pid && found.status === 'ready') {
      const { pid, port } = found;
      return {
        pid,
        port,
        dataFolder: place.data,
        adopted: false,
        ended,
        stop: stopper(pid, ended, place, binaries),
      };
    }
    if (Date.now() > deadline) {
      child.kill('SIGQUIT');
      throw new StartFailure(
        `PostgreSQL was not ready after ${startLimit / 1000} s:\n${lastWords(wordsSince())}`,
        '',
      );
    }
    await sleep(10);
  }
}

/** pg_ctl, because it gives up an administrator's rights, which PostgreSQL refuses to run with. */
async function startOnWindows(
  home: Home,
  place: Place,
  binaries: Binaries,
  wordsSince: () => string,
): Promise<Server> {
  try {
    const where = ['-D', place.data, '-l', home.serverLog];
    await runProgram(binaries.pgCtl, ['start', '-w', '-t', String(startLimit / 1000), ...where], place);
  } catch (error) {
    const words = wordsSince();
    const meaning = explainServerLog(words);
    if (words === '') throw error;
    throw new StartFailure(
      `PostgreSQL did not start${meaning === undefined ? '' : `: ${meaning}`}.\n${lastWords(words)}`,
      words,
    );
  }
  const found = readPostmasterPid(place.data);
  if (found === undefined) throw new StartFailure('PostgreSQL ended right after its start', wordsSince());
  return { ...adopt(found.pid, found.port, place, binaries), adopted: false };
}

/** A server that is not our child: its end is seen by looking. */
function adopt(pid: number, port: number, place: Place, binaries: Binaries): Server {
  const ended = untilGone(pid).then(() => `PostgreSQL (process ${pid}) has ended`);
  return {
    pid,
    port,
    dataFolder: place.data,
    adopted: true,
    ended,
    stop: stopper(pid, ended, place, binaries),
  };
}

async function untilGone(pid: number, limit = Infinity): Promise<void> {
  const deadline = Date.now() + limit;
  while (isAlive(pid) && Date.now() < deadline) await sleep(200);
}

function stopper(pid: number, ended: Promise<string>, place: Place, binaries: Binaries): () => Promise<void> {
  return async () => {
    if (process.platform === 'win32') {
      await runProgram(binaries.pgCtl, ['stop', '-m', 'fast', '-w', '-D', place.data], place).catch(
        () => undefined,
      );
    } else signal(pid, 'SIGINT');
    const gentle = new AbortController();
    const hurry = sleep(patience, undefined, { signal: gentle.signal })
      .then(() => {
        signal(pid, 'SIGQUIT');
      })
      .catch(() => undefined);
    await ended;
    gentle.abort();
    await hurry;
  };
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it has ended
  }
}

function rotate(log: string): void {
  try {
    if (statSync(log).size > 10 * 2 ** 20) renameSync(log, `${log}.1`);
  } catch {
    // there is none yet
  }
}

/** The end of a file; nothing when it has gone, since whoever asks has a worse error to tell of. */
function readFrom(file: string, from: number): string {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch {
    return '';
  }
  try {
    const size = fstatSync(handle).size;
    const start = Math.max(from, size - 65_536);
    const buffer = Buffer.alloc(Math.max(0, size - start));
    return buffer.toString('utf8', 0, readSync(handle, buffer, 0, buffer.length, start));
  } finally {
    closeSync(handle);
  }
}
