import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { ProcedureError } from '../engine/index.js';
import type { Engine, Session } from '../engine/index.js';
import { MigratorError } from './errors.js';
import { clearHolder, describeHolder, readHolder, writeHolder } from './holder.js';
import type { LockHolder } from './holder.js';
import { ensureJournal } from './journal-schema.js';
import type { Author } from './journal.js';
import { holdsLock, sessionNumber, tryLock, unlock } from './session-lock.js';

export interface LockOptions {
  /** How long to wait for another migrator; 0: not at all. */
  readonly timeoutMs: number;
  readonly author: Author;
  readonly signal?: AbortSignal | undefined;
  /** Told when another migrator has the lock, and again when the next one has it. */
  readonly onWaiting?: ((holder: LockHolder | undefined) => void) | undefined;
}

/** The migrator's lock, while `withLock` runs its work. */
export interface HeldLock {
  /** Aborted when the lock was lost: what runs without it must stop. */
  readonly signal: AbortSignal;
  /** @throws MigratorError `LOCK_LOST` unless the session that took the lock still has it */
  assertHeld(): Promise<void>;
}

/** The wait is cut in slices: Ctrl-C is heard, and a new holder is told of. */
const sliceMs = 200;
const beatMs = 10_000;

/**
 * Runs `work` as the only migrator of the database. The lock belongs to a session of its own, so that it vanishes with
 * its holder, however that ends; carril.Bloqueo only names the holder, and a row that a killed one left is replaced.
 * Creates the journal's tables.
 * @throws ProcedureError `LOCK_TIMEOUT` naming the holder
 */
export async function withLock<T>(
  engine: Engine,
  options: LockOptions,
  work: (lock: HeldLock) => Promise<T>,
): Promise<T> {
  return await engine.connection(async (session) => {
    await acquire(engine, session, options);
    const token = randomUUID();
    const beat = heartbeat(session);
    try {
      await ensureJournal(engine);
      const holder = { ...options.author, token, session: await beat.alone(() => sessionNumber(session)) };
      await engine.transaction(async (transaction) => {
        await writeHolder(transaction, holder);
      });
      return await work(beat);
    } finally {
      await beat.stop();
      // what fails here must not hide what failed there; the lock goes with its session anyway
      await clearHolder(engine, token).catch(ignore);
      await unlock(session).catch(ignore);
    }
  });
}

async function acquire(engine: Engine, session: Session, options: LockOptions): Promise<void> {
  const began = Date.now();
  let named: string | undefined;
  for (;;) {
    options.signal?.throwIfAborted();
    if (await tryLock(session)) return;
    const left = began + options.timeoutMs - Date.now();
    const holder = await readHolder(engine);
    const who = holder === undefined ? '' : describeHolder(holder);
    if (left <= 0) throw timedOut(engine, who, options.timeoutMs);
    if (who !== named) options.onWaiting?.(holder);
    named = who;
    await sleep(Math.min(sliceMs, left), undefined, { signal: options.signal });
  }
}

function timedOut(engine: Engine, who: string, timeoutMs: number): ProcedureError {
  const waited = timeoutMs === 0 ? 'did not wait' : `waited ${timeoutMs / 1000} s`;
  return new ProcedureError(
    `another migrator is at work in ${engine.description}: ${who === '' ? 'it has not left its name yet' : who}; ` +
      `${waited} (--wait-for-migrator). Let it finish, or end it there: its lock goes with it`,
    { code: 'LOCK_TIMEOUT', number: 50408 },
  );
}

/**
 * Asks every ten seconds whether the session still has the lock: a connection that died during a long script is noticed
 * before the script's end, and one that lies idle is not cut off by a firewall.
 */
function heartbeat(session: Session): HeldLock & {
  alone<T>(work: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
} {
  const lost = new AbortController();
  // a connection runs one statement at a time
  let last: Promise<unknown> = Promise.resolve();
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(ignore);
    return next;
  };
  const check = async (): Promise<void> => {
    let why = '';
    try {
      if (await holdsLock(session)) return;
    } catch (error) {
      why = `: ${(error as Error).message}`;
    }
    const reason = new MigratorError(
      'LOCK_LOST',
      `the migrator's lock was lost with its connection${why}; start again`,
    );
    lost.abort(reason);
    throw reason;
  };
  const timer = setInterval(() => void alone(check).catch(ignore), beatMs);
  timer.unref();
  return {
    signal: lost.signal,
    assertHeld: () => alone(check),
    alone,
    async stop() {
      clearInterval(timer);
      await last;
    },
  };
}

function ignore(): void {
  // said on purpose where it is passed
}
