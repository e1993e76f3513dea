import { ProcedureError } from '../../engine/index.js';
import type { Engine } from '../../engine/index.js';
import { logs, trabajo } from '../../procedures/generated/index.js';
import { logsHandler, logsHandlerWith } from '../handlers/logs.js';
import type { WorkerEvents } from '../lanes/events.js';
import type { StartedReview } from '../logs/review.js';
import { reviewSequentially } from '../logs/sequential.js';
import { Worker } from '../worker.js';
import { interrupted as interruptedCode, onInterrupt } from './interrupt.js';
import type { Output } from './output.js';
import { ReviewProgress } from './review-progress.js';
import { megabyte } from './sizes.js';
import { tracerFor } from './tracing.js';
import { workUntilInterrupted } from './work-until.js';

/** A scanned log, as `carril logs scan --json` prints it. */
export interface FileResult {
  readonly file: string;
  readonly job: bigint | null;
  readonly state: string;
  /** The bytes that were to be scanned. */
  readonly from: number;
  readonly to: number;
  /** All of them when the scan has completed, else those that this process read. */
  readonly bytes: number;
  /** Error blocks that this job found. */
  readonly blocks: number;
  /** As long as this process had its part in the job: until the job's end, if it has ended. */
  readonly seconds: number;
  readonly mb_per_s: number;
  readonly chunks: number;
  /** Whether a line at the log's beginning has a timestamp that is recognised; null when that cannot be said. */
  readonly recognised: boolean | null;
  /** Why it did not end well. */
  readonly error: string | null;
}

export interface ReviewOutcome {
  readonly result: FileResult;
  readonly interrupted: boolean;
}

export interface ReviewOptions {
  readonly lanes: number;
  readonly leaseSeconds: number;
  readonly maxRunTimeMs: number;
  readonly sequential: boolean;
  readonly trace: boolean;
}

/** Works on a review with a bar on the screen until it has ended, or until Ctrl-C. */
export async function runReview(
  engine: Engine,
  started: StartedReview,
  recognised: boolean | null,
  options: ReviewOptions,
  out: Output,
): Promise<ReviewOutcome> {
  const { job, review } = started;
  const size = review.to - review.from;
  const begunAt = Date.now();
  const begun = performance.now();
  const progress = new ReviewProgress(`job ${job}`, size, out);
  const work = options.sequential ? inOneGo : inLanes;
  let [interrupted, ended] = [false, false];
  progress.start(engine, job);
  try {
    interrupted = await work(engine, started, options, progress, out);
    ended = true;
  } finally {
    progress.stop(ended && !interrupted);
  }
  const here = (performance.now() - begun) / 1000;
  const { estado, total, fechaCreacion, fechaFin } = await trabajo.estadoTrabajo(
    engine,
    { idTrabajo: job },
    { idempotent: true },
  );
  // a worker learns late that others have ended its job; where the clocks differ too much, its own time counts
  const since = Math.max(begunAt, fechaCreacion.getTime());
  const worked = fechaFin === null ? here : (fechaFin.getTime() - since) / 1000;
  const seconds = worked > 0 && worked < here ? worked : here;
  const completed = estado === 'COMPLETADO';
  const bytes = completed ? size : Math.min(size, progress.bytesRead);
  const { bloques, ultimoError } = await logs.resumenRevision(
    engine,
    { idTrabajo: job },
    { idempotent: true },
  );
  return {
    result: {
      file: review.path,
      job,
      state: estado,
      from: review.from,
      to: review.to,
      bytes,
      blocks: bloques,
      seconds: rounded(seconds, 3),
      mb_per_s: rounded(bytes / megabyte / seconds, 1),
      chunks: total,
      recognised,
      error: completed ? null : ultimoError,
    },
    interrupted,
  };
}

/** Any number of lanes, here and in other processes. */
async function inLanes(
  engine: Engine,
  { job }: StartedReview,
  options: ReviewOptions,
  progress: ReviewProgress,
  out: Output,
): Promise<boolean> {
  const handler = logsHandlerWith({
    read: (bytes) => {
      progress.read(bytes);
    },
  });
  const { lanes, leaseSeconds, maxRunTimeMs } = options;
  const tracer = tracerFor(options.trace, engine, out);
  const events = reviewEvents(progress, out);
  const worker = new Worker({
    engine,
    handlers: [handler],
    lanes,
    leaseSeconds,
    maxRunTimeMs,
    job,
    events,
    tracer,
  });
  return await workUntilInterrupted(worker, out, 'chunks');
}

/** The fallback. Interrupted it ends its job: nobody else could go on with it. */
async function inOneGo(
  engine: Engine,
  started: StartedReview,
  _options: ReviewOptions,
  progress: ReviewProgress,
  out: Output,
): Promise<boolean> {
  const { job } = started;
  const abort = new AbortController();
  const release = onInterrupt((times) => {
    if (times > 1) process.exit(interruptedCode);
    out.warn('stopping');
    abort.abort(new Error('interrupted'));
  });
  try {
    await reviewSequentially(engine, started, {
      signal: abort.signal,
      read: (bytes) => {
        progress.read(bytes);
      },
    });
  } catch (error) {
    if (!(error instanceof ProcedureError) || error.code !== 'WRONG_STATE') throw error;
    const { estado, fechaFin } = await trabajo.estadoTrabajo(
      engine,
      { idTrabajo: job },
      { idempotent: true },
    );
    if (fechaFin === null) throw error;
    out.note(
      estado === 'COMPLETADO'
        ? `job ${job} was completed by another scan meanwhile`
        : `job ${job} was ended elsewhere meanwhile`,
    );
  } finally {
    release();
  }
  return abort.signal.aborted;
}

function reviewEvents(progress: ReviewProgress, out: Output): WorkerEvents {
  return {
    failed(chunk, message, retryAt) {
      const next = retryAt === null ? 'no further attempt' : `next attempt at ${retryAt.toISOString()}`;
      progress.line(`${logsHandler.nameOf(chunk)} failed (${next}): ${message}`);
    },
    split(chunk, _into, message) {
      progress.line(`${logsHandler.nameOf(chunk)} halved: ${message}`);
    },
    dropped(chunk, why, message) {
      progress.line(`${logsHandler.nameOf(chunk)} ${why}: ${message}`);
    },
    warning(message) {
      out.warn(message);
    },
  };
}

function rounded(value: number, digits: number): number {
  return Number.isFinite(value) ? Number(value.toFixed(digits)) : 0;
}
