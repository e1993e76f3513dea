// written by carril codegen, never edited
import type { CallOptions, Procedure, Session } from '../../engine/index.js';

/** What the engine knows of each procedure of extract. */
export const procedures: Readonly<Record<
  | 'extractCapmLegado'
  | 'extractDerivadosLegado'
  | 'extractIpa'
  | 'extractIpaLegado'
  | 'extractPosModRfLegado'
  | 'extractSonaLegado'
  | 'extractUbsLegado'
, Procedure>> = {
  extractCapmLegado: {
    name: 'extract.Extract_CAPM_Legado',
    parameters: [
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [],
  },
  extractDerivadosLegado: {
    name: 'extract.Extract_Derivados_Legado',
    parameters: [
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [],
  },
  extractIpa: {
    name: 'extract.Extract_IPA',
    parameters: [
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [],
  },
  extractIpaLegado: {
    name: 'extract.Extract_IPA_Legado',
    parameters: [
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [],
  },
  extractPosModRfLegado: {
    name: 'extract.Extract_PosModRF_Legado',
    parameters: [
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [],
  },
  extractSonaLegado: {
    name: 'extract.Extract_SONA_Legado',
    parameters: [
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [],
  },
  extractUbsLegado: {
    name: 'extract.Extract_UBS_Legado',
    parameters: [
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [],
  },
};

/** Arguments of `extract.Extract_CAPM_Legado`. */
export interface ExtractCapmLegadoArgs {
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** bigint */
  readonly idEjecucion: bigint;
}

/**
 * Copies the date's lines from homol.CAPM to extract.CAPM for all funds of a shared execution at once, without
 * ID_Ejecucion, as the extraction was before the plan: what is there of the date and of their Portfolio_CAPM is
 * deleted first, so that a second call leaves the same rows. Rows of the hierarchical way (with an ID_Ejecucion)
 * are not touched.
 *
 * The locking of before is kept on purpose (document 004, hypothesis 2 and "Los SPs de extraccion son BATCH"):
 * one DELETE and one INSERT for all funds, found by FechaReporte and Portfolio.
 *
 * Calls `extract.Extract_CAPM_Legado`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, homol.CAPM read, extract.CAPM write.
 * Batch: none.
 * Step: called inside the caller's transaction.
 */
export async function extractCapmLegado(session: Session, args: ExtractCapmLegadoArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.extractCapmLegado, {
    FechaReporte: args.fechaReporte,
    ID_Ejecucion: args.idEjecucion,
  }, options);
}

/** Arguments of `extract.Extract_Derivados_Legado`. */
export interface ExtractDerivadosLegadoArgs {
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** bigint */
  readonly idEjecucion: bigint;
}

/**
 * Copies the date's lines from homol.Derivados to extract.Derivados for all funds of a shared execution at once,
 * without ID_Ejecucion, as the extraction was before the plan: what is there of the date and of their
 * Portfolio_Derivados is deleted first, so that a second call leaves the same rows. Rows of the hierarchical way
 * (with an ID_Ejecucion) are not touched.
 *
 * The locking of before is kept on purpose (document 004, hypothesis 2 and "Los SPs de extraccion son BATCH"):
 * one DELETE and one INSERT for all funds, found by FechaReporte and Portfolio.
 *
 * Calls `extract.Extract_Derivados_Legado`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, homol.Derivados read, extract.Derivados write.
 * Batch: none.
 * Step: called inside the caller's transaction.
 */
export async function extractDerivadosLegado(session: Session, args: ExtractDerivadosLegadoArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.extractDerivadosLegado, {
    FechaReporte: args.fechaReporte,
    ID_Ejecucion: args.idEjecucion,
  }, options);
}

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

/** Arguments of `extract.Extract_IPA_Legado`. */
export interface ExtractIpaLegadoArgs {
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** bigint */
  readonly idEjecucion: bigint;
}

/**
 * Copies the date's lines from homol.IPA to extract.IPA for all funds of a shared execution at once, without
 * ID_Ejecucion, as the extraction was before the plan: what is there of the date and of their Portfolio_Geneva
 * is deleted first, so that a second call leaves the same rows. Rows of the hierarchical way (with an
 * ID_Ejecucion) are not touched.
 *
 * The locking of before is kept on purpose (document 004, hypothesis 2 and "Los SPs de extraccion son BATCH"):
 * one DELETE and one INSERT for all funds, found by FechaReporte and Portfolio.
 *
 * Calls `extract.Extract_IPA_Legado`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, homol.IPA read, extract.IPA write.
 * Batch: none.
 * Step: called inside the caller's transaction.
 */
export async function extractIpaLegado(session: Session, args: ExtractIpaLegadoArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.extractIpaLegado, {
    FechaReporte: args.fechaReporte,
    ID_Ejecucion: args.idEjecucion,
  }, options);
}

/** Arguments of `extract.Extract_PosModRF_Legado`. */
export interface ExtractPosModRfLegadoArgs {
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** bigint */
  readonly idEjecucion: bigint;
}

/**
 * Copies the date's lines from homol.PosModRF to extract.PosModRF for all funds of a shared execution at once,
 * without ID_Ejecucion, as the extraction was before the plan: what is there of the date and of their
 * Portfolio_Geneva is deleted first, so that a second call leaves the same rows. Rows of the hierarchical way
 * (with an ID_Ejecucion) are not touched.
 *
 * The locking of before is kept on purpose (document 004, hypothesis 2 and "Los SPs de extraccion son BATCH"):
 * one DELETE and one INSERT for all funds, found by FechaReporte and Portfolio.
 *
 * Calls `extract.Extract_PosModRF_Legado`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, homol.PosModRF read, extract.PosModRF write.
 * Batch: none.
 * Step: called inside the caller's transaction.
 */
export async function extractPosModRfLegado(session: Session, args: ExtractPosModRfLegadoArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.extractPosModRfLegado, {
    FechaReporte: args.fechaReporte,
    ID_Ejecucion: args.idEjecucion,
  }, options);
}

/** Arguments of `extract.Extract_SONA_Legado`. */
export interface ExtractSonaLegadoArgs {
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** bigint */
  readonly idEjecucion: bigint;
}

/**
 * Copies the date's lines from homol.SONA to extract.SONA for all funds of a shared execution at once, without
 * ID_Ejecucion, as the extraction was before the plan: what is there of the date and of their Portfolio_Geneva
 * is deleted first, so that a second call leaves the same rows. Rows of the hierarchical way (with an
 * ID_Ejecucion) are not touched.
 *
 * The locking of before is kept on purpose (document 004, hypothesis 2 and "Los SPs de extraccion son BATCH"):
 * one DELETE and one INSERT for all funds, found by FechaReporte and Portfolio.
 *
 * Calls `extract.Extract_SONA_Legado`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, homol.SONA read, extract.SONA write.
 * Batch: none.
 * Step: called inside the caller's transaction.
 */
export async function extractSonaLegado(session: Session, args: ExtractSonaLegadoArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.extractSonaLegado, {
    FechaReporte: args.fechaReporte,
    ID_Ejecucion: args.idEjecucion,
  }, options);
}

/** Arguments of `extract.Extract_UBS_Legado`. */
export interface ExtractUbsLegadoArgs {
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** bigint */
  readonly idEjecucion: bigint;
}

/**
 * Copies the date's lines from homol.UBS to extract.UBS for all funds of a shared execution at once, without
 * ID_Ejecucion, as the extraction was before the plan: what is there of the date and of their Portfolio_UBS is
 * deleted first, so that a second call leaves the same rows. Rows of the hierarchical way (with an ID_Ejecucion)
 * are not touched.
 *
 * The locking of before is kept on purpose (document 004, hypothesis 2 and "Los SPs de extraccion son BATCH"):
 * one DELETE and one INSERT for all funds, found by FechaReporte and Portfolio.
 *
 * Calls `extract.Extract_UBS_Legado`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, homol.UBS read, extract.UBS write.
 * Batch: none.
 * Step: called inside the caller's transaction.
 */
export async function extractUbsLegado(session: Session, args: ExtractUbsLegadoArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.extractUbsLegado, {
    FechaReporte: args.fechaReporte,
    ID_Ejecucion: args.idEjecucion,
  }, options);
}
