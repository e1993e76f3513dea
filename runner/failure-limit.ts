import type { Engine } from '../engine/index.js';
import { trabajo } from '../procedures/generated/index.js';
import { cancelJob } from './cancel-job.js';

export interface FailureLimitOptions {
  readonly engine: Engine;
  readonly job: bigint;
  /** How many funds may have failed, in whatever worker, until the rest is cancelled. */
  readonly most: number;
  readonly onReached: (failed: number) => void;
  readonly onProblem: (error: unknown) => void;
}

/**
 * Cancels a process once too many of its funds have failed: what waits is CANCELADO at once, what runs stops at its next service
 * and keeps those that it has finished, and a retry goes on with all of them.
 */
export class FailureLimit {
  readonly #options: FailureLimitOptions;
  #reached = false;
  #checks: Promise<void> = Promise.resolve();

  constructor(options: FailureLimitOptions) {
    this.#options = options;
  }

  /** A fund has failed for good. */
  failed(): void {
    this.#checks = this.#checks.then(() => this.#check());
  }

  /** Resolves when what was asked for has been done. */
  async settled(): Promise<void> {
    await this.#checks;
  }

  async #check(): Promise<void> {
    const { engine, job: idTrabajo, most, onReached, onProblem } = this.#options;
    if (this.#reached) return;
    try {
      // the database counts, not we: other workers' funds fail as well
      const { fallidos } = await trabajo.estadoTrabajo(engine, { idTrabajo }, { idempotent: true });
      if (fallidos < most) return;
      this.#reached = true;
      onReached(fallidos);
      await cancelJob(engine, idTrabajo);
    } catch (error) {
      this.#reached = false;
      onProblem(error);
    }
  }
}
