import type { Session } from '../../engine/index.js';
import { trabajo } from '../../procedures/generated/index.js';
import type { WorkerEvents } from './events.js';
import type { Chunk } from './handler.js';
import { Pacer } from './pacer.js';
import { messageOf } from './retryable.js';

export interface ClaimOptions {
  readonly session: Session;
  readonly holder: string;
  readonly kinds: readonly string[];
  readonly leaseSeconds: number;
  /** Only this job's chunks. */
  readonly job: bigint | undefined;
  readonly events: WorkerEvents;
  /** Finalizes what nobody has finalized yet. */
  readonly sweep: () => Promise<void>;
  /**
   * After so long without a chunk: how to ask whether the worker has anything left to wait for (true: nothing). Undefined
   * while there is no need to ask.
   */
  readonly done: (idleMs: number) => (() => Promise<boolean>) | undefined;
  /** Takes back a chunk that no lane wants any more, since the worker is stopping. */
  readonly unwanted: (chunk: Chunk) => Promise<void>;
}

/** How long a database that does not answer is waited for before the worker gives up. */
const patienceMs = 60_000;

/**
 * Where a worker's lanes get their chunks: idle lanes line up here, and one call claims for all of them. A busy lane costs
 * nothing, an idle worker at most one query a second.
 */
export class Claims {
  readonly #options: ClaimOptions;
  readonly #pacer: Pacer;
  #waiting: ((chunk: Chunk | undefined) => void)[] = [];
  /** Claimed by a lane's completion, for the lane that comes next. */
  #offered: Chunk[] = [];
  #stopped = false;
  #arrived: (() => void) | undefined;
  #idleSince: number | undefined;
  #busy = 0;
  /** Chunks that have ended, and how many of them the last sweep could see. */
  #endings = 0;
  #swept = -1;
  #failingSince: number | undefined;

  constructor(options: ClaimOptions) {
    this.#options = options;
    // who waits for the end of one job, which another process may bring about, does not ask less and less often
    this.#pacer = options.job === undefined ? new Pacer() : new Pacer(1000, 1000);
  }

  /** The next chunk for a lane; undefined once the worker stops. */
  async next(): Promise<Chunk | undefined> {
    if (this.#stopped) return undefined;
    const offered = this.#offered.shift();
    if (offered !== undefined) return this.#handOut(offered);
    return await new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#arrived?.();
      // a lane that comes back has just ended a chunk, which may have made another one free
      this.#pacer.wake();
    });
  }

  /** A chunk that was claimed elsewhere, for any lane; one that comes when the worker has stopped is given back. */
  async offer(chunk: Chunk): Promise<void> {
    this.#idleSince = undefined;
    const lane = this.#waiting.shift();
    if (lane !== undefined) lane(this.#handOut(chunk));
    else if (this.#stopped) await this.#options.unwanted(chunk);
    else this.#offered.push(chunk);
  }

  /** A chunk that `next` gave out has ended. */
  ended(): void {
    this.#busy -= 1;
    this.#endings += 1;
  }

  /** No further claim; the waiting lanes go home. A claim that is under way is given back. */
  stop(): void {
    this.#stopped = true;
    this.#arrived?.();
    this.#pacer.wake();
    this.#sendHome();
  }

  /** Claims until stopped, or until `done` says that there is nothing left to wait for. Rejects when the database is gone. */
  async run(): Promise<void> {
    try {
      while (!this.#stopped) {
        if (this.#waiting.length === 0) await this.#laneArrives();
        else if (await this.#survives(() => this.#turn())) this.stop();
      }
    } finally {
      this.#stopped = true;
      this.#sendHome();
      for (const chunk of this.#offered.splice(0)) await this.#options.unwanted(chunk);
    }
  }

  /** One claim and, when it found nothing, what an idle worker does, a pause before each query. True: nothing is left. */
  async #turn(): Promise<boolean> {
    if (await this.#claim()) {
      this.#pacer.reset();
      this.#idleSince = undefined;
      return false;
    }
    // an empty claim after work is not idling yet: what has just ended is finalized without a pause
    const idling = this.#swept === this.#endings;
    if (idling && (await this.#pause())) return false;
    if (idling && this.#options.job !== undefined && this.#busy === 0) {
      // another process may have ended the job: there is nothing to sweep then
      if ((await this.#options.done(0)?.()) === true) return true;
      if (await this.#pause()) return false;
    }
    this.#swept = this.#endings;
    await this.#options.sweep();
    // a chunk that ended during the sweep may have come too late for it: sweep again before asking whether all is done
    if (this.#busy === 0 && this.#swept === this.#endings) {
      this.#idleSince ??= performance.now();
      const isDone = this.#options.done(performance.now() - this.#idleSince);
      if (isDone !== undefined) {
        if (idling && (await this.#pause())) return false;
        if (await isDone()) return true;
      }
    }
    await this.#pause();
    return false;
  }

  async #claim(): Promise<boolean> {
    const { session, holder, kinds, leaseSeconds, job } = this.#options;
    this.#pacer.looking();
    const chunks = await trabajo.reclamarChunks(
      session,
      {
        poseedor: holder,
        tipos: kinds.map((tipo) => ({ tipo })),
        maximo: this.#waiting.length,
        arriendoS: leaseSeconds,
        idTrabajo: job ?? null,
      },
      { idempotent: true },
    );
    for (const chunk of chunks) {
      const lane = this.#waiting.shift();
      if (lane === undefined) {
        await this.#options.unwanted(chunk);
        continue;
      }
      lane(this.#handOut(chunk));
    }
    return chunks.length > 0;
  }

  #handOut(chunk: Chunk): Chunk {
    this.#busy += 1;
    this.#options.events.claimed?.(chunk);
    return chunk;
  }

  /** True when a lane came back, or the worker stopped, before the pause was over. */
  async #pause(): Promise<boolean> {
    return this.#stopped || (await this.#pacer.pause());
  }

  async #laneArrives(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#arrived = resolve;
    });
    this.#arrived = undefined;
  }

  /** A database that restarts is waited for, with the idle worker's pauses; one that stays away is not. */
  async #survives(turn: () => Promise<boolean>): Promise<boolean> {
    try {
      const over = await turn();
      this.#failingSince = undefined;
      return over;
    } catch (error) {
      this.#failingSince ??= performance.now();
      if (!isOutage(error) || performance.now() - this.#failingSince > patienceMs) throw error;
      this.#options.events.warning?.(`waiting for the database: ${messageOf(error)}`);
      await this.#pause();
      return false;
    }
  }

  #sendHome(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const lane of waiting) lane(undefined);
  }
}

function isOutage(error: unknown): boolean {
  return (
    error instanceof Error &&
    'retryable' in error &&
    (error.retryable === true || ('code' in error && error.code === 'CONNECTION'))
  );
}
