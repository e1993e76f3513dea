import { randomUUID } from 'node:crypto';

import type { Engine } from '../engine/index.js';
import { ProcedureError } from '../engine/index.js';
import { logs } from '../procedures/generated/index.js';
import { fundsHandler } from './handlers/funds.js';
import type { WorkerEvents } from './lanes/events.js';
import { currentUser } from './user.js';
import { Worker } from './worker.js';

/** A process that lanes can work on. */
export interface FundsProcess {
  readonly id: bigint;
  readonly job: bigint;
  readonly date: string;
  readonly funds: number;
}

/** Defaults of everything that runs lanes. */
export const defaults = { lanes: 8, leaseSeconds: 30, maxRunTimeMs: 15 * 60_000 } as const;

/**
 * Starts a new process of a date, always: the key only keeps a repeated call, after a lost connection, from starting two. With
 * a caller's own key it is that caller's repetition that finds the first one's process.
 * @throws ProcedureError NOT_FOUND for an unknown fund or when there is none, WRONG_STATE for one that is not active
 */
export async function startProcess(
  engine: Engine,
  date: string,
  funds: readonly string[] = [],
  key = `run:${randomUUID()}`,
  user = currentUser(),
): Promise<FundsProcess> {
  const { idProceso, idTrabajo, totalFondos } = await logs.inicializarProceso(
    engine,
    {
      fechaReporte: date,
      fondos: funds.map((fundShortName) => ({ fundShortName })),
      usuario: user,
      clave: key,
    },
    { idempotent: true },
  );
  return { id: idProceso, job: idTrabajo, date, funds: totalFondos };
}

/**
 * Finds a process that was started before.
 * @throws ProcedureError NOT_FOUND, or WRONG_STATE for one that was not run in lanes
 */
export async function findProcess(engine: Engine, id: bigint): Promise<FundsProcess & { ended: boolean }> {
  const state = await logs.estadoProceso(engine, { idProceso: id }, { idempotent: true });
  if (state.idTrabajo === null) {
    throw new ProcedureError(`process ${state.idProceso} was run the legacy way and has no lanes to resume`, {
      code: 'WRONG_STATE',
      number: 50409,
    });
  }
  return {
    id: state.idProceso,
    job: state.idTrabajo,
    date: state.fechaReporte,
    funds: state.totalFondos,
    ended: state.fechaFin !== null,
  };
}

/** A worker for one process: it leaves when the process has ended, whoever worked on it. */
export function processWorker(
  engine: Engine,
  process: FundsProcess,
  options: {
    lanes: number;
    leaseSeconds?: number | undefined;
    maxRunTimeMs?: number | undefined;
    events?: WorkerEvents | undefined;
  },
): Worker {
  return new Worker({
    engine,
    handlers: [fundsHandler],
    lanes: Math.max(1, Math.min(options.lanes, process.funds)),
    leaseSeconds: options.leaseSeconds ?? defaults.leaseSeconds,
    maxRunTimeMs: options.maxRunTimeMs ?? defaults.maxRunTimeMs,
    job: process.job,
    events: options.events,
  });
}
