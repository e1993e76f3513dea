import type { Engine } from '../../engine/index.js';
import { ProcedureError } from '../../engine/index.js';
import { logs, trabajo } from '../../procedures/generated/index.js';
import type { Uploads } from './uploads.js';

/**
 * Takes away uploaded logs whose review ended longer ago than `keepMs`; what was found in them stays in the database. A file that no
 * review knows (its server was killed before it was registered) goes when it is that old itself.
 * @returns how many are gone
 */
export async function sweepUploads(engine: Engine, uploads: Uploads, keepMs: number): Promise<number> {
  const before = Date.now() - keepMs;
  let gone = 0;
  for (const { path, written } of await uploads.list()) {
    // no review ends before its file is there
    if (written > before || (await neededUntil(engine, path, written)) > before) continue;
    await uploads.remove(path);
    gone += 1;
  }
  return gone;
}

/** When a file's last review ended; Infinity while one goes on, and its own time where there is none. */
async function neededUntil(engine: Engine, path: string, written: number): Promise<number> {
  const [known] = await logs.buscarArchivo(engine, { ruta: path }, { idempotent: true });
  if (known?.trabajoVivo != null) return Infinity;
  if (known?.idTrabajo == null) return written;
  try {
    const job = await trabajo.estadoTrabajo(engine, { idTrabajo: known.idTrabajo }, { idempotent: true });
    return job.fechaFin?.getTime() ?? Infinity;
  } catch (error) {
    if (error instanceof ProcedureError && error.code === 'NOT_FOUND') return written; // purged
    throw error;
  }
}
