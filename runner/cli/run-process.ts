import type { Engine } from '../../engine/index.js';
import { logs } from '../../procedures/generated/index.js';
import { isExtraction } from '../handlers/legacy-funds.js';
import type { WorkerEvents } from '../lanes/events.js';
import { processWorker } from '../process.js';
import type { FundsProcess } from '../process.js';
import { readResults } from '../results.js';
import type { ProcessResults } from '../results.js';
import type { Output } from './output.js';
import type { Progress } from './progress.js';
import { workUntilInterrupted } from './work-until.js';

export interface ProcessOutcome {
  readonly interrupted: boolean;
  readonly results: ProcessResults;
  readonly seconds: number;
}

/** Works on a process with a bar on the screen until it has ended, or until Ctrl-C. */
export async function runProcess(
  engine: Engine,
  process: FundsProcess,
  options: { lanes: number; leaseSeconds?: number; maxRunTimeMs?: number; title?: string },
  out: Output,
): Promise<ProcessOutcome> {
  const begun = performance.now();
  const progress = out.progress(options.title ?? `process ${process.id}`, process.funds);
  const worker = processWorker(engine, process, {
    ...options,
    events: processEvents(process, progress, out),
  });
  let interrupted: boolean;
  try {
    interrupted = await workUntilInterrupted(worker, out);
  } finally {
    progress.stop();
  }
  const seconds = (performance.now() - begun) / 1000;
  return { interrupted, results: await readResults(engine, process.id), seconds };
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
