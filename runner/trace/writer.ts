import { ProcedureError } from '../../engine/index.js';
import type { Engine, Session } from '../../engine/index.js';
import { messageOf, passesByItself } from '../lanes/retryable.js';
import { FundIds } from './fund-ids.js';
import { rowOf, traceColumns, traceTable } from './record.js';
import type { TraceRecord } from './record.js';
import { greet } from './server-clock.js';

export interface TraceWriterOptions {
  readonly engine: Engine;
  readonly warn: (message: string) => void;
  /** What else is done every `tickMs`. */
  readonly tick?: ((session: Session) => Promise<void>) | undefined;
  /** How often the writer looks whether there is something to do; 500 when left out. */
  readonly tickMs?: number | undefined;
  /** How long a record waits at most before it is written, as long as the database answers; 1000 when left out. */
  readonly flushMs?: number | undefined;
  /** Records in memory from which on `room` has the lanes wait; 100,000 when left out, some 40 MB. */
  readonly capacity?: number | undefined;
}

/** So many waiting records are written at once, without waiting for `flushMs`. */
const enough = 1000;
/** Rows of one bulk load at most: on SQL Server one statement, on PostgreSQL one COPY, whose commit is waited for. */
const batchRows = { sqlserver: 2000, postgres: 50_000 } as const;
const bulkTimeoutMs = 30_000;
const longestPauseMs = 5000;
/** Errors in a row that do not pass by themselves until tracing is given up. */
const giveUpAfter = 3;

/**
 * Writes trace records in bulk, in no work's transaction, on whichever connection the pool has free: the one that claims are made
 * on serves it between them, so that a worker needs none more for its traces. Records wait in memory while the database is
 * away; when there are too many, whoever asks for `room` waits with them, so that none is lost.
 */
export class TraceWriter {
  readonly #options: TraceWriterOptions;
  readonly #funds = new FundIds();
  readonly #abort = new AbortController();
  /** `#head` of them are written already. */
  #records: TraceRecord[] = [];
  #head = 0;
  #oldest = 0;
  /** What to add to the monotonic clock for the server's time; asked for anew after a failure. */
  #offset: number | undefined;
  #closing = false;
  /** No record is taken any more: the table is not there, or we may not write it. */
  #off = false;
  #outage = false;
  #refusals = 0;
  #saidFull = false;
  #wake: (() => void) | undefined;
  #first: (() => void) | undefined;
  #waiting: (() => void)[] = [];
  readonly #ended: Promise<void>;

  constructor(options: TraceWriterOptions) {
    this.#options = options;
    this.#ended = this.#run();
  }

  /** Records that wait in memory. */
  get pending(): number {
    return this.#records.length - this.#head;
  }

  add(record: TraceRecord): void {
    if (this.#off) return;
    if (this.pending === 0) this.#oldest = performance.now();
    this.#records.push(record);
    if (this.#wake !== undefined && this.pending >= enough) this.#wake();
    if (this.#first === undefined) return;
    this.#first();
    this.#first = undefined;
  }

  /** Waits until there is room for more; until the signal aborts, or until nobody will make any. True: it had to wait. */
  async room(signal: AbortSignal): Promise<boolean> {
    if (!this.#full()) return false;
    if (!this.#saidFull) {
      this.#saidFull = true;
      this.#options.warn(
        `traces: ${this.pending} records wait for the database, and no more fit: the lanes wait with them`,
      );
    }
    while (this.#full() && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const goOn = () => {
          signal.removeEventListener('abort', goOn);
          resolve();
        };
        this.#waiting.push(goOn);
        signal.addEventListener('abort', goOn);
      });
    }
    return true;
  }

  /**
   * Writes what waits, and ends. A database that stays away is waited for so long; what is lost then is said.
   */
  async close(patienceMs: number): Promise<void> {
    this.#closing = true;
    const timer = setTimeout(() => {
      this.abandon();
    }, patienceMs);
    const hung = new Promise<void>((resolve) => {
      // connecting cannot be broken off
      this.#abort.signal.addEventListener('abort', () => setTimeout(resolve, 1000));
    });
    this.#wake?.();
    this.#first?.();
    await Promise.race([this.#ended, hung]);
    clearTimeout(timer);
  }

  /** Ends at once; what waits is lost, and said to be. */
  abandon(): void {
    this.#closing = true;
    this.#abort.abort(new Error('tracing was ended'));
    this.#wake?.();
    this.#first?.();
  }

  #full(): boolean {
    return !this.#off && !this.#abort.signal.aborted && this.pending >= (this.#options.capacity ?? 100_000);
  }

  async #run(): Promise<void> {
    // a worker that finds nothing to do takes no connection for it
    await new Promise<void>((resolve) => {
      this.#first = resolve;
    });
    let pauseMs = 250;
    while (this.#goesOn()) {
      try {
        if (!this.#closing && this.pending < enough) await this.#sleep(this.#options.tickMs ?? 500);
        if (await this.#turn(this.#options.engine)) pauseMs = 250;
      } catch (error) {
        if (this.#abort.signal.aborted) break;
        // it may be another server that answers next
        this.#offset = undefined;
        this.#failed(error);
        if (this.#goesOn()) await this.#sleep(pauseMs, true);
        pauseMs = Math.min(longestPauseMs, pauseMs * 2);
      }
    }
    if (this.pending > 0) {
      this.#options.warn(`traces: ${this.pending} records could not be written and are lost`);
      this.#records = [];
      this.#head = 0;
    }
    this.#off = true;
    this.#letIn();
  }

  #goesOn(): boolean {
    return !this.#off && !this.#abort.signal.aborted && (!this.#closing || this.pending > 0);
  }

  /** The server's time. @throws ProcedureError PERMISSION when it may not write */
  async #greet(session: Session): Promise<number> {
    const { mayWrite, offsetMs } = await greet(session, this.#abort.signal);
    if (mayWrite) return offsetMs;
    throw new ProcedureError(
      'this login may not insert into logs.Trace_Records (role carril_carga), or migration 016 has not been applied; ' +
        '--no-trace says no more of it',
      { code: 'PERMISSION' },
    );
  }

  /** One look at what is to be done. True when records were written. */
  async #turn(session: Session): Promise<boolean> {
    const { tick, tickMs = 500, flushMs = 1000 } = this.#options;
    if (this.#offset === undefined) {
      this.#offset = await this.#greet(session);
      // now, beside the lanes, and not when the end of the run waits for it
      await this.#learn(session, this.#records);
    }
    await tick?.(session);
    if (this.pending === 0) return false;
    const due = performance.now() - this.#oldest >= flushMs - tickMs / 2;
    if (!this.#closing && this.pending < enough && !due) return false;
    await this.#flush(session, this.#offset);
    return true;
  }

  async #flush(session: Session, offset: number): Promise<void> {
    const batch = this.#records.slice(this.#head, this.#head + batchRows[session.dialect]);
    await this.#learn(session, batch);
    const funds = this.#funds;
    function* rows() {
      for (const record of batch) yield rowOf(record, offset, funds.idOf(record.fund));
    }
    await session.bulk(traceTable, traceColumns, rows(), {
      timeoutMs: bulkTimeoutMs,
      signal: this.#abort.signal,
    });
    // only now: what was under way when the connection broke is written again, and reading takes each event once
    this.#head += batch.length;
    this.#oldest = performance.now();
    this.#refusals = 0;
    this.#outage = false;
    if (this.#head * 2 > this.#records.length) {
      this.#records = this.#records.slice(this.#head);
      this.#head = 0;
    }
    if (!this.#full()) this.#letIn();
  }

  async #learn(session: Session, records: readonly TraceRecord[]): Promise<void> {
    await this.#funds.learn(session, records);
  }

  #failed(error: unknown): void {
    if (passesByItself(error)) {
      // once an outage
      if (!this.#outage)
        this.#options.warn(`traces wait for the database (${this.pending} records): ${messageOf(error)}`);
      this.#outage = true;
      return;
    }
    this.#refusals += 1;
    const final = error instanceof ProcedureError && error.code === 'PERMISSION';
    if (!final && this.#refusals < giveUpAfter) return;
    this.#off = true;
    this.#options.warn(`no traces are written: ${messageOf(error)}`);
    // said already, and by far the most important
    if (final) {
      this.#records = [];
      this.#head = 0;
    }
  }

  #letIn(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  async #sleep(ms: number, deaf = false): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, ms);
      // after a failure only the end of all cuts the pause short
      this.#wake = () => {
        if (!deaf || this.#abort.signal.aborted) done();
      };
    });
  }
}
