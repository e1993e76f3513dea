import type { Session } from '../../engine/index.js';
import { logs } from '../../procedures/generated/index.js';
import { Batches } from './batches.js';
import type { Batch } from './batches.js';
import { LogInputError } from './input-error.js';
import { scanReview } from './review-scan.js';
import type { StartedReview } from './review.js';
import { checkUnchanged, openSource } from './source.js';
import type { LogSource } from './source.js';
import { blockRows } from './write.js';

/**
 * The fallback: reads the whole range in one go and stores what it finds part by part, without chunks and without leases. A
 * review that was left unfinished is read from its beginning again; whatever it had stored is replaced.
 * @throws what the database throws; that the file is not the planned one, or an interruption, ends the job in ERROR instead
 */
export async function reviewSequentially(
  session: Session,
  started: StartedReview,
  options: { signal: AbortSignal; read?: ((bytes: number) => void) | undefined },
): Promise<void> {
  const { job, review } = started;
  const finish = (result: { error: string } | { reanudarEn: bigint }) =>
    logs.finalizarRevision(session, { idTrabajo: job, ...result }, { idempotent: true });
  try {
    const source = await openSource(review.path);
    try {
      await finish({ reanudarEn: BigInt(await scanAll(session, source, started, options)) });
    } finally {
      await source.close();
    }
  } catch (error) {
    if (options.signal.aborted) await finish({ error: 'interrupted' });
    else if (isOfTheFile(error)) await finish({ error: error.message.slice(0, 4000) });
    else throw error;
  }
}

/** Where the next scan begins. */
async function scanAll(
  session: Session,
  source: LogSource,
  { job, review }: StartedReview,
  { signal, read }: { signal: AbortSignal; read?: ((bytes: number) => void) | undefined },
): Promise<number> {
  const store = async ({ from, to, blocks }: Batch) => {
    const args = { idTrabajo: job, desde: BigInt(from), hasta: BigInt(to), bloques: blockRows(blocks) };
    await logs.guardarBloquesSecuencial(session, args, { idempotent: true, signal, timeoutMs: 0 });
  };
  let storing: Promise<void> = Promise.resolve();
  const batches = new Batches(review.from, async (batch) => {
    // one batch is stored while the next one is found
    await storing;
    storing = store(batch);
    storing.catch(() => undefined);
  });
  await checkUnchanged(source, review.planned);
  const range = { start: review.from, end: review.to };
  try {
    const scanned = await scanReview(source, review, range, (block) => batches.add(block), { signal, read });
    await checkUnchanged(source, review.planned);
    await storing;
    await store(batches.rest(scanned.end));
    return scanned.resumeAt;
  } finally {
    // what was begun must not go on behind the end of the review
    await storing.catch(() => undefined);
  }
}

/** The file could not be opened or read, or is another one: not the database's fault. */
function isOfTheFile(error: unknown): error is Error {
  return error instanceof LogInputError || (error instanceof Error && 'syscall' in error && 'errno' in error);
}
