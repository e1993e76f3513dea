import type { Engine } from '../../engine/index.js';
import { trabajo } from '../../procedures/generated/index.js';
import type { WorkerEvents } from '../lanes/events.js';
import type { Worker } from '../worker.js';
import type { Output } from './output.js';
import { spanOf } from './spans.js';

/** A job's counts, as `trabajo.estadoTrabajo` gives them. */
export interface JobCounts {
  readonly total: number;
  readonly pendientes: number;
  readonly enProgreso: number;
  readonly fechaFin: Date | null;
  /** Seconds until it has ended, as far as its last completions tell. */
  readonly faltanS: number | null;
}

interface Tallied {
  total: number;
  done: number;
  ended: boolean;
  /** When it will have ended, on our clock. */
  endsAt: number | undefined;
}

/** How often the database is asked for the counts of one of the jobs. */
const askEveryMs = 1000;

/**
 * How far the jobs are that a worker has met. A completed chunk tells only whether it was the last; how many are left, other
 * workers' included, the database says, one job at a time.
 */
export class JobTally {
  /** In the order in which they are asked for. */
  readonly #jobs = new Map<bigint, Tallied>();

  /** A chunk of the job was claimed. */
  met(job: bigint): void {
    // one chunk at least, until the database has been asked
    if (!this.#jobs.has(job)) this.#jobs.set(job, { total: 1, done: 0, ended: false, endsAt: undefined });
  }

  /** A chunk ended in this worker: counted at once, and put right by the next answer. */
  ended(job: bigint): void {
    this.met(job);
    const tallied = this.#jobs.get(job);
    if (tallied === undefined) return;
    tallied.done += 1;
    tallied.total = Math.max(tallied.total, tallied.done);
  }

  /** A chunk was split: where one was there are two now. */
  split(job: bigint): void {
    this.met(job);
    const tallied = this.#jobs.get(job);
    if (tallied !== undefined) tallied.total += 1;
  }

  /** The job to ask for next: of those that have not ended, the one asked for longest ago. */
  next(): bigint | undefined {
    for (const [job, { ended }] of this.#jobs) if (!ended) return job;
    return undefined;
  }

  /** What the database said. */
  seen(
    job: bigint,
    { total, pendientes, enProgreso, fechaFin, faltanS }: JobCounts,
    now: number = Date.now(),
  ): void {
    // to the end of the line
    this.#jobs.delete(job);
    this.#jobs.set(job, {
      total,
      done: total - pendientes - enProgreso,
      ended: fechaFin !== null,
      endsAt: faltanS === null ? undefined : now + faltanS * 1000,
    });
  }

  /** Seconds until the last of the jobs has ended, where that is known of each. */
  eta(now: number = Date.now()): number | undefined {
    const ends = [...this.#jobs.values()].filter(({ ended }) => !ended).map(({ endsAt }) => endsAt);
    const known = ends.filter((end) => end !== undefined);
    if (known.length === 0 || known.length < ends.length) return undefined;
    return Math.max(0, Math.round((Math.max(...known) - now) / 1000));
  }

  /** Over all jobs met so far. */
  sum(): { done: number; total: number } {
    let [done, total] = [0, 0];
    for (const job of this.#jobs.values()) {
      done += job.done;
      total += job.total;
    }
    return { done, total };
  }
}

/** `events`, with every chunk counted. */
export function tallied(events: WorkerEvents, tally: JobTally): WorkerEvents {
  return {
    ...events,
    claimed(chunk) {
      tally.met(chunk.idTrabajo);
      events.claimed?.(chunk);
    },
    completed(chunk, state, remaining) {
      tally.ended(chunk.idTrabajo);
      events.completed?.(chunk, state, remaining);
    },
    split(chunk, into, message, remaining) {
      tally.split(chunk.idTrabajo);
      events.split?.(chunk, into, message, remaining);
    },
    failed(chunk, message, retryAt, remaining) {
      if (retryAt === null) tally.ended(chunk.idTrabajo);
      events.failed?.(chunk, message, retryAt, remaining);
    },
  };
}

/** One bar over all jobs that the worker has met, until `stop`. */
export function drawTally(engine: Engine, worker: Worker, tally: JobTally, out: Output): { stop(): void } {
  const bar = out.progress('work', 0);
  const draw = () => {
    const { done, total } = tally.sum();
    const running = worker.running().map(({ resource }) => resource ?? 'a chunk');
    const eta = tally.eta();
    const left = eta === undefined ? '' : `${spanOf(eta)} left: `;
    bar.update(done, running.length === 0 ? 'waiting for work' : `${left}${running.join(', ')}`, total);
  };
  let asking = false;
  const ask = async () => {
    const job = tally.next();
    if (asking || job === undefined) return;
    asking = true;
    try {
      tally.seen(job, await trabajo.estadoTrabajo(engine, { idTrabajo: job }, { idempotent: true }));
    } catch {
      // the bar stands still; whether the database answers is the worker's to say
    } finally {
      asking = false;
    }
  };
  draw();
  const drawing = setInterval(draw, 200);
  const askingAgain = setInterval(() => void ask(), askEveryMs);
  return {
    stop() {
      clearInterval(drawing);
      clearInterval(askingAgain);
      draw();
      bar.stop();
    },
  };
}
