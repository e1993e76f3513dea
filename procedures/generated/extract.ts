// written by carril codegen, never edited
import type { CallOptions, Procedure, Session } from '../../engine/index.js';

/** What the engine knows of each procedure of extract. */
export const procedures: Readonly<Record<
  | 'extractCapm'
  | 'extractCapmLegado'
  | 'extractDerivados'
  | 'extractDerivadosLegado'
  | 'extractIpa'
  | 'extractIpaLegado'
  | 'extractPosModRf'
  | 'extractPosModRfLegado'
  | 'extractSona'
  | 'extractSonaLegado'
  | 'extractUbs'
  | 'extractUbsLegado'
  | 'comprobarExtraccion'
, Procedure>> = {
  extractCapm: {
    name: 'extract.Extract_CAPM',
    parameters: [
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [],
  },
  extractCapmLegado: {
    name: 'extract.Extract_CAPM_Legado',
    parameters: [
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [],
  },
  extractDerivados: {
    name: 'extract.Extract_Derivados',
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
  extractPosModRf: {
    name: 'extract.Extract_PosModRF',
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
  extractSona: {
    name: 'extract.Extract_SONA',
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
  extractUbs: {
    name: 'extract.Extract_UBS',
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
  comprobarExtraccion: {
    name: 'extract.sp_Comprobar_Extraccion',
    parameters: [
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [],
  },
};

/** Arguments of `extract.Extract_CAPM`. */
export interface ExtractCapmArgs {
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** bigint */
  readonly idEjecucion: bigint;
}

/**
 * Copies the execution's accounting balances of its date from homol.CAPM to extract.CAPM, for the Portfolio_CAPM
 * of its funds. A fund without that code has no lines there. Deletes the execution's rows first, so that a
 * second call leaves the same rows; touches no other execution's.
 *
 * Calls `extract.Extract_CAPM`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, homol.CAPM read, extract.CAPM write.
 * Batch: 2000.
 * Step: called inside the caller's transaction.
 */
export async function extractCapm(session: Session, args: ExtractCapmArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.extractCapm, {
    FechaReporte: args.fechaReporte,
    ID_Ejecucion: args.idEjecucion,
  }, options);
}

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

/** Arguments of `extract.Extract_Derivados`. */
export interface ExtractDerivadosArgs {
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** bigint */
  readonly idEjecucion: bigint;
}

/**
 * Copies the execution's derivatives of its date from homol.Derivados to extract.Derivados, for the
 * Portfolio_Derivados of its funds with Flag_Derivados. A fund without that code has no lines there. Deletes the
 * execution's rows first, so that a second call leaves the same rows; touches no other execution's.
 *
 * Calls `extract.Extract_Derivados`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, homol.Derivados read, extract.Derivados write.
 * Batch: 2000.
 * Step: called inside the caller's transaction.
 */
export async function extractDerivados(session: Session, args: ExtractDerivadosArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.extractDerivados, {
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

/** Arguments of `extract.Extract_PosModRF`. */
export interface ExtractPosModRfArgs {
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** bigint */
  readonly idEjecucion: bigint;
}

/**
 * Copies the execution's fixed income positions of its date from homol.PosModRF to extract.PosModRF, for the
 * Portfolio_Geneva of its funds. Deletes the execution's rows first, so that a second call leaves the same rows;
 * touches no other execution's.
 *
 * Calls `extract.Extract_PosModRF`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, homol.PosModRF read, extract.PosModRF write.
 * Batch: 2000.
 * Step: called inside the caller's transaction.
 */
export async function extractPosModRf(session: Session, args: ExtractPosModRfArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.extractPosModRf, {
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

/** Arguments of `extract.Extract_SONA`. */
export interface ExtractSonaArgs {
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** bigint */
  readonly idEjecucion: bigint;
}

/**
 * Copies the execution's trades that wait for their settlement of its date from homol.SONA to extract.SONA, for
 * the Portfolio_Geneva of its funds. Deletes the execution's rows first, so that a second call leaves the same
 * rows; touches no other execution's.
 *
 * Calls `extract.Extract_SONA`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, homol.SONA read, extract.SONA write.
 * Batch: 2000.
 * Step: called inside the caller's transaction.
 */
export async function extractSona(session: Session, args: ExtractSonaArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.extractSona, {
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

/** Arguments of `extract.Extract_UBS`. */
export interface ExtractUbsArgs {
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** bigint */
  readonly idEjecucion: bigint;
}

/**
 * Copies the execution's custodian's positions of its date from homol.UBS to extract.UBS, for the Portfolio_UBS
 * of its funds with Flag_UBS. A fund without that code has no lines there. Deletes the execution's rows first,
 * so that a second call leaves the same rows; touches no other execution's.
 *
 * Calls `extract.Extract_UBS`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, homol.UBS read, extract.UBS write.
 * Batch: 2000.
 * Step: called inside the caller's transaction.
 */
export async function extractUbs(session: Session, args: ExtractUbsArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.extractUbs, {
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

/** Arguments of `extract.sp_Comprobar_Extraccion`. */
export interface ComprobarExtraccionArgs {
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** bigint */
  readonly idEjecucion: bigint;
}

/**
 * Checks what every extraction is called with: inside a transaction, for an execution that exists and is of that
 * date.
 *
 * Calls `extract.sp_Comprobar_Extraccion`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: logs.Ejecuciones read.
 * Batch: none.
 * Step: called inside the caller's transaction.
 */
export async function comprobarExtraccion(session: Session, args: ComprobarExtraccionArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.comprobarExtraccion, {
    FechaReporte: args.fechaReporte,
    ID_Ejecucion: args.idEjecucion,
  }, options);
}
