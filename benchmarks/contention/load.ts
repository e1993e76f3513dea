import { connect, ProcedureError } from '../../engine/index.js';
import type { ConnectionTarget } from '../../engine/index.js';
import { connectionsOf } from '../../runner/connections.js';
import { processWorker, startProcess } from '../../runner/process.js';
import type { Architecture } from '../../runner/process.js';
import { readResults } from '../../runner/results.js';
import { measured, round } from '../measured-engine.js';
import { CallBook } from './call-book.js';
import { LaneBook } from './lane-book.js';
import type { Called, FundLane } from './model.js';
import { toldDeadlock } from './postgres-deadlock.js';
import type { ToldDeadlock } from './postgres-deadlock.js';

/** Application name of the lanes' sessions. */
export const loadName = 'carril bench load';

/** What one run of a date's funds was for the client. */
export interface LoadRun {
  readonly state: string;
  readonly makespan_ms: number;
  readonly retries: number;
  readonly lost_to_retries_ms: number;
  readonly errors: Readonly<Record<string, number>>;
  readonly timeouts: number;
  readonly client_cpu_ms: number;
  readonly procedures: Readonly<Record<string, Called>>;
  readonly services: Readonly<Record<string, Called>>;
}

/** What is measured beside, for whoever puts it together with what the probe saw. */
export interface LoadNotes {
  readonly deadlocks: readonly ToldDeadlock[];
  readonly drawn: readonly FundLane[];
  /** The service that a chunk was in at a moment, by `performance.now()`. */
  readonly serviceAt: (chunk: string, at: number) => string | undefined;
}

/** Runs the product's own lanes over a date, with connections of its own, and measures what they see. */
export async function runLoad(
  target: ConnectionTarget,
  options: { readonly date: string; readonly lanes: number; readonly architecture: Architecture },
): Promise<{ readonly run: LoadRun; readonly notes: LoadNotes }> {
  const since = performance.now();
  const [procedures, services, lanes] = [new CallBook(), new CallBook(), new LaneBook(since)];
  const errors: Record<string, number> = {};
  const deadlocks: ToldDeadlock[] = [];
  let [retries, lost, timeouts] = [0, 0, 0];
  const failed = (error: unknown) => {
    const name = nameOf(error);
    errors[name] = (errors[name] ?? 0) + 1;
    if (error instanceof ProcedureError && error.code === 'TIMEOUT') timeouts += 1;
    const told = toldDeadlock(error);
    if (told !== undefined) deadlocks.push(told);
  };
  const engine = await connect(target, {
    poolMax: connectionsOf(options.lanes),
    appName: loadName,
    onRetry: ({ error, procedure, lostMs, delayMs }) => {
      retries += 1;
      lost += lostMs + delayMs;
      if (procedure !== undefined) procedures.retried(procedure);
      failed(error);
    },
  });
  try {
    const process_ = await startProcess(engine, options.date, [], options.architecture);
    const watched = measured(
      engine,
      ({ procedure, ms, service }) => {
        procedures.called(procedure, ms);
        if (service !== undefined) services.called(service, ms);
      },
      failed,
    );
    const cpu = process.cpuUsage();
    const begun = performance.now();
    await processWorker(watched, process_, {
      lanes: options.lanes,
      events: {
        claimed: (chunk) => {
          lanes.claimed(chunk);
        },
        step: (chunk, service) => {
          lanes.step(chunk, service);
        },
        completed: (chunk) => {
          lanes.ended(chunk, false);
        },
        failed: (chunk, _message, retryAt) => {
          const { service, ms } = lanes.ended(chunk, true);
          lost += ms;
          if (retryAt === null) return;
          retries += 1;
          if (service !== undefined) services.retried(service);
        },
        dropped: (chunk) => {
          lanes.ended(chunk, true);
        },
      },
    }).run();
    const makespan = performance.now() - begun;
    const { user, system } = process.cpuUsage(cpu);
    const results = await readResults(engine, process_.id);
    const run: LoadRun = {
      state: results.process.state,
      makespan_ms: round(makespan),
      retries,
      lost_to_retries_ms: round(lost),
      errors,
      timeouts,
      client_cpu_ms: Math.round((user + system) / 1000),
      procedures: procedures.summed(),
      services: services.summed(),
    };
    return {
      run,
      notes: { deadlocks, drawn: lanes.drawn(), serviceAt: (chunk, at) => lanes.serviceAt(chunk, at) },
    };
  } finally {
    await engine.close();
  }
}

function nameOf(error: unknown): string {
  if (!(error instanceof ProcedureError)) return 'client';
  return error.sqlState ?? (error.number === 0 ? error.code : String(error.number));
}
