import { UsageError } from '../../engine/index.js';
import type { Chunk, Job } from '../lanes/handler.js';

/** What `logs.sp_Inicializar_Proceso` freezes into a process's job. */
export interface FundsParameters {
  readonly idProceso: bigint;
  readonly services: readonly string[];
  /** The execution that all funds share, of a legacy run. */
  readonly shared: bigint | undefined;
}

export function fundsParameters({ idTrabajo, parametros }: Job | Chunk): FundsParameters {
  const { id_proceso, id_ejecucion, servicios } = JSON.parse(parametros ?? '{}') as Record<string, unknown>;
  if (typeof id_proceso !== 'string' || !Array.isArray(servicios)) {
    throw new UsageError(
      `job ${idTrabajo} has no process and services in its parameters: ${parametros ?? ''}`,
    );
  }
  return {
    idProceso: BigInt(id_proceso),
    services: servicios.map(String),
    shared: typeof id_ejecucion === 'string' ? BigInt(id_ejecucion) : undefined,
  };
}
