import { randomBytes } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import type { Session } from '../../engine/index.js';
import { logs } from '../../procedures/generated/index.js';

/** A byte range of a review, as the state file has it. */
export interface ChunkState {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  /** PENDIENTE, PROCESANDO (held, its lease alive), COMPLETADO, ERROR, CANCELADO, OMITIDO (split in two others). */
  readonly state: string;
  readonly holder: string | null;
  readonly attempt: number;
  readonly ended: string | null;
}

/** A log's newest review: the one under way, else the last one. */
export interface FileState {
  readonly file: string;
  readonly job: string | null;
  readonly state: string | null;
  /** Read up to here. */
  readonly read: number;
  /** The next scan begins here. */
  readonly resume_at: number;
  readonly chunks: readonly ChunkState[];
}

/** What the state file holds: a copy of the database's view of the log reviews, for programs that read files. */
export interface LogState {
  readonly version: 1;
  readonly at: string;
  readonly files: readonly FileState[];
}

/** The reviews of all files, or of one. */
export async function readLogState(session: Session, path?: string): Promise<LogState> {
  const rows = await logs.listarRevisiones(session, { ruta: path ?? null }, { idempotent: true });
  const files = new Map<bigint, FileState & { chunks: ChunkState[] }>();
  for (const row of rows) {
    let file = files.get(row.idArchivo);
    if (file === undefined) {
      file = {
        file: row.ruta,
        job: row.idTrabajo === null ? null : String(row.idTrabajo),
        state: row.estadoTrabajo,
        read: Number(row.leido),
        resume_at: Number(row.reanudarEn),
        chunks: [],
      };
      files.set(row.idArchivo, file);
    }
    if (row.idChunk === null) continue;
    file.chunks.push({
      id: String(row.idChunk),
      from: Number(row.byteInicio),
      to: Number(row.byteFin),
      state: row.estado ?? '',
      holder: row.poseedor,
      attempt: row.intento ?? 0,
      ended: row.fin?.toISOString() ?? null,
    });
  }
  return { version: 1, at: new Date().toISOString(), files: [...files.values()] };
}

/**
 * Writes the state file beside itself and renames it into place: who reads it sees the old one or the new one, whole. Who
 * may read and write it stays as it was.
 */
export async function writeStateFile(path: string, state: LogState): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}`);
  try {
    const before = await stat(path).catch(() => undefined);
    const handle = await open(temporary, 'wx', 0o644);
    try {
      if (before !== undefined) await handle.chmod(before.mode & 0o777);
      await handle.writeFile(`${JSON.stringify(state, null, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
