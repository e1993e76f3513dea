import type { Engine } from '../../engine/index.js';
import { ProcedureError } from '../../engine/index.js';
import { logs, trabajo } from '../../procedures/generated/index.js';

/** A log's review at one moment. */
export interface JobLook {
  readonly job: trabajo.EstadoTrabajoResult;
  readonly summary: logs.ResumenRevisionResult;
}

/** @throws ProcedureError NOT_FOUND when there is no such job, or when it is no review of a log */
export async function lookAtReview(engine: Engine, idTrabajo: bigint): Promise<JobLook> {
  const job = await trabajo.estadoTrabajo(engine, { idTrabajo }, { idempotent: true });
  if (!job.tipo.startsWith('LOGS'))
    throw new ProcedureError(`job ${idTrabajo} is no review of a log`, { code: 'NOT_FOUND', number: 50404 });
  const summary = await logs.resumenRevision(engine, { idTrabajo }, { idempotent: true });
  return { job, summary };
}

/** The states of document 001. */
export const jobStatuses = ['pending', 'processing', 'completed', 'failed', 'cancelled'] as const;

export type JobStatus = (typeof jobStatuses)[number];

const ended: Readonly<Record<string, JobStatus>> = {
  COMPLETADO: 'completed',
  COMPLETADO_CON_ERRORES: 'failed',
  ERROR: 'failed',
  CANCELADO: 'cancelled',
};

/** A job that is alive is pending until the first of its chunks was taken. */
export function statusOf(
  job: Pick<trabajo.EstadoTrabajoResult, 'estado' | 'cancelado' | 'enProgreso' | 'completados' | 'fallidos'>,
): JobStatus {
  const final = ended[job.estado];
  if (final !== undefined) return final;
  if (job.cancelado) return 'cancelled';
  return job.enProgreso + job.completados + job.fallidos > 0 ? 'processing' : 'pending';
}
