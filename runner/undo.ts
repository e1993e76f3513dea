import { setTimeout as sleep } from 'node:timers/promises';

import type { Engine } from '../engine/index.js';
import { ProcedureError } from '../engine/index.js';
import { logs } from '../procedures/generated/index.js';

export type PlannedExecution = logs.PlanReversionRow;

export interface UndoPace {
  /** Rows a transaction. */
  readonly batch: number;
  /** Milliseconds between two transactions, for the others. */
  readonly pauseMs: number;
  /** Aborted, it ends after the transaction that runs. */
  readonly signal: AbortSignal;
}

/**
 * Gives the failed and cancelled funds of a process, or of one execution, another chance.
 * @returns how many, and the process
 * @throws ProcedureError NOT_FOUND, or WRONG_STATE for a run of the old way or a process that is being cancelled
 */
export async function retryProcess(
  engine: Engine,
  id: bigint,
): Promise<{ readonly process: bigint; readonly state: string; readonly retried: number }> {
  let retried = 0;
  for (;;) {
    // a bounded number a call; what has its chance back is not found again
    const answer = await logs.reintentarProceso(engine, { idProceso: id }, { idempotent: true });
    retried += answer.reintentados;
    if (answer.reintentados === 0) return { process: answer.idProceso, state: answer.estado, retried };
  }
}

/**
 * What rolling back would delete.
 * @throws ProcedureError NOT_FOUND, or WRONG_STATE when a fund's execution is given for a process
 */
export async function planRollback(
  engine: Engine,
  what: { readonly process: bigint } | { readonly execution: bigint },
): Promise<readonly PlannedExecution[]> {
  const args = 'process' in what ? { idProceso: what.process } : { idEjecucion: what.execution };
  return await logs.planReversion(engine, args, { idempotent: true });
}

/** Batch after batch, one execution after another. Each call is a transaction: whoever kills us loses one at most. */
export async function rollBack(
  engine: Engine,
  executions: readonly PlannedExecution[],
  pace: UndoPace & { readonly onBatch: (execution: PlannedExecution, rows: number, done: boolean) => void },
): Promise<{ readonly stopped: boolean; readonly foreign: readonly string[] }> {
  const foreign = new Set<string>();
  for (const execution of executions) {
    for (let left = true; left;) {
      if (pace.signal.aborted) return { stopped: true, foreign: [...foreign] };
      const { borradas, quedan, ajenas } = await logs.revertirEjecucion(
        engine,
        { idEjecucion: execution.idEjecucion, maximo: pace.batch },
        { idempotent: true },
      );
      left = quedan;
      for (const table of ajenas?.split(', ') ?? []) foreign.add(table);
      pace.onBatch(execution, borradas, !quedan);
      if (quedan) await pause(pace);
    }
  }
  return { stopped: false, foreign: [...foreign] };
}

/** The history of a process that is rolled back: states, executions, chunks, and last the process. */
export async function deleteProcess(
  engine: Engine,
  process: bigint,
  pace: UndoPace,
): Promise<{ readonly stopped: boolean; readonly rows: number }> {
  let rows = 0;
  for (let calls = 0; ; calls += 1) {
    if (pace.signal.aborted) return { stopped: true, rows };
    try {
      const { borradas, quedan } = await logs.borrarProceso(
        engine,
        { idProceso: process, maximo: pace.batch },
        { idempotent: true },
      );
      rows += borradas;
      if (!quedan) return { stopped: false, rows };
    } catch (error) {
      // the last call was repeated after its answer got lost
      if (error instanceof ProcedureError && error.code === 'NOT_FOUND') return { stopped: false, rows };
      throw error;
    }
    await pause(pace);
  }
}

async function pause({ pauseMs, signal }: UndoPace): Promise<void> {
  if (pauseMs > 0) await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
}
