import type { Chunk } from './handler.js';

/** What a worker tells whoever started it; all of it is for people and measurements, nothing depends on it. */
export interface WorkerEvents {
  claimed?(chunk: Chunk): void;
  /** A part of a chunk begins: of a fund, a service. */
  step?(chunk: Chunk, name: string): void;
  /** A chunk ended in this worker; `remaining` are the job's unfinished ones. */
  completed?(chunk: Chunk, state: string, remaining: number): void;
  /** An attempt failed; `retryAt` is when the next one may begin, null when there is none. */
  failed?(chunk: Chunk, message: string, retryAt: Date | null, remaining: number): void;
  /** Too large for the memory: its range goes on in two new chunks. */
  split?(chunk: Chunk, into: readonly [bigint, bigint], message: string, remaining: number): void;
  /** The chunk is out of our hands: another worker's by now, cancelled, or given back. */
  dropped?(
    chunk: Chunk,
    why: 'lease-lost' | 'cancelled' | 'given-back' | 'unreachable',
    message: string,
  ): void;
  /** The one job of this worker has so many unfinished chunks, other workers' included. */
  jobSeen?(remaining: number): void;
  /** Something that the worker survives: a heartbeat that failed, a database that does not answer. */
  warning?(message: string): void;
}
