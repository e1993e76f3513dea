import type { Session } from '../../engine/index.js';
import { UsageError } from '../../engine/index.js';
import { logs } from '../../procedures/generated/index.js';
import type { Chunk, ChunkContext, Failure, Handler, Job, Outcome } from '../lanes/handler.js';
import { fundsParameters } from './parameters.js';

/** Kind of the jobs whose chunks are one fund's execution each. */
export const fundsKind = 'FONDOS';

/**
 * A fund's execution: its services one after another, each one call and one transaction, then its completion. A service
 * that had finished in an earlier attempt returns at once.
 */
export const fundsHandler: Handler = {
  kind: fundsKind,

  nameOf: (chunk) => chunk.recurso ?? `chunk ${chunk.idChunk}`,

  async run(chunk: Chunk, session: Session, context: ChunkContext): Promise<Outcome> {
    const lease = { idEjecucion: executionOf(chunk), token: chunk.token };
    const options = { idempotent: true, signal: context.signal, timeoutMs: 0 };
    for (const servicio of fundsParameters(chunk).services) {
      if (context.stopping()) return { kind: 'stopped' };
      context.step(servicio);
      await logs.ejecutarServicio(session, { ...lease, servicio }, options);
    }
    context.closing();
    const { estado, restantes } = await logs.completarEjecucion(session, lease, options);
    return { kind: 'completed', state: estado, remaining: restantes };
  },

  async fail(chunk, session, { step, message, retryable, transient }): Promise<Failure> {
    const [first = 'IPA'] = fundsParameters(chunk).services;
    const { estado, noAntesDe, restantes } = await logs.fallarServicio(
      session,
      {
        idEjecucion: executionOf(chunk),
        servicio: step ?? first,
        token: chunk.token,
        error: message.slice(0, 4000),
        reintentable: retryable,
        transitorio: transient,
      },
      { idempotent: true },
    );
    return { state: estado, retryAt: noAntesDe, remaining: restantes };
  },

  traced: (chunk, step) => ({
    process: fundsParameters(chunk).idProceso,
    execution: executionOf(chunk),
    fund: chunk.recurso ?? undefined,
    resource: step,
  }),

  async finalize(job: Job, session: Session): Promise<void> {
    await logs.finalizarProceso(session, { idProceso: fundsParameters(job).idProceso }, { idempotent: true });
  },
};

/** A fund's chunk covers one ID: that of its execution. */
function executionOf(chunk: Chunk): bigint {
  if (chunk.rangoInicio === null) throw new UsageError(`chunk ${chunk.idChunk} names no execution`);
  return chunk.rangoInicio;
}
