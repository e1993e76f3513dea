import type { Engine } from '../../engine/index.js';
import { logs } from '../../procedures/generated/index.js';
import { FailureLimit } from '../failure-limit.js';
import { isExtraction } from '../handlers/legacy-funds.js';
import type { WorkerEvents } from '../lanes/events.js';
import { messageOf } from '../lanes/retryable.js';
import { processWorker } from '../process.js';
import type { FundsProcess } from '../process.js';
import { readResults } from '../results.js';
import type { ProcessResults } from '../results.js';
import { interrupted as interruptedCode } from './interrupt.js';
import { LaneTable } from './lane-table.js';
import type { Output } from './output.js';
import type { Progress } from './progress.js';
import { printResults } from './results-view.js';
import { tracerFor } from './tracing.js';
import { workUntilInterrupted } from './work-until.js';

export interface ProcessOutcome {
  readonly interrupted: boolean;
  readonly results: ProcessResults;
  readonly seconds: number;
}

export interface RunOptions {
  readonly lanes: number;
  readonly leaseSeconds?: number;
  readonly maxRunTimeMs?: number;
  readonly title?: string;
  /** Record what each lane does. */
  readonly trace?: boolean;
  /** Show the lanes: a table on a terminal, elsewhere a line for each service that begins. */
  readonly watch?: boolean;
  /** Cancel the rest once so many funds have failed. */
  readonly maxFailures?: number | undefined;
}

/** Works on a process with a bar or its lanes on the screen until it has ended, or until Ctrl-C. */
export async function runProcess(
  engine: Engine,
  process: FundsProcess,
  options: RunOptions,
  out: Output,
): Promise<ProcessOutcome> {
  const begun = performance.now();
  const title = options.title ?? `process ${process.id}`;
  const board = options.watch === true ? out.board() : undefined;
  const table = board === undefined ? undefined : new LaneTable(title, process.funds, board, out);
  const progress = table ?? out.progress(title, process.funds);
  const limit = limitOf(engine, process, options.maxFailures, out);
  const events = processEvents(process, progress, out);
  const worker = processWorker(engine, process, {
    ...options,
    tracer: tracerFor(options.trace ?? false, engine, out),
    events: {
      ...events,
      ...(options.watch === true && table === undefined ? stepLines(progress) : {}),
      failed(chunk, message, retryAt, remaining) {
        events.failed?.(chunk, message, retryAt, remaining);
        if (retryAt === null) limit?.failed();
      },
    },
  });
  table?.follow({ engine, worker, job: process.job, lanes: Math.min(options.lanes, process.funds) });
  let interrupted: boolean;
  try {
    interrupted = await workUntilInterrupted(worker, out);
  } finally {
    progress.stop();
    await limit?.settled();
  }
  const seconds = (performance.now() - begun) / 1000;
  return { interrupted, results: await readResults(engine, process.id), seconds };
}

/** A process as `--json` prints it. */
export function resultsDocument({ results, seconds }: ProcessOutcome): Record<string, unknown> {
  return { ...results, seconds: seconds.toFixed(2) };
}

/** Says how a process ended, or how to go on with it, and gives the exit code. */
export async function sayOutcome(
  engine: Engine,
  process: FundsProcess,
  outcome: ProcessOutcome,
  out: Output,
): Promise<number> {
  const { results } = outcome;
  printResults(results, out);
  if (outcome.interrupted) {
    out.note(`interrupted; go on with: carril run --resume ${process.id}`);
    return interruptedCode;
  }
  const { state } = results.process;
  out.print(`process ${process.id} of ${process.date}: ${state} in ${outcome.seconds.toFixed(2)} s`);
  warnOfEmptyFunds(results, out);
  if (state === 'COMPLETADO') return 0;
  await explainFailures(engine, process.id, out);
  out.note(`when the cause is gone: carril retry ${process.id}`);
  return 1;
}

/** A fund without positions completes with nothing in it, which is right, and seldom what was meant. */
function warnOfEmptyFunds({ date, funds }: ProcessResults, out: Output): void {
  const empty = funds
    .filter(({ state, lines }) => state === 'COMPLETADO' && lines === 0)
    .map(({ fund }) => fund);
  if (empty.length > 0)
    out.warn(
      `no positions of ${date} in homol.IPA for ${empty.join(', ')}: were its files loaded (carril load)?`,
    );
}

function limitOf(
  engine: Engine,
  process: FundsProcess,
  most: number | undefined,
  out: Output,
): FailureLimit | undefined {
  if (most === undefined) return undefined;
  return new FailureLimit({
    engine,
    job: process.job,
    most,
    onReached: (failed) => {
      out.warn(
        `${failed} fund${failed === 1 ? ' has' : 's have'} failed (--max-failures ${most}): the rest is cancelled`,
      );
    },
    onProblem: (error) => {
      out.warn(`--max-failures could not be checked: ${messageOf(error)}`);
    },
  });
}

/** In a pipe, what a table would show. */
function stepLines(progress: Progress): WorkerEvents {
  return {
    claimed(chunk) {
      progress.line(
        `${chunk.recurso ?? chunk.idChunk} claimed, attempt ${chunk.intento} of ${chunk.maxIntentos}`,
      );
    },
    step(chunk, name) {
      progress.line(`${chunk.recurso ?? chunk.idChunk} ${name}`);
    },
  };
}

/** Says on stderr why funds have failed. */
export async function explainFailures(engine: Engine, process: bigint, out: Output): Promise<void> {
  const executions = await logs.estadoEjecuciones(engine, { idProceso: process }, { idempotent: true });
  for (const { fundShortName, idEjecucion, estado, mensajeError } of executions) {
    if (mensajeError === null || estado === 'COMPLETADO') continue;
    out.warn(`${fundShortName ?? idEjecucion}: ${estado}: ${mensajeError}`);
  }
}

function processEvents(
  { funds: total, architecture }: FundsProcess,
  progress: Progress,
  out: Output,
): WorkerEvents {
  let done = 0;
  // until then a legacy run has one chunk, the extraction: what remains of its funds cannot be seen
  let opened = architecture !== 'LEGADO';
  const reached = (count: number, label?: string) => {
    // one that was seen as ended in the database may be reported here a moment later
    done = Math.min(total, Math.max(done, count));
    progress.update(done, label);
  };
  return {
    completed(chunk, state) {
      if (isExtraction(chunk)) {
        opened = true;
        progress.line(`${chunk.recurso ?? chunk.idChunk} ${state}`);
        return;
      }
      opened = true;
      reached(done + 1, `${chunk.recurso ?? chunk.idChunk} ${state}`);
    },
    failed(chunk, message, retryAt) {
      const next = retryAt === null ? 'no further attempt' : `next attempt at ${retryAt.toISOString()}`;
      progress.line(`${chunk.recurso ?? chunk.idChunk} failed (${next}): ${message}`);
      if (retryAt === null && !isExtraction(chunk))
        reached(done + 1, `${chunk.recurso ?? chunk.idChunk} ERROR`);
    },
    dropped(chunk, why, message) {
      progress.line(`${chunk.recurso ?? chunk.idChunk} ${why}: ${message}`);
    },
    // funds that other workers have ended are seen here
    jobSeen(remaining) {
      opened ||= remaining > 1;
      if (opened) reached(total - remaining);
    },
    warning(message) {
      out.warn(message);
    },
  };
}
