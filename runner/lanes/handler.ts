import type { Session } from '../../engine/index.js';
import type { TraceSubject } from '../trace/record.js';

/** A chunk that this worker holds under a lease, as `trabajo.sp_Reclamar_Chunks` returned it. */
export interface Chunk {
  readonly idChunk: bigint;
  readonly idTrabajo: bigint;
  /** The job's kind, which decides the handler. */
  readonly tipo: string;
  readonly rangoInicio: bigint | null;
  readonly rangoFin: bigint | null;
  /** What the chunk is about, for people: a fund's short name, a file. */
  readonly recurso: string | null;
  /** The fencing token: every later call about this chunk carries it. */
  readonly token: bigint;
  readonly intento: number;
  readonly maxIntentos: number;
  /** The job's parameters, JSON. */
  readonly parametros: string | null;
}

/** A job without an unfinished chunk: somebody must finalize it. */
export interface Job {
  readonly idTrabajo: bigint;
  readonly tipo: string;
  readonly parametros: string | null;
}

/** What the lane tells a handler, and what the handler tells the lane, while a chunk runs. */
export interface ChunkContext {
  /** Aborted when the lease is lost, the job cancelled, the time up or the worker stopped at once: pass it to every call. */
  readonly signal: AbortSignal;
  /** True once the worker is asked to stop: what has begun is finished, nothing new is begun. */
  stopping(): boolean;
  /** Names the part that begins now; a failure is recorded against it. */
  step(name: string): void;
  /** The last call begins: from here on only the database says whether the lease still held. */
  closing(): void;
  /**
   * Completes the chunk with this result (JSON, or null), in a call that it shares with the worker's other lanes: the last
   * one of a chunk whose work leaves nothing else in the database.
   */
  complete(resultado: string | null): Promise<Outcome>;
}

/** How a chunk's run ended without an error. */
export type Outcome =
  | {
      readonly kind: 'completed';
      /** The state it ended in. */
      readonly state: string;
      /** Unfinished chunks of the job as the completion saw them; at 0 the job may be finalized. */
      readonly remaining: number;
    }
  /** Stopped at a boundary, because the worker is stopping: the lease is to be given back. */
  | { readonly kind: 'stopped' };

/** Why an attempt failed. */
export interface FailedAttempt {
  /** The part that was under way. */
  readonly step: string | undefined;
  readonly message: string;
  /** Whether another attempt may go better. */
  readonly retryable: boolean;
  /** The database was unwell for a moment: the chunk waits, and its attempt is given back (a bounded number of times). */
  readonly transient: boolean;
}

/** What a recorded failure did to the chunk. */
export interface Failure {
  /** PENDIENTE: it will be tried again; else the state it ended in. */
  readonly state: string;
  readonly retryAt: Date | null;
  readonly remaining: number;
}

/**
 * One kind of work: what the runner needs besides its loop. The procedures do the work; a handler says which ones, in
 * which order, and never holds a transaction open between two calls.
 */
export interface Handler {
  /** `Tipo` of the jobs it works on. */
  readonly kind: string;
  /** What a person calls the chunk: a fund's short name, a range of bytes. */
  nameOf(chunk: Chunk): string;
  /** Runs the chunk's procedures up to its fenced completion. Throws what a call throws. */
  run(chunk: Chunk, session: Session, context: ChunkContext): Promise<Outcome>;
  /** Records, in a second fenced call, that the attempt failed in `step`. */
  fail(chunk: Chunk, session: Session, failure: FailedAttempt): Promise<Failure>;
  /**
   * Where to cut a chunk that was too large for the memory: a place inside its range, or null when it cannot be cut, and so
   * fails as it would have. A handler without this has its chunks cut in the middle.
   */
  splitAt?(chunk: Chunk): Promise<bigint | null>;
  /** What traces of the chunk, and of that part of it, say besides its job; nothing when left out. */
  traced?(chunk: Chunk, step: string | undefined): TraceSubject;
  /** Ends the job if all its chunks have ended; does nothing when another worker was first. */
  finalize(job: Job, session: Session): Promise<void>;
}
