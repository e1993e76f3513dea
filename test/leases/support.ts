import type t from 'tap';

import { ProcedureError } from '../../engine/index.js';
import type { Row, Session, SqlValue } from '../../engine/index.js';
import { trabajo } from '../../procedures/generated/index.js';

/** What the tests of tap get. */
export type Test = Pick<typeof t, 'equal' | 'fail' | 'match' | 'ok'>;

/** Runs SQL that both engines understand; `?` stands for a parameter. */
export async function sql(session: Session, text: string, values: readonly SqlValue[] = []): Promise<Row[]> {
  let n = 0;
  const numbered = text.replaceAll('?', () => (session.dialect === 'postgres' ? `$${++n}` : `@p${n++}`));
  const rows = await session.query(numbered, values);
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([key, value]) => [key.toLowerCase(), value])),
  );
}

/** A chunk's row as it stands; keys in lower case. */
export async function chunkRow(session: Session, idChunk: bigint): Promise<Row> {
  const [row] = await sql(session, 'SELECT * FROM trabajo.Chunks WHERE ID_Chunk = ?', [idChunk]);
  if (row === undefined) throw new Error(`no chunk ${idChunk}`);
  return row;
}

/** Instead of waiting for a lease to expire. */
export async function expire(session: Session, idChunk: bigint): Promise<void> {
  await sql(session, 'UPDATE trabajo.Chunks SET Expira = ? WHERE ID_Chunk = ?', [
    new Date(Date.now() - 60_000),
    idChunk,
  ]);
}

/** Instead of waiting for a backoff to pass. */
export async function due(session: Session, idChunk: bigint): Promise<void> {
  await sql(session, 'UPDATE trabajo.Chunks SET No_Antes_De = NULL WHERE ID_Chunk = ?', [idChunk]);
}

/** A job with that many chunks, or with chunks of those weights; its ID. */
export async function createJob(
  session: Session,
  tipo: string,
  weights: number | readonly number[],
  more: Partial<trabajo.CrearTrabajoArgs> = {},
): Promise<bigint> {
  const list = typeof weights === 'number' ? Array.from({ length: weights }, () => 1) : weights;
  const { idTrabajo } = await trabajo.crearTrabajo(session, {
    tipo,
    chunks: list.map((peso, i) => ({ orden: i + 1, peso })),
    ...more,
  });
  return idTrabajo;
}

/** Claims of one kind. */
export async function claim(
  session: Session,
  tipo: string,
  poseedor: string,
  maximo = 1,
): Promise<readonly trabajo.ReclamarChunksRow[]> {
  return trabajo.reclamarChunks(session, { poseedor, tipos: [{ tipo }], maximo });
}

/** Claims one chunk of one kind. @throws when there is none */
export async function claimOne(
  session: Session,
  tipo: string,
  poseedor: string,
): Promise<trabajo.ReclamarChunksRow> {
  const [chunk] = await claim(session, tipo, poseedor);
  if (chunk === undefined) throw new Error(`nothing of kind ${tipo} to claim`);
  return chunk;
}

/** Says whether the call failed with that number; what it said otherwise. */
export async function failsWith(
  t: Test,
  number: number,
  call: Promise<unknown>,
  message?: RegExp,
): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof ProcedureError)) throw error;
    t.equal(error.number, number, error.message);
    if (message !== undefined) t.match(error.message, message);
    return;
  }
  t.fail(`the call should have failed with ${number}`);
}

/** A door that one side waits at until the other opens it. */
export interface Gate {
  readonly opened: Promise<void>;
  readonly open: () => void;
}

export function gate(): Gate {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** What is known of a chunk that was given to `trabajo.sp_Completar_Chunks`, or was claimed by it. */
export interface Answer {
  readonly situacion: string;
  readonly idChunk: bigint;
  readonly restantes: number | null;
}

/** The answer spelled out: what it does not name was completed, in a job that goes on. The given ones come first, by ID. */
export function spelledOut<Row extends Answer>(
  chunks: readonly { readonly idChunk: bigint }[],
  rows: readonly Row[],
): readonly (Row | Answer)[] {
  const claimed = rows.filter(({ situacion }) => situacion === 'RECLAMADO');
  const named = new Map(rows.filter((row) => !claimed.includes(row)).map((row) => [row.idChunk, row]));
  const given = chunks.map(
    ({ idChunk }): Row | Answer => named.get(idChunk) ?? { situacion: 'COMPLETADO', idChunk, restantes: 1 },
  );
  return [...given.toSorted((a, b) => Number(a.idChunk - b.idChunk)), ...claimed];
}
