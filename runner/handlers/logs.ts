import { hostname } from 'node:os';

import type { Session } from '../../engine/index.js';
import { UsageError } from '../../engine/index.js';
import { logs, trabajo } from '../../procedures/generated/index.js';
import type { Chunk, ChunkContext, Failure, Handler, Job, Outcome } from '../lanes/handler.js';
import { Batches } from '../logs/batches.js';
import { findCut } from '../logs/cuts.js';
import { LogInputError } from '../logs/input-error.js';
import { logsKind, readParameters, recogniserOf } from '../logs/parameters.js';
import type { ReviewParameters } from '../logs/parameters.js';
import { scanReview } from '../logs/review-scan.js';
import { checkUnchanged, openSource } from '../logs/source.js';
import type { LogSource } from '../logs/source.js';
import { blockRows, resultOf } from '../logs/write.js';

/** Chunks whose file is not the one that was planned: their job cannot end well any more. */
const hopeless = new WeakSet<Chunk>();

/**
 * A byte range of a log: its error blocks are found here and stored by the call that completes the chunk. What is too
 * much for one call goes before it, fenced by the same token; whoever runs the chunk again replaces it.
 */
export const logsHandler: Handler = logsHandlerWith();

/** As `logsHandler`, telling how many bytes of the file its scans have read, for a bar. */
export function logsHandlerWith(events: { read?(bytes: number): void } = {}): Handler {
  return {
    kind: logsKind,

    // the file is the job's, and every chunk has the same
    nameOf: ({ rangoInicio, rangoFin }) => `bytes ${rangoInicio ?? '?'}–${rangoFin ?? '?'}`,

    async run(chunk: Chunk, session: Session, context: ChunkContext): Promise<Outcome> {
      const review = readParameters(chunk);
      context.step('scan');
      try {
        return await scanChunk(chunk, review, session, context, (bytes) => events.read?.(bytes));
      } catch (error) {
        if (!(error instanceof LogInputError)) throw error;
        // on another machine the path may lead to another file: the one that was planned may do better
        if (review.host !== hostname())
          throw new Error(`on ${hostname()}: ${error.message}`, { cause: error });
        hopeless.add(chunk);
        throw error;
      }
    },

    async fail(chunk, session, { message, retryable, transient }): Promise<Failure> {
      const lost = hopeless.has(chunk);
      const { estado, noAntesDe, restantes } = await trabajo.fallarChunk(
        session,
        {
          idChunk: chunk.idChunk,
          token: chunk.token,
          error: message.slice(0, 4000),
          reintentable: retryable && !lost,
          transitorio: transient,
        },
        { idempotent: true },
      );
      // every other chunk of that file would fail in the same way, one by one
      if (lost) await trabajo.cancelarTrabajo(session, { idTrabajo: chunk.idTrabajo }, { idempotent: true });
      return { state: estado, retryAt: noAntesDe, remaining: lost ? 0 : restantes };
    },

    async splitAt(chunk: Chunk): Promise<bigint | null> {
      const review = readParameters(chunk);
      if (review.gzip) return null;
      const { start, end } = rangeOf(chunk);
      const source = await openReviewed(review);
      try {
        const middle = start + Math.floor((end - start) / 2);
        const cut = await findCut(source, start, end, middle, recogniserOf(review));
        return cut === null ? null : BigInt(cut);
      } finally {
        await source.close();
      }
    },

    async finalize(job: Job, session: Session): Promise<void> {
      await logs.finalizarRevision(session, { idTrabajo: job.idTrabajo }, { idempotent: true });
    },
  };
}

async function scanChunk(
  chunk: Chunk,
  review: ReviewParameters,
  session: Session,
  context: ChunkContext,
  read: (bytes: number) => void,
): Promise<Outcome> {
  const { signal } = context;
  const lease = { idChunk: chunk.idChunk, token: chunk.token };
  const options = { idempotent: true, signal, timeoutMs: 0 };
  const range = rangeOf(chunk);
  const source = await openReviewed(review);
  try {
    await checkUnchanged(source, review.planned);
    const batches = new Batches(range.start, async ({ from, to, blocks }) => {
      await logs.guardarBloques(
        session,
        { ...lease, desde: BigInt(from), hasta: BigInt(to), bloques: blockRows(blocks), completar: false },
        options,
      );
    });
    const scanned = await scanReview(source, review, range, (block) => batches.add(block), { signal, read });
    await checkUnchanged(source, review.planned);
    const { from, to, blocks } = batches.rest(scanned.end);
    context.closing();
    const { estado, restantes } = await logs.guardarBloques(
      session,
      {
        ...lease,
        desde: BigInt(from),
        hasta: BigInt(to),
        bloques: blockRows(blocks),
        completar: true,
        resultado: resultOf(scanned),
      },
      options,
    );
    return { kind: 'completed', state: estado, remaining: restantes };
  } finally {
    await source.close();
  }
}

/** @throws LogInputError for a file that is gone; what else keeps it from being opened may pass */
async function openReviewed({ path }: ReviewParameters): Promise<LogSource> {
  try {
    return await openSource(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      throw new LogInputError(
        'REPLACED',
        `${path} was moved away or deleted since its scan was planned`,
        error,
      );
    throw new Error(`${path} cannot be read on ${hostname()}: ${message}`, { cause: error });
  }
}

function rangeOf({ idChunk, rangoInicio, rangoFin }: Chunk): { start: number; end: number } {
  if (rangoInicio === null || rangoFin === null)
    throw new UsageError(`chunk ${idChunk} of a log review has no range of bytes`);
  return { start: Number(rangoInicio), end: Number(rangoFin) };
}
