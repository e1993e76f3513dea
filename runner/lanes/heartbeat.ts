import type { Engine, Session } from '../../engine/index.js';
import { trabajo } from '../../procedures/generated/index.js';
import type { WorkerEvents } from './events.js';
import type { HeldChunk } from './held-chunk.js';
import { messageOf } from './retryable.js';

export interface HeartbeatOptions {
  readonly engine: Engine;
  readonly holder: string;
  readonly leaseSeconds: number;
  readonly held: ReadonlySet<HeldChunk>;
  readonly events: WorkerEvents;
  /** What else is to be done at each tick while chunks are held. */
  readonly sweep: (session: Session) => Promise<void>;
}

/** Renews all of a worker's leases in one call at a third of the lease, on a connection of its own, until stopped. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #stopped = false;
  #wake: (() => void) | undefined;
  readonly #ended: Promise<void>;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#ended = this.#keepConnected();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake?.();
    await this.#ended;
  }

  /** A lost connection is replaced by the next tick: leases outlive two ticks that fail. */
  async #keepConnected(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#options.engine.connection(async (session) => {
          while (await this.#nextTick()) await this.#tick(session);
        });
      } catch (error) {
        this.#options.events.warning?.(`heartbeat: ${messageOf(error)}`);
        // a second, not a third of the lease: the lease is running out meanwhile
        await this.#sleep(Math.min(1000, this.#intervalMs()));
      }
    }
  }

  /** False once stopped. */
  async #nextTick(): Promise<boolean> {
    await this.#sleep(this.#intervalMs());
    return !this.#stopped;
  }

  async #tick(session: Session): Promise<void> {
    const { held, holder, leaseSeconds } = this.#options;
    const alive = [...held].filter((one) => !one.abandoned);
    if (alive.length === 0) return;
    const rows = await trabajo.renovarChunks(
      session,
      {
        poseedor: holder,
        arriendoS: leaseSeconds,
        chunks: alive.map(({ chunk }) => ({ idChunk: chunk.idChunk, token: chunk.token })),
      },
      { idempotent: true, timeoutMs: leaseSeconds * 1000 },
    );
    const byId = new Map(alive.map((one) => [one.chunk.idChunk, one]));
    for (const row of rows) {
      const one = byId.get(row.idChunk);
      // its completion is under way: a chunk that just ended also reads as lost
      if (one === undefined || one.closing) continue;
      if (row.situacion === 'PERDIDO')
        one.stop('lease-lost', 'the lease expired and another worker took over');
      if (row.situacion === 'CANCELADO') one.stop('cancelled', 'the job was cancelled');
    }
    await this.#options.sweep(session);
  }

  #intervalMs(): number {
    return (this.#options.leaseSeconds * 1000) / 3;
  }

  async #sleep(ms: number): Promise<void> {
    if (this.#stopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }
}
