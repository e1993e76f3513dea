import type { Session } from '../engine/index.js';
import { trabajo } from '../procedures/generated/index.js';

/**
 * Cancels a job, however many chunks it has: a bounded number a call. What is held learns it with its next heartbeat.
 * @returns how many chunks were cancelled at once
 * @throws ProcedureError NOT_FOUND, or WRONG_STATE for the job of LO_PROCESOS
 */
export async function cancelJob(session: Session, idTrabajo: bigint): Promise<number> {
  let cancelled = 0;
  for (;;) {
    const { cancelados } = await trabajo.cancelarTrabajo(session, { idTrabajo }, { idempotent: true });
    if (cancelados === 0) return cancelled;
    cancelled += cancelados;
  }
}
