import type { Engine, Session } from '../../engine/index.js';
import { nomina } from '../../procedures/generated/index.js';
import { payrollHandler } from '../handlers/payroll.js';
import type { WorkerEvents } from '../lanes/events.js';
import { currentUser } from '../user.js';
import { Worker } from '../worker.js';

/** A consolidation that lanes can work on. */
export interface Consolidation {
  readonly closing: bigint;
  readonly job: bigint;
  readonly employees: number;
  readonly chunks: number;
  /** By the formula, before balancing. */
  readonly chunkSize: number;
  /** It was running already. */
  readonly joined: boolean;
}

/**
 * Plans the consolidation of a closing, or joins the one that runs.
 * @throws ProcedureError NOT_FOUND, or WRONG_STATE for a closing that is not verified
 */
export async function planConsolidation(
  session: Session,
  closing: bigint,
  { lanes, timeoutMs, signal }: { lanes: number; timeoutMs: number; signal?: AbortSignal | undefined },
): Promise<Consolidation> {
  for (;;) {
    signal?.throwIfAborted();
    const planned = await nomina.planificarConsolidacion(
      session,
      { idCierre: closing, limiteS: Math.max(1, Math.ceil(timeoutMs / 1000)), lanes, usuario: currentUser() },
      { idempotent: true },
    );
    // what an earlier life left is deleted a bounded part a call
    if (planned.quedan || planned.idTrabajo === null) continue;
    return {
      closing,
      job: planned.idTrabajo,
      employees: planned.empleados,
      chunks: planned.chunks,
      chunkSize: planned.tamano,
      joined: !planned.creado,
    };
  }
}

/** A worker for one consolidation: it leaves when that has ended, whoever worked on it. */
export function consolidationWorker(
  engine: Engine,
  { job, chunks }: Consolidation,
  options: {
    lanes: number;
    leaseSeconds: number;
    maxRunTimeMs: number;
    events?: WorkerEvents | undefined;
  },
): Worker {
  return new Worker({
    engine,
    handlers: [payrollHandler],
    ...options,
    lanes: Math.max(1, Math.min(options.lanes, chunks)),
    job,
  });
}

/**
 * Takes a consolidation back, in bounded calls.
 * @throws ProcedureError WRONG_STATE while it runs
 */
export async function rollbackConsolidation(
  session: Session,
  closing: bigint,
  { deleted, signal }: { deleted?: (rows: number) => void; signal?: AbortSignal | undefined } = {},
): Promise<{ state: string; deleted: number }> {
  for (let total = 0; ;) {
    signal?.throwIfAborted();
    const { estado, borrados, quedan } = await nomina.revertirConsolidacion(
      session,
      { idCierre: closing },
      { idempotent: true },
    );
    total += borrados;
    deleted?.(total);
    if (!quedan) return { state: estado, deleted: total };
  }
}
