import type { CallOptions, Dialect, Engine, Session } from './engine.js';
import { ProcedureError } from './errors.js';
import { LinkSession } from './link-session.js';
import type { Driver, Link, Rows } from './link.js';
import { withRetry } from './retry.js';
import type { Progress, RetryEvent } from './retry.js';
import { Slots } from './slots.js';
import type { Arguments, CallResult, Column, Procedure, Row, SqlValue } from './types.js';

interface PooledEngineOptions {
  readonly poolMax: number;
  readonly onRetry?: ((retry: RetryEvent) => void) | undefined;
}

/** The engine over a driver's connections: who waits, what is retried, and which connection may be used again. */
export class PooledEngine implements Engine {
  readonly dialect: Dialect;
  readonly description: string;
  readonly #driver: Driver;
  readonly #slots: Slots;
  readonly #onRetry: ((retry: RetryEvent) => void) | undefined;
  #closing: Promise<void> | undefined;

  constructor(driver: Driver, options: PooledEngineOptions) {
    this.dialect = driver.dialect;
    this.description = driver.description;
    this.#driver = driver;
    this.#slots = new Slots(options.poolMax);
    this.#onRetry = options.onRetry;
  }

  call(procedure: Procedure, args: Arguments, options: CallOptions = {}): Promise<CallResult> {
    return this.#retried(procedure.name, options, (link) => link.call(procedure, args, options));
  }

  query(sql: string, values: readonly SqlValue[] = [], options: CallOptions = {}): Promise<Row[]> {
    return this.#retried(undefined, options, (link) => link.query(sql, values, options));
  }

  batch(sql: string, options: CallOptions = {}): Promise<void> {
    return this.#alone((link) => link.batch(sql, options), options.signal);
  }

  bulk(table: string, columns: readonly Column[], rows: Rows, options: CallOptions = {}): Promise<number> {
    return this.#alone((link) => link.bulk(table, columns, rows, options), options.signal);
  }

  connection<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.#held(async (link) => {
      const session = new LinkSession(this.dialect, link);
      try {
        return await work(session);
      } finally {
        await session.end();
        if (link.state === 'transaction') await link.rollback().catch(() => undefined);
        // at once, and not when the next one needs it: session locks must not outlive their holder
        if (link.state === 'idle') await link.reset().catch(() => undefined);
      }
    });
  }

  transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.#held(async (link) => {
      await link.begin();
      const session = new LinkSession(this.dialect, link);
      try {
        const result = await work(session);
        await session.end();
        if (link.state === 'idle') {
          throw new ProcedureError(
            'a statement in the transaction ended it: leave COMMIT and ROLLBACK to transaction()',
            {
              code: 'DATABASE',
            },
          );
        }
        await link.commit();
        return result;
      } catch (error) {
        await session.end();
        // XACT_ABORT and broken connections have rolled back already; what the work threw is what matters
        if (link.state === 'transaction') await link.rollback().catch(() => undefined);
        throw error;
      }
    });
  }

  openConnections(): number {
    return this.#driver.open();
  }

  close(): Promise<void> {
    this.#closing ??= this.#slots.idle().then(() => this.#driver.end());
    return this.#closing;
  }

  #retried<T>(
    procedure: string | undefined,
    options: CallOptions,
    work: (link: Link) => Promise<T>,
  ): Promise<T> {
    return withRetry((progress) => this.#alone(work, options.signal, progress), {
      idempotent: options.idempotent,
      signal: options.signal,
      procedure,
      onRetry: this.#onRetry,
    });
  }

  /** One statement on its own: whatever it left open is an error, for it is gone with the connection. */
  #alone<T>(work: (link: Link) => Promise<T>, signal?: AbortSignal, progress?: Progress): Promise<T> {
    return this.#held(
      async (link) => {
        const result = await work(link);
        if (link.state !== 'transaction') return result;
        throw new ProcedureError(
          'the statement left a transaction open, which was rolled back: use transaction()',
          {
            code: 'DATABASE',
          },
        );
      },
      signal,
      progress,
    );
  }

  async #held<T>(work: (link: Link) => Promise<T>, signal?: AbortSignal, progress?: Progress): Promise<T> {
    if (this.#closing !== undefined) {
      throw new ProcedureError(`the connection to ${this.description} has been closed`, {
        code: 'CONNECTION',
      });
    }
    const free = await this.#slots.take(signal);
    try {
      const link = await this.#acquire(signal);
      if (progress !== undefined) progress.began = true;
      try {
        return await work(link);
      } finally {
        await this.#putBack(link);
      }
    } finally {
      free();
    }
  }

  /** Connecting cannot be broken off; who no longer waits for it leaves the connection to the pool. */
  async #acquire(signal: AbortSignal | undefined): Promise<Link> {
    const acquired = this.#driver.acquire();
    if (signal === undefined) return acquired;
    const { promise, stop } = aborted(signal);
    try {
      return await Promise.race([acquired, promise]);
    } catch (error) {
      if (signal.aborted) {
        acquired.then(
          (link) => this.#driver.release(link, true),
          () => undefined,
        );
      }
      throw error;
    } finally {
      stop();
    }
  }

  /** Only a connection that is surely as good as new goes back; any other is closed. */
  async #putBack(link: Link): Promise<void> {
    let keep = link.state === 'idle' && !link.doubtful;
    if (keep && link.used)
      keep = await link.reset().then(
        () => link.state === 'idle',
        () => false,
      );
    await this.#driver.release(link, keep).catch(() => undefined);
  }
}

/** Rejects with the signal's reason when it comes. */
function aborted(signal: AbortSignal): { promise: Promise<never>; stop: () => void } {
  let stop = (): void => undefined;
  const promise = new Promise<never>((_resolve, reject) => {
    const onAbort = (): void => {
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the caller's own reason, as it is
      reject(signal.reason);
    };
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    stop = () => {
      signal.removeEventListener('abort', onAbort);
    };
  });
  return { promise, stop };
}
