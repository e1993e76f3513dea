import type { Session } from '../../engine/index.js';
import { UsageError } from '../../engine/index.js';
import { logs } from '../../procedures/generated/index.js';
import type { Chunk, ChunkContext, Failure, Handler, Job, Outcome } from '../lanes/handler.js';
import { fundsParameters } from './parameters.js';

/** Kind of the jobs of the old architecture: one execution that all funds share. */
export const legacyFundsKind = 'FONDOS_LEGADO';

/**
 * The way of before the plan, on the same lanes: a first chunk extracts each source for all funds, then each fund's chunk
 * runs its services under the shared ID. Its calls are those of the old orchestrator, each a transaction of its own: the
 * service's procedures, a state update a service and fund, the shared counters when the fund has ended.
 */
export const legacyFundsHandler: Handler = {
  kind: legacyFundsKind,

  nameOf: (chunk) => chunk.recurso ?? `chunk ${chunk.idChunk}`,

  async run(chunk: Chunk, session: Session, context: ChunkContext): Promise<Outcome> {
    return isExtraction(chunk)
      ? await extractAll(chunk, session, context)
      : await runFund(chunk, session, context);
  },

  async fail(chunk, session, { step, message, retryable, transient }): Promise<Failure> {
    const { services, shared } = parametersOf(chunk);
    const { estado, noAntesDe, restantes } = await logs.fallarServicioLegado(
      session,
      {
        ...leaseOf(chunk),
        servicio: step ?? services[0] ?? 'IPA',
        error: message.slice(0, 4000),
        reintentable: retryable,
        transitorio: transient,
      },
      { idempotent: true },
    );
    if (estado === 'ERROR' && !isExtraction(chunk)) {
      await logs.contarFondosLegado(session, { idEjecucion: shared }, { idempotent: true });
    }
    return { state: estado, retryAt: noAntesDe, remaining: restantes };
  },

  traced: (chunk, step) => {
    const { idProceso, shared } = parametersOf(chunk);
    const fund = isExtraction(chunk) ? undefined : (chunk.recurso ?? undefined);
    return { process: idProceso, execution: shared, fund, resource: step };
  },

  async finalize(job: Job, session: Session): Promise<void> {
    await logs.finalizarProceso(session, { idProceso: parametersOf(job).idProceso }, { idempotent: true });
  },
};

/** Each source for all funds, one after another; then the funds' chunks exist. */
async function extractAll(chunk: Chunk, session: Session, context: ChunkContext): Promise<Outcome> {
  const options = { idempotent: true, signal: context.signal, timeoutMs: 0 };
  for (const servicio of parametersOf(chunk).services) {
    if (context.stopping()) return { kind: 'stopped' };
    context.step(servicio);
    await logs.extraerLegado(session, { ...leaseOf(chunk), servicio }, options);
  }
  context.closing();
  const { estado, fondos } = await logs.abrirFondosLegado(session, leaseOf(chunk), options);
  return { kind: 'completed', state: estado, remaining: fondos };
}

async function runFund(chunk: Chunk, session: Session, context: ChunkContext): Promise<Outcome> {
  const options = { idempotent: true, signal: context.signal, timeoutMs: 0 };
  const { services, shared } = parametersOf(chunk);
  for (const servicio of services) {
    if (context.stopping()) return { kind: 'stopped' };
    context.step(servicio);
    const lease = { ...leaseOf(chunk), servicio };
    const { yaTerminado } = await logs.ejecutarServicioLegado(session, lease, options);
    if (!yaTerminado) await logs.marcarEstadoLegado(session, lease, options);
  }
  await logs.contarFondosLegado(session, { idEjecucion: shared }, options);
  return await context.complete(null);
}

/** The chunk of the batch extraction covers no fund. */
export function isExtraction(chunk: Chunk): boolean {
  return chunk.tipo === legacyFundsKind && chunk.rangoInicio === null;
}

function leaseOf({ idChunk, token }: Chunk): { idChunk: bigint; token: bigint } {
  return { idChunk, token };
}

function parametersOf(job: Job | Chunk): { idProceso: bigint; services: readonly string[]; shared: bigint } {
  const { shared, ...rest } = fundsParameters(job);
  if (shared === undefined) throw new UsageError(`job ${job.idTrabajo} names no shared execution`);
  return { ...rest, shared };
}
