import { hostname } from 'node:os';

import { ProcedureError, UsageError } from '../../engine/index.js';
import type { Session } from '../../engine/index.js';
import { logs, trabajo } from '../../procedures/generated/index.js';
import type { ListaChunksV1Row } from '../../procedures/generated/trabajo.tables.js';
import { currentUser } from '../user.js';
import { planCuts } from './cuts.js';
import type { ByteRange } from './cuts.js';
import { isGzip } from './gzip.js';
import { inspect } from './inspect.js';
import { readParameters, recogniserOf, sequentialKind, writeParameters } from './parameters.js';
import type { ReviewParameters } from './parameters.js';
import { optionsHash } from './recogniser.js';
import { fingerprint, hashBytes } from './source.js';
import type { LogSource } from './source.js';

/** What a scan was asked for. */
export interface ScanRequest {
  readonly pattern: string | undefined;
  readonly format: string | undefined;
  readonly chunkBytes: number;
  /** No chunks and no leases: the fallback. */
  readonly sequential: boolean;
  /** From the file's beginning, whatever was scanned before. */
  readonly again: boolean;
}

/** What scanning a file comes to, and whether its beginning has a timestamp that is recognised; null when that cannot be said. */
export type Plan = { readonly recognised: boolean | null } & PlannedScan;

type PlannedScan =
  /** Nothing was added since the newest review, which may have been purged; or the file is empty: then null. */
  | { readonly kind: 'nothing'; readonly path: string; readonly job: bigint | null; readonly size: number }
  /** A review of this file is under way, here or elsewhere: this one helps it. */
  | { readonly kind: 'join'; readonly path: string; readonly job: bigint; readonly review: ReviewParameters }
  | {
      readonly kind: 'new';
      readonly path: string;
      readonly review: ReviewParameters;
      /** The file's row of `logs.Archivos`; null for a file that was not scanned before, or is to be scanned anew. */
      readonly archive: bigint | null;
      readonly options: string;
      readonly ranges: readonly ByteRange[];
      readonly because: 'first' | 'grown' | 'replaced' | 'again';
    };

/** A review that was started or joined. */
export interface StartedReview {
  readonly job: bigint;
  readonly review: ReviewParameters;
  readonly joined: boolean;
}

/** More chunks than this are no help to anybody. */
const mostChunks = 1_000_000;

type Archive = Awaited<ReturnType<typeof logs.buscarArchivo>>[number];

/**
 * Finds out what there is to scan, and cuts it; nothing is written.
 * @throws UsageError on what is no text, and on options other than those of the last time; ProcedureError WRONG_STATE when a review is under way
 * that this one cannot join
 */
export async function planReview(session: Session, source: LogSource, request: ScanRequest): Promise<Plan> {
  const recognised = await inspect(source, request);
  return { recognised, ...(await planScan(session, source, request)) };
}

async function planScan(session: Session, source: LogSource, request: ScanRequest): Promise<PlannedScan> {
  const { path, size } = source;
  const options = optionsHash(request);
  const [known] = await logs.buscarArchivo(session, { ruta: path }, { idempotent: true });
  if (known?.trabajoVivo != null) return await join(session, known, known.trabajoVivo, path, request);

  // a review that did not complete has not advanced what was read: of a file without another there is nothing to go on from
  const same = known !== undefined && known.leido > 0n && (await isSameFile(session, source, known));
  if (same && !request.again) {
    if (known.opciones !== options)
      throw new UsageError(
        `${path} was scanned with another --pattern or --format: give the same ones, or --again to scan it from its beginning`,
      );
    if (size === Number(known.leido)) return { kind: 'nothing', path, job: known.idTrabajo, size };
  }
  if (size === 0) return { kind: 'nothing', path, job: null, size };

  const gzip = await isGzip(source);
  const goOn = same && !request.again;
  const review: ReviewParameters = {
    path,
    host: hostname(),
    planned: { ...(await fingerprint(source)), end: size, mtimeMs: source.mtimeMs },
    pattern: request.pattern,
    format: request.format,
    gzip,
    from: goOn && !gzip ? Number(known.reanudarEn) : 0,
    to: size,
  };
  return {
    kind: 'new',
    path,
    review,
    archive: goOn ? known.idArchivo : null,
    options,
    ranges: request.sequential ? [] : await cut(source, review, request.chunkBytes),
    because: reasonOf(known, same, request.again),
  };
}

/** Registers what was planned. Called again after a lost connection it finds its own job. */
export async function startReview(
  session: Session,
  plan: Exclude<Plan, { kind: 'nothing' }>,
  request: ScanRequest,
): Promise<StartedReview> {
  const { review } = plan;
  if (plan.kind === 'join') return { job: plan.job, review, joined: true };
  const { idTrabajo, creado } = await logs.iniciarRevision(
    session,
    {
      ruta: plan.path,
      idArchivo: plan.archive,
      huella: review.planned.head,
      huellaBytes: review.planned.headBytes,
      opciones: plan.options,
      secuencial: request.sequential,
      desde: BigInt(review.from),
      hasta: BigInt(review.to),
      parametros: writeParameters(review),
      usuario: currentUser(),
      chunks: plan.ranges.map((range, i) => chunkRow(range, i, plan.path)),
    },
    { idempotent: true },
  );
  return { job: idTrabajo, review, joined: !creado };
}

/** Whether an error says that somebody else's review of the file began since it was planned: planning again finds it. */
export function isOvertaken(error: unknown): boolean {
  return error instanceof ProcedureError && error.code === 'WRONG_STATE';
}

async function join(
  session: Session,
  known: Archive,
  job: bigint,
  path: string,
  request: ScanRequest,
): Promise<PlannedScan> {
  const state = await trabajo.estadoTrabajo(session, { idTrabajo: job }, { idempotent: true });
  const cannot = (why: string) =>
    new ProcedureError(`job ${job} is scanning ${path} already, ${why}`, {
      code: 'WRONG_STATE',
      number: 50409,
    });
  if (request.again)
    throw cannot(`and --again would begin anew: wait for it, or end it with \`carril jobs cancel ${job}\``);
  const sequential = state.tipo === sequentialKind;
  if (sequential && !request.sequential)
    throw cannot(`sequentially: finish it with --sequential, or end it with \`carril jobs cancel ${job}\``);
  if (!sequential && request.sequential)
    throw cannot(
      `in chunks: leave --sequential out to help it, or end it with \`carril jobs cancel ${job}\``,
    );
  if (known.opciones !== optionsHash(request))
    throw cannot(
      `with another --pattern or --format: wait for it, or end it with \`carril jobs cancel ${job}\``,
    );
  return { kind: 'join', path, job, review: readParameters(state) };
}

/** Whether the path still leads to the file that was scanned, longer or not: its head and what was read last are there. */
async function isSameFile(session: Session, source: LogSource, known: Archive): Promise<boolean> {
  const read = Number(known.leido);
  if (source.size < Math.max(read, known.huellaBytes)) return false;
  if ((await hashBytes(source, 0, known.huellaBytes)) !== known.huella) return false;
  if (known.idTrabajo === null) return true;
  const state = await trabajo.estadoTrabajo(session, { idTrabajo: known.idTrabajo }, { idempotent: true });
  const { planned, to } = readParameters(state);
  // of a review that did not complete, nothing says where its file ended
  if (to !== read) return true;
  return (await fingerprint(source, to)).tail === planned.tail;
}

function reasonOf(
  known: Archive | undefined,
  same: boolean,
  again: boolean,
): Extract<Plan, { kind: 'new' }>['because'] {
  if (known === undefined || known.leido === 0n) return 'first';
  if (again) return 'again';
  return same ? 'grown' : 'replaced';
}

async function cut(source: LogSource, review: ReviewParameters, chunkBytes: number): Promise<ByteRange[]> {
  const { from, to, gzip } = review;
  if (gzip) return [{ start: from, end: to }];
  const about = Math.ceil((to - from) / chunkBytes);
  if (about > mostChunks)
    throw new UsageError(
      `--chunk-size: ${source.path} would have ${about} chunks, and ${mostChunks} is the most: take larger ones`,
    );
  const ranges: ByteRange[] = [];
  for await (const range of planCuts(source, from, to, chunkBytes, recogniserOf(review))) ranges.push(range);
  return ranges;
}

/**
 * Weights are megabytes, so that the job's remaining weight is what is left to read; rounded, so that chunks of one size
 * weigh the same and are claimed in the file's order.
 */
function chunkRow({ start, end }: ByteRange, i: number, path: string): ListaChunksV1Row {
  return {
    orden: i + 1,
    rangoInicio: BigInt(start),
    rangoFin: BigInt(end),
    recurso: path,
    peso: Math.max(0.1, Math.round((end - start) / 104_857.6) / 10),
  };
}
