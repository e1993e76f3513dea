import { ProcedureError } from './errors.js';

export interface Interruption {
  readonly signal?: AbortSignal | undefined;
  /** 0 or undefined: no limit. */
  readonly timeoutMs?: number | undefined;
  /** What runs, for the timeout's message. */
  readonly what: string;
  /** Asks the server to cancel the statement. */
  readonly cancel: () => Promise<void>;
  /** Closes the connection, when cancelling did not help. */
  readonly abandon: () => void;
  /** Milliseconds that cancelling may take. */
  readonly graceMs?: number;
}

/** Node fires a timer that is longer than this at once; 24 days are as good as none. */
const longestTimer = 2 ** 31 - 1;

/**
 * Runs a statement that a signal or a time limit may end. It is cancelled on the server, and its end is waited for: the
 * promise settles only when the connection's state is known, or when the connection has been given up.
 * @throws the signal's reason, or ProcedureError TIMEOUT; what the statement throws otherwise. A statement that was
 * done before it could be cancelled is done: its result is returned.
 */
export async function interruptible<T>(start: () => Promise<T>, options: Interruption): Promise<T> {
  const { signal, timeoutMs = 0, graceMs = 5000 } = options;
  signal?.throwIfAborted();
  const interrupted: { reason: unknown }[] = [];
  let cancelled = Promise.resolve();
  let grace: NodeJS.Timeout | undefined;
  let giveUp: (reason: unknown) => void = () => undefined;
  const givenUp = new Promise<never>((_resolve, reject) => {
    giveUp = reject;
  });
  givenUp.catch(() => undefined);

  const interrupt = (reason: unknown): void => {
    if (interrupted.length > 0) return;
    interrupted.push({ reason });
    const abandon = (): void => {
      options.abandon();
      giveUp(reason);
    };
    grace = setTimeout(abandon, graceMs);
    cancelled = options.cancel().catch(abandon);
  };
  const onAbort = (): void => {
    interrupt(signal?.reason);
  };
  const timer =
    timeoutMs > 0 && timeoutMs <= longestTimer
      ? setTimeout(() => {
          interrupt(timedOut(options.what, timeoutMs));
        }, timeoutMs)
      : undefined;
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const result = await Promise.race([start(), givenUp]);
    if (interrupted.length > 0) await Promise.race([cancelled, givenUp]).catch(() => undefined);
    return result;
  } catch (error) {
    const [first] = interrupted;
    if (first === undefined) throw error;
    // a cancel that arrives late would hit the connection's next statement
    await Promise.race([cancelled, givenUp]).catch(() => undefined);
    throw first.reason;
  } finally {
    clearTimeout(timer);
    clearTimeout(grace);
    signal?.removeEventListener('abort', onAbort);
  }
}

function timedOut(what: string, timeoutMs: number): ProcedureError {
  return new ProcedureError(`${what} took longer than ${timeoutMs} ms and was cancelled`, {
    code: 'TIMEOUT',
  });
}
