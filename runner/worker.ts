import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

import type { Engine, Session } from '../engine/index.js';
import { ProcedureError, UsageError } from '../engine/index.js';
import { trabajo } from '../procedures/generated/index.js';
import { checkConnections } from './connections.js';
import { Claims } from './lanes/claims.js';
import { Completions } from './lanes/completions.js';
import type { WorkerEvents } from './lanes/events.js';
import type { Chunk, Handler, Outcome } from './lanes/handler.js';
import type { HeldChunk } from './lanes/held-chunk.js';
import { Heartbeat } from './lanes/heartbeat.js';
import { giveBack, runChunk } from './lanes/lane.js';
import type { LaneContext } from './lanes/lane.js';
import { messageOf } from './lanes/retryable.js';
import type { Tracer } from './trace/tracer.js';

export interface WorkerOptions {
  readonly engine: Engine;
  readonly handlers: readonly Handler[];
  readonly lanes: number;
  /** Whole seconds, at least 1: how long a worker may be silent before others take its chunks. */
  readonly leaseSeconds: number;
  /** Past it a chunk's statement is cancelled and its attempt fails. */
  readonly maxRunTimeMs: number;
  /** Only this job; the worker leaves when it has ended, whoever ended it. */
  readonly job?: bigint | undefined;
  /** Without `job`: leave after so long without a chunk, once no job of these kinds is alive. Never when left out. */
  readonly idleExitMs?: number | undefined;
  readonly events?: WorkerEvents | undefined;
  /** Traces what the lanes do; ended, with all of it written, before `run` resolves. */
  readonly tracer?: Tracer | undefined;
}

/** A chunk in a lane; times by `performance.now()`. */
export interface RunningChunk {
  readonly id: bigint;
  readonly resource: string | null;
  readonly attempt: number;
  readonly step: string | undefined;
  readonly since: number;
  readonly stepSince: number;
  /** Its statement is being cancelled. */
  readonly stopping: boolean;
}

/** How long the leases of a worker that is stopped at once may take to be given back. */
const farewellMs = 2000;

/**
 * Lanes, a heartbeat and one claimer over the handlers' kinds of work: claim → run the chunk's procedures → complete,
 * until stopped, or until there is nothing left to wait for.
 */
export class Worker {
  /** What the leases show as their holder: host, process and a random part. */
  readonly holder = `${hostname()}:${process.pid}:${randomBytes(3).toString('hex')}`;
  readonly #options: WorkerOptions;
  readonly #held = new Set<HeldChunk>();
  readonly #handlers: ReadonlyMap<string, Handler>;
  readonly #events: WorkerEvents;
  readonly #claims: Claims;
  readonly #completions: Completions;
  #stopping = false;
  #abandon: (() => void) | undefined;
  #farewell: NodeJS.Timeout | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
    const { engine, leaseSeconds, job, tracer } = options;
    const events = options.events ?? {};
    this.#events = tracer?.events(events) ?? events;
    this.#handlers = new Map(
      options.handlers.map((handler) => [handler.kind, tracer?.handler(handler, this.holder) ?? handler]),
    );
    const { holder } = this;
    const lease = { session: engine, holder, kinds: [...this.#handlers.keys()], leaseSeconds, job };
    this.#completions = new Completions({ ...lease, lanes: options.lanes });
    this.#claims = new Claims({
      ...lease,
      events: this.#events,
      sweep: () => this.#sweep(engine),
      done: (idleMs) => this.#doneQuestion(idleMs),
      unwanted: (chunk) =>
        giveBack(chunk, { session: engine, events: this.#events }, 'given-back', 'the worker is stopping'),
    });
  }

  /**
   * Runs until stopped or done. Rejects when the database stays away, or a handler is broken.
   * @throws UsageError when the server's limit of connections is below what these lanes need
   */
  async run(): Promise<void> {
    const { engine, lanes, leaseSeconds } = this.#options;
    const heartbeat = new Heartbeat({
      engine,
      holder: this.holder,
      leaseSeconds,
      held: this.#held,
      events: this.#events,
      sweep: (session) => this.#sweep(session),
    });
    const abandoned = new Promise<void>((resolve) => {
      this.#abandon = resolve;
    });
    const work = this.#work(lanes);
    try {
      await Promise.race([work, abandoned]);
    } finally {
      work.catch(() => undefined);
      const { tracer } = this.#options;
      await Promise.race([Promise.all([heartbeat.stop(), tracer?.close()]), abandoned]);
      tracer?.abandon();
      clearTimeout(this.#farewell);
    }
  }

  /** No new claim; what runs is finished up to its next boundary, and the leases go back. */
  stop(): void {
    this.#stopping = true;
    this.#claims.stop();
  }

  /** Cancels what runs and gives the leases back; `run` resolves within two seconds. */
  stopNow(): void {
    this.stop();
    for (const held of this.#held) held.stop('interrupted', 'interrupted');
    this.#farewell ??= setTimeout(() => this.#abandon?.(), farewellMs);
  }

  /** Chunks in lanes at this moment, for progress: what they are about, the part they are in, and since when. */
  running(): RunningChunk[] {
    return [...this.#held].map(({ chunk, step, since, stepSince, signal }) => ({
      id: chunk.idChunk,
      resource: chunk.recurso,
      attempt: chunk.intento,
      step,
      since,
      stepSince,
      stopping: signal.aborted,
    }));
  }

  async #work(lanes: number): Promise<void> {
    await this.#checkConnections(lanes);
    const all = [this.#claims.run(), ...Array.from({ length: lanes }, () => this.#lane())];
    try {
      await Promise.all(all);
    } catch (error) {
      // one broken lane ends the worker, but not the chunks of the others in mid-air
      this.stop();
      await Promise.allSettled(all);
      throw error;
    }
  }

  async #checkConnections(lanes: number): Promise<void> {
    try {
      const warning = await checkConnections(this.#options.engine, lanes);
      if (warning !== undefined) this.#events.warning?.(warning);
    } catch (error) {
      if (error instanceof UsageError) throw error;
      // the claimer waits for a database that does not answer; this is no reason to leave
      this.#events.warning?.(`the limit of connections is not known: ${messageOf(error)}`);
    }
  }

  async #lane(): Promise<void> {
    const context: LaneContext = {
      session: this.#options.engine,
      handlers: this.#handlers,
      events: this.#events,
      maxRunTimeMs: this.#options.maxRunTimeMs,
      held: this.#held,
      stopping: () => this.#stopping,
      complete: (chunk, resultado) => this.#complete(chunk, resultado),
    };
    for (let chunk = await this.#claims.next(); chunk !== undefined; chunk = await this.#claims.next()) {
      const { idChunk } = chunk;
      for (const older of this.#held) {
        // our own lease ran out and we claimed it again: the older attempt is refused from now on
        if (older.chunk.idChunk === idChunk) older.stop('lease-lost', 'the lease expired');
      }
      try {
        const finalized = await runChunk(chunk, context);
        // a worker of one job need not wait for its next idle poll to see that it is over
        const { job } = this.#options;
        if (finalized && job !== undefined && (await this.#seesTheEnd(job))) this.#claims.stop();
      } finally {
        this.#claims.ended();
      }
    }
  }

  /** Completes a chunk and, in the same transaction, claims the next one for the lane that held it. */
  async #complete({ idChunk, token }: Chunk, resultado: string | null): Promise<Outcome> {
    const claim = this.#stopping ? 0 : 1;
    const { told, claimed } = await this.#completions.turn([{ idChunk, token, resultado }], claim);
    for (const next of claimed) await this.#claims.offer(next);
    const word = told.get(idChunk);
    if (word === 'LOST')
      throw new ProcedureError(`chunk ${idChunk} is no longer held under token ${token}`, {
        code: 'LEASE_LOST',
        number: 50410,
        procedure: 'trabajo.sp_Completar_Chunks',
      });
    const state = word === 'CANCELLED' ? 'CANCELADO' : 'COMPLETADO';
    return { kind: 'completed', state, remaining: word === undefined ? 1 : 0 };
  }

  /** Finalizes the jobs whose chunks have all ended while nobody looked: two last completers at once, a crash between. */
  async #sweep(session: Session): Promise<void> {
    const jobs = await trabajo.trabajosPorFinalizar(
      session,
      { tipos: [...this.#handlers.keys()].map((tipo) => ({ tipo })) },
      { idempotent: true },
    );
    for (const job of jobs) {
      try {
        await this.#handlers.get(job.tipo)?.finalize(job, session);
      } catch (error) {
        this.#events.warning?.(`job ${job.idTrabajo} is not finalized yet: ${messageOf(error)}`);
      }
    }
  }

  /** For a lane: what goes wrong here is left to the idle poll. */
  async #seesTheEnd(job: bigint): Promise<boolean> {
    try {
      return await this.#hasEnded(job);
    } catch {
      return false;
    }
  }

  /** How to ask whether to leave after so long without a chunk; undefined while there is no reason to. */
  #doneQuestion(idleMs: number): (() => Promise<boolean>) | undefined {
    const { job, idleExitMs } = this.#options;
    if (job !== undefined) return () => this.#hasEnded(job);
    return idleExitMs === undefined || idleMs < idleExitMs ? undefined : () => this.#noneAlive();
  }

  async #hasEnded(job: bigint): Promise<boolean> {
    const seen = await trabajo.estadoTrabajo(this.#options.engine, { idTrabajo: job }, { idempotent: true });
    this.#events.jobSeen?.(seen.pendientes + seen.enProgreso);
    return seen.fechaFin !== null;
  }

  async #noneAlive(): Promise<boolean> {
    const { vivos } = await trabajo.trabajosVivos(
      this.#options.engine,
      { tipos: [...this.#handlers.keys()].map((tipo) => ({ tipo })) },
      { idempotent: true },
    );
    return vivos === 0;
  }
}
