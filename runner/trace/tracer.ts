import { ProcedureError } from '../../engine/index.js';
import type { Session } from '../../engine/index.js';
import { redact, shortened } from '../../migrator/redact.js';
import type { WorkerEvents } from '../lanes/events.js';
import type { Chunk, ChunkContext, Handler, Outcome } from '../lanes/handler.js';
import { Stopped } from '../lanes/held-chunk.js';
import { messageOf } from '../lanes/retryable.js';
import { sampleLocks } from './lock-sampler.js';
import type { LockWait } from './lock-sampler.js';
import type { TraceEvent, TraceSubject } from './record.js';
import { TraceWriter } from './writer.js';
import type { TraceWriterOptions } from './writer.js';

export type TracerOptions = Omit<TraceWriterOptions, 'tick'>;

/** What a chunk's last call is called in its traces. */
export const closingStage = 'Completar';

/** How long the end of a run waits for a database that is away. */
const patienceMs = 10_000;

/** Chunks whose failure is remembered until they come again. */
const mostRetries = 10_000;

/**
 * Traces what lanes do, whatever kind of work it is, by standing between the lane and the handler: each part that a
 * handler names is a START and an END or ERROR, waits on locks are seen by looking at the server twice a second.
 */
export class Tracer {
  readonly #writer: TraceWriter;
  readonly #options: TracerOptions;
  readonly #spans = new Map<bigint, Span>();
  readonly #lanes = new Set<number>();
  readonly #failures = new Map<bigint, Part>();
  #waits = new Map<string, Waiting>();
  #blind = false;

  constructor(options: TracerOptions) {
    this.#options = options;
    this.#writer = new TraceWriter({ ...options, tick: (session) => this.#look(session) });
  }

  /** The handler, traced. */
  handler(handler: Handler, holder: string): Handler {
    return {
      ...handler,
      run: (chunk, session, context) => this.#run(handler, holder, chunk, session, context),
    };
  }

  /** The events, and with them how long a chunk waited for its next attempt. */
  events(events: WorkerEvents): WorkerEvents {
    return {
      ...events,
      failed: (chunk, message, retryAt, remaining) => {
        if (retryAt === null) this.#failures.delete(chunk.idChunk);
        events.failed?.(chunk, message, retryAt, remaining);
      },
    };
  }

  /** Writes what is left; see `TraceWriter.close`. */
  async close(): Promise<void> {
    this.#ended(this.#waits);
    this.#waits = new Map();
    await this.#writer.close(patienceMs);
  }

  abandon(): void {
    this.#writer.abandon();
  }

  async #run(
    handler: Handler,
    holder: string,
    chunk: Chunk,
    session: Session,
    context: ChunkContext,
  ): Promise<Outcome> {
    const lane = this.#takeLane();
    const span = new Span(this.#writer, handler, chunk, lane, holder);
    this.#spans.set(chunk.idChunk, span);
    try {
      await this.#waitForRoom(span, context.signal);
      this.#sayRetry(span);
      const outcome = await handler.run(chunk, session, {
        signal: context.signal,
        stopping: () => context.stopping(),
        step: (name) => {
          span.step(name);
          context.step(name);
        },
        closing: () => {
          span.step(closingStage);
          context.closing();
        },
        complete: (resultado) => {
          span.step(closingStage);
          return context.complete(resultado);
        },
      });
      span.end();
      return outcome;
    } catch (error) {
      this.#remember(chunk.idChunk, span.part);
      span.fail(error, context.signal.reason);
      throw error;
    } finally {
      // an older attempt of the same chunk may end after a newer one has begun
      if (this.#spans.get(chunk.idChunk) === span) this.#spans.delete(chunk.idChunk);
      this.#lanes.delete(lane);
    }
  }

  /** Where a lane's traces belong: the lowest number that no other chunk has, so that there are as many as lanes. */
  #takeLane(): number {
    let lane = 1;
    while (this.#lanes.has(lane)) lane += 1;
    this.#lanes.add(lane);
    return lane;
  }

  async #waitForRoom(span: Span, signal: AbortSignal): Promise<void> {
    const began = performance.now();
    if (await this.#writer.room(signal))
      span.wait(undefined, 'logs.Trace_Records', performance.now() - began);
  }

  #remember(chunk: bigint, part: Part | undefined): void {
    this.#failures.set(chunk, part ?? { stage: undefined, began: performance.now() });
    const [first] = this.#failures.keys();
    if (this.#failures.size > mostRetries && first !== undefined) this.#failures.delete(first);
  }

  #sayRetry(span: Span): void {
    const failed = this.#failures.get(span.chunk.idChunk);
    if (failed === undefined) return;
    this.#failures.delete(span.chunk.idChunk);
    span.wait(failed.stage, 'reintento', performance.now() - (failed.ended ?? failed.began));
  }

  /** On the writer's connection: which of our chunks wait for a lock. */
  async #look(session: Session): Promise<void> {
    if (this.#blind || this.#spans.size === 0) return;
    let seen: readonly LockWait[];
    try {
      seen = await sampleLocks(session, [...this.#spans.keys()]);
    } catch (error) {
      if (!(error instanceof ProcedureError) || error.code !== 'PERMISSION') throw error;
      this.#blind = true;
      this.#options.warn(
        `traces say nothing of waits on locks: ${error.message}; GRANT VIEW SERVER STATE TO the login`,
      );
      return;
    }
    const before = this.#waits;
    this.#waits = new Map();
    for (const wait of seen) {
      const span = this.#spans.get(wait.chunk);
      if (span?.part === undefined) continue;
      const key = `${span.attempt} ${span.part.stage ?? ''} ${wait.resource}`;
      if (!before.delete(key)) span.locked(span.part.stage, wait);
      this.#waits.set(key, { span, wait, stage: span.part.stage, at: performance.now() });
    }
    this.#ended(before);
  }

  /** Waits that are over, as long as they were when they were seen last. */
  #ended(waits: ReadonlyMap<string, Waiting>): void {
    for (const { span, wait, stage, at } of waits.values())
      span.wait(stage, wait.resource, wait.waitedMs, { modo: wait.mode, bloqueador: wait.holder }, at);
  }
}

/** A wait on a lock that was seen last at `at`. */
interface Waiting {
  readonly span: Span;
  readonly wait: LockWait;
  readonly stage: string | undefined;
  readonly at: number;
}

type Metadata = Readonly<Record<string, unknown>>;

/** The part of a chunk that is under way. */
interface Part {
  readonly stage: string | undefined;
  readonly began: number;
  ended?: number;
}

/** One attempt at a chunk. */
class Span {
  readonly chunk: Chunk;
  readonly attempt: string;
  part: Part | undefined;
  readonly #writer: TraceWriter;
  readonly #handler: Handler;
  readonly #thread: number;
  readonly #holder: string;

  constructor(writer: TraceWriter, handler: Handler, chunk: Chunk, lane: number, holder: string) {
    this.#writer = writer;
    this.#handler = handler;
    this.chunk = chunk;
    this.attempt = `${chunk.idChunk}.${chunk.token}`;
    this.#thread = threadOf(process.pid, lane);
    this.#holder = holder;
  }

  /** A part begins, and the one before it ends. */
  step(stage: string): void {
    this.end();
    this.part = { stage, began: performance.now() };
    const { chunk } = this;
    this.#add('START', stage, this.part.began, undefined, {
      chunk: String(chunk.idChunk),
      nombre: this.#handler.nameOf(chunk),
      intento: chunk.intento,
      trabajador: this.#holder,
    });
  }

  end(): void {
    if (this.part === undefined) return;
    const now = performance.now();
    this.#add('END', this.part.stage, now, now - this.part.began, undefined);
    this.part = undefined;
  }

  fail(error: unknown, reason: unknown): void {
    const now = performance.now();
    const { part } = this;
    if (part !== undefined) part.ended = now;
    this.#add('ERROR', part?.stage, now, part === undefined ? undefined : now - part.began, {
      mensaje: shortened(redact(messageOf(error)), 1000),
      ...(reason instanceof Stopped ? { causa: reason.stopCause } : {}),
    });
    this.part = undefined;
  }

  /** A wait is over; `ms` until it was. */
  wait(
    stage: string | undefined,
    resource: string,
    ms: number,
    metadata?: Metadata,
    at = performance.now(),
  ): void {
    this.#add('WAIT', stage, at, ms, metadata, resource);
  }

  /** A wait on a lock was seen for the first time. */
  locked(stage: string | undefined, wait: LockWait): void {
    const metadata = { modo: wait.mode, bloqueador: wait.holder };
    this.#add('LOCK', stage, performance.now(), wait.waitedMs, metadata, wait.resource);
  }

  #add(
    event: TraceEvent,
    stage: string | undefined,
    at: number,
    durationMs: number | undefined,
    metadata: Metadata | undefined,
    resource?: string,
  ): void {
    const { chunk } = this;
    const subject: TraceSubject = this.#handler.traced?.(chunk, stage) ?? {};
    this.#writer.add({
      ...subject,
      resource: resource ?? subject.resource ?? chunk.recurso ?? chunk.tipo,
      at,
      event,
      job: chunk.idTrabajo,
      stage,
      attempt: this.attempt,
      durationMs,
      metadata: metadata === undefined ? undefined : JSON.stringify(metadata),
      thread: this.#thread,
    });
  }
}

const lanesPerProcess = 512;

/** Thread_ID: lanes of workers side by side stay apart. */
export function threadOf(pid: number, lane: number): number {
  return (pid % 2 ** 22) * lanesPerProcess + (lane % lanesPerProcess);
}

/** What `threadOf` was made of. */
export function laneOf(thread: number): { readonly pid: number; readonly lane: number } {
  return { pid: Math.floor(thread / lanesPerProcess), lane: thread % lanesPerProcess };
}
