import { connect, ProcedureError } from '../../engine/index.js';
import type { ConnectionTarget } from '../../engine/index.js';
import { connectionsOf } from '../../runner/connections.js';
import { processWorker, startProcess } from '../../runner/process.js';
import type { Architecture } from '../../runner/process.js';
import { readResults } from '../../runner/results.js';
import { measured, round, timingsOf } from '../measured-engine.js';
import type { Timings } from '../measured-engine.js';

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
  readonly procedures: Readonly<Record<string, Timings>>;
  readonly services: Readonly<Record<string, Timings>>;
}

/** Runs the product's own lanes over a date, with connections of its own, and measures what they see. */
export async function runLoad(
  target: ConnectionTarget,
  options: { readonly date: string; readonly lanes: number; readonly architecture: Architecture },
): Promise<LoadRun> {
  const calls = new Map<string, number[]>();
  const services = new Map<string, number[]>();
  const errors: Record<string, number> = {};
  let [retries, lost, timeouts] = [0, 0, 0];
  const failed = (error: unknown) => {
    const name = nameOf(error);
    errors[name] = (errors[name] ?? 0) + 1;
    if (error instanceof ProcedureError && error.code === 'TIMEOUT') timeouts += 1;
  };
  const begunAt = new Map<bigint, number>();
  const engine = await connect(target, {
    poolMax: connectionsOf(options.lanes),
    appName: loadName,
    onRetry: ({ error }) => {
      retries += 1;
      failed(error);
    },
  });
  try {
    const process_ = await startProcess(engine, options.date, [], options.architecture);
    const watched = measured(
      engine,
      ({ procedure, ms, service }) => {
        push(calls, procedure, ms);
        if (service !== undefined) push(services, service, ms);
      },
      failed,
    );
    const cpu = process.cpuUsage();
    const begun = performance.now();
    await processWorker(watched, process_, {
      lanes: options.lanes,
      events: {
        claimed: ({ idChunk }) => {
          begunAt.set(idChunk, performance.now());
        },
        failed: ({ idChunk }, _message, retryAt) => {
          if (retryAt !== null) retries += 1;
          lost += performance.now() - (begunAt.get(idChunk) ?? performance.now());
        },
      },
    }).run();
    const makespan = performance.now() - begun;
    const { user, system } = process.cpuUsage(cpu);
    const results = await readResults(engine, process_.id);
    return {
      state: results.process.state,
      makespan_ms: round(makespan),
      retries,
      lost_to_retries_ms: round(lost),
      errors,
      timeouts,
      client_cpu_ms: Math.round((user + system) / 1000),
      procedures: summed(calls),
      services: summed(services),
    };
  } finally {
    await engine.close();
  }
}

function nameOf(error: unknown): string {
  if (!(error instanceof ProcedureError)) return 'client';
  return error.sqlState ?? (error.number === 0 ? error.code : String(error.number));
}

function push(map: Map<string, number[]>, name: string, ms: number): void {
  const list = map.get(name);
  if (list === undefined) map.set(name, [ms]);
  else list.push(ms);
}

function summed(map: ReadonlyMap<string, readonly number[]>): Record<string, Timings> {
  return Object.fromEntries([...map].map(([name, list]) => [name, timingsOf(list)]));
}
