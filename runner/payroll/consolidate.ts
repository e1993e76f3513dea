import { ProcedureError } from '../../engine/index.js';
import type { Engine, Session } from '../../engine/index.js';
import { nomina, trabajo } from '../../procedures/generated/index.js';
import { payrollHandler } from '../handlers/payroll.js';
import type { WorkerEvents } from '../lanes/events.js';
import type { Caller } from '../process.js';
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
  {
    lanes,
    timeoutMs,
    caller = {},
    signal,
  }: {
    /** Of whoever works on it, where that is known. */
    lanes?: number;
    timeoutMs: number;
    caller?: Caller;
    signal?: AbortSignal | undefined;
  },
): Promise<Consolidation> {
  for (;;) {
    signal?.throwIfAborted();
    const planned = await nomina.planificarConsolidacion(
      session,
      {
        idCierre: closing,
        limiteS: Math.max(1, Math.ceil(timeoutMs / 1000)),
        lanes: lanes ?? null,
        usuario: caller.user ?? currentUser(),
        clave: caller.key ?? null,
        huella: caller.digest ?? null,
      },
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

/**
 * Cuts a consolidation off when its time is up: chunks check the limit as well, this is for when none begins any more. One that was
 * joined keeps its own limit. Keeps no process alive.
 */
export function cutOff(session: Session, job: bigint, timeoutMs: number): { stop: () => void } {
  let timer: NodeJS.Timeout;
  let stopped = false;
  const ask = async (): Promise<void> => {
    try {
      if ((await nomina.vencerConsolidacion(session, { idTrabajo: job }, { idempotent: true })).vencida)
        return;
      const { fechaFin } = await trabajo.estadoTrabajo(session, { idTrabajo: job }, { idempotent: true });
      if (fechaFin !== null) return;
    } catch (error) {
      // rolled back, or purged; whether the database answers is the worker's to say
      if (error instanceof ProcedureError && error.code === 'NOT_FOUND') return;
    }
    // the server's clock decides, and may be behind
    if (!stopped) wait(1000);
  };
  const wait = (ms: number): void => {
    timer = setTimeout(() => void ask(), ms).unref();
  };
  wait(Math.min(timeoutMs, 2 ** 31 - 1));
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
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
