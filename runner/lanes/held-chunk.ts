import type { Chunk } from './handler.js';

/** Why a running chunk's statement is cancelled. */
export type StopCause = 'lease-lost' | 'cancelled' | 'timed-out' | 'interrupted';

/** The reason of an aborted chunk's signal. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  readonly stopCause: StopCause;

  constructor(stopCause: StopCause, message: string) {
    super(message);
    this.stopCause = stopCause;
  }
}

/** A chunk in a lane: its lease, its signal and how far it is. */
export class HeldChunk {
  readonly chunk: Chunk;
  /** When it was claimed and when its part began, by `performance.now()`. */
  readonly since = performance.now();
  stepSince = this.since;
  step: string | undefined;
  /** The last call is under way, and only the database knows whether it came in time. */
  closing = false;
  /** Past its maximum run time or cancelled for good: the heartbeat leaves it alone. */
  abandoned = false;
  readonly #controller = new AbortController();

  constructor(chunk: Chunk) {
    this.chunk = chunk;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The part of that name begins. */
  begin(step: string): void {
    this.step = step;
    this.stepSince = performance.now();
  }

  stop(cause: StopCause, message: string): void {
    if (this.signal.aborted) return;
    this.abandoned = true;
    this.#controller.abort(new Stopped(cause, message));
  }
}
