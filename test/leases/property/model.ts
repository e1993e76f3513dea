/** The rows of the jobs under test, as the test sees them, and what one call on its own must make of them. */
import type { Session } from '../../../engine/index.js';
import { sql } from '../support.js';

export interface Job {
  readonly id: bigint;
  readonly state: string;
  readonly cancelled: boolean;
  readonly maxAttempts: number;
}

export interface Chunk {
  readonly id: bigint;
  readonly job: bigint;
  readonly order: number;
  readonly from: bigint;
  readonly to: bigint;
  /** Hundredths. */
  readonly weight: number;
  readonly state: string;
  readonly holder: string | null;
  readonly token: bigint;
  readonly attempt: number;
  /** Held, and its lease has run out. */
  readonly expired: boolean;
  /** Free, and perhaps not yet to be claimed: backoffs are random, so whether it is due is not asked. */
  readonly waits: boolean;
  readonly result: string | null;
}

export interface Snapshot {
  readonly jobs: ReadonlyMap<bigint, Job>;
  readonly chunks: ReadonlyMap<bigint, Chunk>;
}

/** Reads jobs and chunks in one statement: one state of them, committed. */
export async function readSnapshot(session: Session, ids: readonly bigint[]): Promise<Snapshot> {
  const now = session.dialect === 'postgres' ? 'clock_timestamp()' : 'SYSUTCDATETIME()';
  const rows = await sql(
    session,
    `SELECT c.*, t.Estado AS Estado_Trabajo, t.Cancelado, t.Max_Intentos,
       CASE WHEN c.Expira < ${now} THEN 1 ELSE 0 END AS Vencido, CAST(c.Peso * 100 AS int) AS Centesimos
     FROM trabajo.Chunks AS c INNER JOIN trabajo.Trabajos AS t ON t.ID_Trabajo = c.ID_Trabajo
     WHERE c.ID_Trabajo IN (${ids.join(', ')})
     ORDER BY c.ID_Chunk`,
  );
  const jobs = new Map<bigint, Job>();
  const chunks = new Map<bigint, Chunk>();
  for (const row of rows) {
    const job = row['id_trabajo'] as bigint;
    jobs.set(job, {
      id: job,
      state: String(row['estado_trabajo']),
      cancelled: row['cancelado'] === true,
      maxAttempts: Number(row['max_intentos']),
    });
    const id = row['id_chunk'] as bigint;
    chunks.set(id, {
      id,
      job,
      order: Number(row['orden']),
      from: row['rango_inicio'] as bigint,
      to: row['rango_fin'] as bigint,
      weight: Number(row['centesimos']),
      state: String(row['estado']),
      holder: row['poseedor'] as string | null,
      token: row['token'] as bigint,
      attempt: Number(row['intento']),
      expired: row['vencido'] === 1,
      waits: row['no_antes_de'] !== null,
      result: row['resultado'] as string | null,
    });
  }
  return { jobs, chunks };
}

/** A lease that a claim has given: the right to end that chunk as long as the chunk's token is this one. */
export interface Lease {
  readonly chunk: bigint;
  readonly token: bigint;
  readonly worker: number;
}

/** Whether that lease still holds the chunk. */
export function holds(chunk: Chunk | undefined, lease: { readonly token: bigint }): boolean {
  return chunk?.token === lease.token && chunk.state === 'PENDIENTE' && chunk.holder !== null;
}

export function hasEnded(job: Job): boolean {
  return job.state !== 'EN_PROGRESO';
}

/** A copy of the rows to change into what is expected. */
export class Draft {
  readonly jobs: Map<bigint, Job>;
  readonly chunks: Map<bigint, Chunk>;
  /** Chunks whose attempts are used up and whose lease has expired, which a claim may have ended in ERROR or not come by. */
  readonly eitherWay = new Set<bigint>();

  constructor(before: Snapshot) {
    this.jobs = new Map(before.jobs);
    this.chunks = new Map(before.chunks);
  }

  chunk(id: bigint): Chunk {
    const chunk = this.chunks.get(id);
    if (chunk === undefined) throw new Error(`no chunk ${id}`);
    return chunk;
  }

  job(id: bigint): Job {
    const job = this.jobs.get(id);
    if (job === undefined) throw new Error(`no job ${id}`);
    return job;
  }

  of(job: bigint): Chunk[] {
    return [...this.chunks.values()].filter((chunk) => chunk.job === job);
  }

  unfinished(job: bigint): number {
    return this.of(job).filter(({ state }) => state === 'PENDIENTE').length;
  }

  setChunk(id: bigint, change: Partial<Chunk>): void {
    this.chunks.set(id, { ...this.chunk(id), ...change });
  }

  setJob(id: bigint, change: Partial<Job>): void {
    this.jobs.set(id, { ...this.job(id), ...change });
  }

  /** Ends a chunk, or frees it: `PENDIENTE`. */
  release(id: bigint, state: string, change: Partial<Chunk> = {}): void {
    this.setChunk(id, { state, holder: null, expired: false, waits: false, ...change });
  }

  claim(id: bigint, holder: string): void {
    const { token, attempt } = this.chunk(id);
    this.setChunk(id, { holder, token: token + 1n, attempt: attempt + 1, expired: false, waits: false });
  }

  /** Ends what nobody alive holds of a cancelled job; says how many chunks that were. */
  sweep(job: bigint): number {
    const swept = this.of(job).filter(
      ({ state, holder, expired }) => state === 'PENDIENTE' && (holder === null || expired),
    );
    for (const { id } of swept) this.release(id, 'CANCELADO');
    return swept.length;
  }

  /** What the finalizer makes of a job without unfinished chunks. */
  finalState(job: bigint): string {
    const states = this.of(job)
      .map(({ state }) => state)
      .filter((state) => state !== 'OMITIDO');
    const failed = states.filter((state) => state === 'ERROR').length;
    if (states.includes('CANCELADO')) return 'CANCELADO';
    if (failed > 0) return failed === states.length ? 'ERROR' : 'COMPLETADO_CON_ERRORES';
    return 'COMPLETADO';
  }
}

/** In which rows two snapshots differ. */
export function differences(expected: Draft, actual: Snapshot): string[] {
  const found: string[] = [];
  for (const id of expected.eitherWay) {
    if (actual.chunks.get(id)?.state === 'ERROR') expected.release(id, 'ERROR');
  }
  for (const [id, job] of expected.jobs) compare(`job ${id}`, job, actual.jobs.get(id));
  for (const [id, chunk] of expected.chunks) compare(`chunk ${id}`, chunk, actual.chunks.get(id));
  for (const id of actual.chunks.keys()) {
    if (!expected.chunks.has(id)) found.push(`chunk ${id} is new`);
  }
  return found;

  function compare(name: string, one: object, other: object | undefined): void {
    if (other === undefined) {
      found.push(`${name} is gone`);
      return;
    }
    for (const [key, value] of Object.entries(one)) {
      const is: unknown = (other as Readonly<Record<string, unknown>>)[key];
      if (value !== undefined && is !== value) {
        found.push(`${name}: ${key} should be ${String(value)} and is ${String(is)}`);
      }
    }
  }
}

/**
 * What no interleaving may do to rows from one moment to a later one, whatever the calls were: for SQL Server, whose
 * database has no audit, and once more for PostgreSQL.
 */
export function forbidden(before: Snapshot, after: Snapshot): string[] {
  const found: string[] = [];
  for (const [id, old] of before.chunks) {
    const now = after.chunks.get(id);
    if (now === undefined) {
      found.push(`chunk ${id} is lost`);
      continue;
    }
    if (now.token < old.token) found.push(`chunk ${id}: its token went from ${old.token} to ${now.token}`);
    if (['COMPLETADO', 'OMITIDO'].includes(old.state)) {
      if (now.state !== old.state || now.token !== old.token || now.result !== old.result)
        found.push(`chunk ${id} was ${old.state} and has changed`);
    }
    if (now.holder !== old.holder && now.holder !== null && now.token === old.token)
      found.push(`chunk ${id} is held by ${now.holder} without a new token`);
    const job = after.jobs.get(now.job);
    if (job !== undefined && hasEnded(job) && now.state === 'PENDIENTE')
      found.push(`chunk ${id} is unfinished in a job that has ended`);
  }
  return found;
}
