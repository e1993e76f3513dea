// written by carril codegen, never edited
import type { CallOptions, Procedure, Session } from '../../engine/index.js';

/** What the engine knows of each procedure of extract. */
export const procedures: Readonly<Record<
  | 'extractIpa'
, Procedure>> = {
  extractIpa: {
    name: 'extract.Extract_IPA',
    parameters: [
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [],
  },
};

/** Arguments of `extract.Extract_IPA`. */
export interface ExtractIpaArgs {
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** bigint */
  readonly idEjecucion: bigint;
}

/**
 * Copies the execution's positions of its date from homol.IPA to extract.IPA, for the Portfolio_Geneva of its
 * funds. Deletes the execution's rows first, so that a second call leaves the same rows; touches no other
 * execution's.
 *
 * Calls `extract.Extract_IPA`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, homol.IPA read, extract.IPA write.
 * Batch: 2000.
 * Step: called inside the caller's transaction.
 */
export async function extractIpa(session: Session, args: ExtractIpaArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.extractIpa, {
    FechaReporte: args.fechaReporte,
    ID_Ejecucion: args.idEjecucion,
  }, options);
}
