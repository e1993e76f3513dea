import { ProcedureError } from '../../engine/index.js';
import type { Session } from '../../engine/index.js';
import { nomina, trabajo } from '../../procedures/generated/index.js';
import type { Chunk, ChunkContext, Failure, Handler, Job, Outcome } from '../lanes/handler.js';
import { isMemoryFailure } from '../lanes/retryable.js';

/** Kind of the jobs whose chunks are ranges of a closing's employees. */
export const payrollKind = 'NOMINA';

/** Attempts that failed for want of memory and whose chunk could not be halved: the closing is to say so. */
const outOfMemory = new WeakSet<Chunk>();

/**
 * A range of a closing's employees: one call, one transaction, consolidated and completed. A chunk that does not fit in
 * memory is halved by the lane; after the closing's time limit whoever comes first cuts the rest off.
 */
export const payrollHandler: Handler = {
  kind: payrollKind,

  nameOf: (chunk) => chunk.recurso ?? `chunk ${chunk.idChunk}`,

  async run(chunk: Chunk, session: Session, context: ChunkContext): Promise<Outcome> {
    if (context.stopping()) return { kind: 'stopped' };
    await checkLimit(chunk, session);
    context.step('consolidate');
    context.closing();
    try {
      const { estado, restantes } = await nomina.consolidarChunk(
        session,
        { idChunk: chunk.idChunk, token: chunk.token },
        { idempotent: true, signal: context.signal, timeoutMs: 0 },
      );
      return { kind: 'completed', state: estado, remaining: restantes };
    } catch (error) {
      if (isMemoryFailure(error)) outOfMemory.add(chunk);
      throw error;
    }
  },

  async fail(chunk, session, { message, retryable, transient }): Promise<Failure> {
    const { estado, noAntesDe, restantes } = await trabajo.fallarChunk(
      session,
      {
        idChunk: chunk.idChunk,
        token: chunk.token,
        // what nomina.sp_Finalizar_Consolidacion tells error_recursos by
        error: `${outOfMemory.has(chunk) ? '[recursos] ' : ''}${message}`.slice(0, 4000),
        reintentable: retryable,
        transitorio: transient,
      },
      { idempotent: true },
    );
    return { state: estado, retryAt: noAntesDe, remaining: restantes };
  },

  async finalize({ idTrabajo }: Job, session: Session): Promise<void> {
    await nomina.finalizarConsolidacion(session, { idTrabajo }, { idempotent: true });
  },
};

/** Asks the server only when the time is up by this machine's clock. */
async function checkLimit({ idTrabajo, parametros }: Chunk, session: Session): Promise<void> {
  const { limite } = JSON.parse(parametros ?? '{}') as { limite?: unknown };
  if (typeof limite !== 'string' || Date.now() < Date.parse(limite)) return;
  const { vencida } = await nomina.vencerConsolidacion(session, { idTrabajo }, { idempotent: true });
  if (vencida)
    throw new ProcedureError(`the time of job ${idTrabajo} is up`, { code: 'CANCELLED', number: 50499 });
}
