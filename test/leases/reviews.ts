/** Log reviews for the tests, without a log: ranges and blocks as a scan would find them. */
import { createHash } from 'node:crypto';

import type { Row, Session } from '../../engine/index.js';
import { logs, trabajo } from '../../procedures/generated/index.js';
import type { ListaBloquesV1Row } from '../../procedures/generated/logs.tables.js';
import { sql } from './support.js';

/** A fingerprint of something, as the scans have it. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export interface ReviewRequest extends Partial<logs.IniciarRevisionArgs> {
  readonly ruta: string;
  /** Where the chunks begin and, last, end. */
  readonly cuts?: readonly number[];
}

/** Starts a review of [0, 100), or of what the cuts span, in chunks between the cuts. */
export async function startReview(
  session: Session,
  { cuts = [0, 100], ...more }: ReviewRequest,
): Promise<logs.IniciarRevisionResult> {
  const [from = 0, to = 0] = [cuts[0], cuts.at(-1)];
  return await logs.iniciarRevision(session, {
    huella: sha256('head'),
    huellaBytes: 4096,
    opciones: sha256('options'),
    desde: BigInt(from),
    hasta: BigInt(to),
    parametros: '{"gzip":false,"tamano":"1"}',
    chunks: more.secuencial === true ? [] : ranges(cuts),
    ...more,
  });
}

export function ranges(
  cuts: readonly number[],
): { orden: number; rangoInicio: bigint; rangoFin: bigint; peso: number }[] {
  return cuts.slice(1).map((end, i) => {
    const start = cuts[i] ?? 0;
    return { orden: i + 1, rangoInicio: BigInt(start), rangoFin: BigInt(end), peso: 1 };
  });
}

/** An error block of ten bytes, unless it says otherwise. */
export function block(start: number, more: Partial<ListaBloquesV1Row> = {}): ListaBloquesV1Row {
  return {
    byteInicio: BigInt(start),
    byteFin: BigInt(start + 10),
    nivel: 'ERROR',
    momento: new Date(Date.UTC(2024, 0, 2, 3, 4, 5, start % 1000)),
    firma: 'failed <n>',
    primeraLinea: `2024-01-02 03:04:05 ERROR failed ${start}`,
    texto: `2024-01-02 03:04:05 ERROR failed ${start}\n  at x`,
    recortado: false,
    ...more,
  };
}

/** Claims a chunk of a review. @throws when there is none */
export async function claimReview(
  session: Session,
  idTrabajo: bigint,
  poseedor = 'w',
): Promise<trabajo.ReclamarChunksRow> {
  const [chunk] = await trabajo.reclamarChunks(session, { poseedor, tipos: [{ tipo: 'LOGS' }], idTrabajo });
  if (chunk === undefined) throw new Error(`nothing of job ${idTrabajo} to claim`);
  return chunk;
}

/** What a scan of a whole chunk would call at its end. */
export async function store(
  session: Session,
  chunk: trabajo.ReclamarChunksRow,
  bloques: readonly ListaBloquesV1Row[],
  more: Partial<logs.GuardarBloquesArgs> = {},
): Promise<logs.GuardarBloquesResult> {
  const { idChunk, token, rangoInicio, rangoFin } = chunk;
  const range = { desde: rangoInicio ?? 0n, hasta: rangoFin ?? 0n };
  return await logs.guardarBloques(session, { idChunk, token, ...range, bloques, ...more });
}

/** Runs the rest of a review: each chunk with the blocks that begin in it. */
export async function finishReview(
  session: Session,
  idTrabajo: bigint,
  bloques: readonly ListaBloquesV1Row[] = [],
  resumeAt?: number,
): Promise<logs.FinalizarRevisionResult> {
  for (;;) {
    const [chunk] = await trabajo.reclamarChunks(session, {
      poseedor: 'w',
      tipos: [{ tipo: 'LOGS' }],
      idTrabajo,
    });
    if (chunk === undefined) break;
    const [from, to] = [chunk.rangoInicio ?? 0n, chunk.rangoFin ?? 0n];
    const mine = bloques.filter(({ byteInicio }) => byteInicio >= from && byteInicio < to);
    const resultado = JSON.stringify({ bloques: mine.length, reanudar_en: String(resumeAt ?? to) });
    await store(session, chunk, mine, { resultado });
  }
  return await logs.finalizarRevision(session, { idTrabajo });
}

/** A file's blocks as they are stored, in their order; keys in lower case. */
export async function blocksOf(session: Session, idArchivo: bigint): Promise<Row[]> {
  return await sql(session, 'SELECT * FROM logs.Bloques_Error WHERE ID_Archivo = ? ORDER BY Byte_Inicio', [
    idArchivo,
  ]);
}

/** Where a file's blocks begin. */
export async function startsOf(session: Session, idArchivo: bigint): Promise<number[]> {
  return (await blocksOf(session, idArchivo)).map((row) => Number(row['byte_inicio']));
}
