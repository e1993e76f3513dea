import type { trabajo } from '../../../../procedures/generated/index.js';
import { UsageError } from '../../../../engine/errors.js';
import { quote } from '../../../quote.js';

/** What a job and its counts have in common, wherever they come from. */
type Counted = Pick<
  trabajo.ListarTrabajosRow,
  | 'idTrabajo'
  | 'tipo'
  | 'clave'
  | 'estado'
  | 'cancelado'
  | 'fechaCreacion'
  | 'fechaFin'
  | 'total'
  | 'pendientes'
  | 'enProgreso'
  | 'completados'
  | 'fallidos'
  | 'cancelados'
  | 'omitidos'
>;

/** A job as `--json` prints it. */
export function jobJson(job: Counted): Record<string, unknown> {
  return {
    job: job.idTrabajo,
    kind: job.tipo,
    key: job.clave,
    state: job.estado,
    cancel_requested: job.cancelado,
    created: job.fechaCreacion,
    ended: job.fechaFin,
    chunks: job.total,
    waiting: job.pendientes,
    running: job.enProgreso,
    completed: job.completados,
    failed: job.fallidos,
    cancelled: job.cancelados,
    split: job.omitidos,
  };
}

/** The state, and that it is about to end where somebody has asked for that. */
export function stateOf({ estado, cancelado, fechaFin }: Counted): string {
  return cancelado && fechaFin === null ? `${estado}, being cancelled` : estado;
}

/** `1 chunk`, `2 chunks`. */
export function counted(count: number, noun = 'chunk'): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/**
 * One of the states, written in any case; null when the option was not given.
 * @throws UsageError naming the option and listing them
 */
export function parseState(
  text: string | undefined,
  option: string,
  states: readonly string[],
): string | null {
  if (text === undefined) return null;
  const state = text.trim().toUpperCase();
  if (states.includes(state)) return state;
  throw new UsageError(`${option}: there is no state ${quote(text)}; there are ${states.join(', ')}`);
}

/** A kind of jobs as it is stored; a site may have kinds that this version has no handler for. */
export function parseKind(text: string | undefined): string | null {
  if (text === undefined) return null;
  const kind = text.trim().toUpperCase();
  if (kind === '' || kind.length > 50) throw new UsageError(`--kind: ${quote(text)} is no kind of jobs`);
  return kind;
}
