// written by carril codegen, never edited
import type { CallOptions, Procedure, Session } from '../../engine/index.js';

/** What the engine knows of each procedure of staging. */
export const procedures: Readonly<Record<
  | 'capm01Saldos'
  | 'capm02Final'
  | 'derivados01Posiciones'
  | 'derivados02Final'
  | 'ipa01RescatarLocalPriceV2'
  | 'ipa02Cash'
  | 'ipa03Final'
  | 'pnl01Comparacion'
  | 'pnl02Final'
  | 'posModRf01Posiciones'
  | 'posModRf02Final'
  | 'sona01Pendientes'
  | 'sona02Final'
  | 'buscarIpa'
  | 'comprobarPaso'
  | 'ejecucionIpa'
  | 'ubs01Posiciones'
  | 'ubs02Final'
, Procedure>> = {
  capm01Saldos: {
    name: 'staging.CAPM_01_Saldos',
    parameters: [
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
      { name: 'ID_Fund', type: { kind: 'int' }, output: false, optional: false },
      { name: 'Portfolio_Geneva', type: { kind: 'varchar', length: 50 }, output: false, optional: false },
    ],
    results: [],
  },
  capm02Final: {
    name: 'staging.CAPM_02_Final',
    parameters: [
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
      { name: 'ID_Fund', type: { kind: 'int' }, output: false, optional: false },
      { name: 'Portfolio_Geneva', type: { kind: 'varchar', length: 50 }, output: false, optional: false },
    ],
    results: [],
  },
  derivados01Posiciones: {
    name: 'staging.Derivados_01_Posiciones',
    parameters: [
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
      { name: 'ID_Fund', type: { kind: 'int' }, output: false, optional: false },
      { name: 'Portfolio_Geneva', type: { kind: 'varchar', length: 50 }, output: false, optional: false },
    ],
    results: [],
  },
  derivados02Final: {
    name: 'staging.Derivados_02_Final',
    parameters: [
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
      { name: 'ID_Fund', type: { kind: 'int' }, output: false, optional: false },
      { name: 'Portfolio_Geneva', type: { kind: 'varchar', length: 50 }, output: false, optional: false },
    ],
    results: [],
  },
  ipa01RescatarLocalPriceV2: {
    name: 'staging.IPA_01_RescatarLocalPrice_v2',
    parameters: [
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
      { name: 'ID_Fund', type: { kind: 'int' }, output: false, optional: false },
      { name: 'Portfolio_Geneva', type: { kind: 'varchar', length: 50 }, output: false, optional: false },
    ],
    results: [],
  },
  ipa02Cash: {
    name: 'staging.IPA_02_Cash',
    parameters: [
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
      { name: 'ID_Fund', type: { kind: 'int' }, output: false, optional: false },
      { name: 'Portfolio_Geneva', type: { kind: 'varchar', length: 50 }, output: false, optional: false },
    ],
    results: [],
  },
  ipa03Final: {
    name: 'staging.IPA_03_Final',
    parameters: [
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
      { name: 'ID_Fund', type: { kind: 'int' }, output: false, optional: false },
      { name: 'Portfolio_Geneva', type: { kind: 'varchar', length: 50 }, output: false, optional: false },
    ],
    results: [],
  },
  pnl01Comparacion: {
    name: 'staging.PNL_01_Comparacion',
    parameters: [
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
      { name: 'ID_Fund', type: { kind: 'int' }, output: false, optional: false },
      { name: 'Portfolio_Geneva', type: { kind: 'varchar', length: 50 }, output: false, optional: false },
    ],
    results: [],
  },
  pnl02Final: {
    name: 'staging.PNL_02_Final',
    parameters: [
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
      { name: 'ID_Fund', type: { kind: 'int' }, output: false, optional: false },
      { name: 'Portfolio_Geneva', type: { kind: 'varchar', length: 50 }, output: false, optional: false },
    ],
    results: [],
  },
  posModRf01Posiciones: {
    name: 'staging.PosModRF_01_Posiciones',
    parameters: [
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
      { name: 'ID_Fund', type: { kind: 'int' }, output: false, optional: false },
      { name: 'Portfolio_Geneva', type: { kind: 'varchar', length: 50 }, output: false, optional: false },
    ],
    results: [],
  },
  posModRf02Final: {
    name: 'staging.PosModRF_02_Final',
    parameters: [
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
      { name: 'ID_Fund', type: { kind: 'int' }, output: false, optional: false },
      { name: 'Portfolio_Geneva', type: { kind: 'varchar', length: 50 }, output: false, optional: false },
    ],
    results: [],
  },
  sona01Pendientes: {
    name: 'staging.SONA_01_Pendientes',
    parameters: [
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
      { name: 'ID_Fund', type: { kind: 'int' }, output: false, optional: false },
      { name: 'Portfolio_Geneva', type: { kind: 'varchar', length: 50 }, output: false, optional: false },
    ],
    results: [],
  },
  sona02Final: {
    name: 'staging.SONA_02_Final',
    parameters: [
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
      { name: 'ID_Fund', type: { kind: 'int' }, output: false, optional: false },
      { name: 'Portfolio_Geneva', type: { kind: 'varchar', length: 50 }, output: false, optional: false },
    ],
    results: [],
  },
  buscarIpa: {
    name: 'staging.sp_Buscar_IPA',
    parameters: [
      { name: 'ID_Fund', type: { kind: 'int' }, output: false, optional: false },
      { name: 'Desde', type: { kind: 'date' }, output: false, optional: false },
      { name: 'Hasta', type: { kind: 'date' }, output: false, optional: false },
      { name: 'ID_Ejecucion_IPA', type: { kind: 'bigint' }, output: true, optional: true },
      { name: 'FechaReporte', type: { kind: 'date' }, output: true, optional: true },
    ],
    results: [],
  },
  comprobarPaso: {
    name: 'staging.sp_Comprobar_Paso',
    parameters: [
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
      { name: 'ID_Fund', type: { kind: 'int' }, output: false, optional: false },
      { name: 'Portfolio_Geneva', type: { kind: 'varchar', length: 50 }, output: false, optional: false },
    ],
    results: [],
  },
  ejecucionIpa: {
    name: 'staging.sp_Ejecucion_IPA',
    parameters: [
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
      { name: 'ID_Fund', type: { kind: 'int' }, output: false, optional: false },
      { name: 'ID_Ejecucion_IPA', type: { kind: 'bigint' }, output: true, optional: true },
    ],
    results: [],
  },
  ubs01Posiciones: {
    name: 'staging.UBS_01_Posiciones',
    parameters: [
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
      { name: 'ID_Fund', type: { kind: 'int' }, output: false, optional: false },
      { name: 'Portfolio_Geneva', type: { kind: 'varchar', length: 50 }, output: false, optional: false },
    ],
    results: [],
  },
  ubs02Final: {
    name: 'staging.UBS_02_Final',
    parameters: [
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
      { name: 'ID_Fund', type: { kind: 'int' }, output: false, optional: false },
      { name: 'Portfolio_Geneva', type: { kind: 'varchar', length: 50 }, output: false, optional: false },
    ],
    results: [],
  },
};

/** Arguments of `staging.CAPM_01_Saldos`. */
export interface Capm01SaldosArgs {
  /** bigint */
  readonly idEjecucion: bigint;
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** int */
  readonly idFund: number;
  /** varchar(50) */
  readonly portfolioGeneva: string;
}

/**
 * Brings the fund's accounting balances from extract.CAPM to staging.CAPM_WorkTable, numbered from 1. Deletes
 * the fund's rows first.
 *
 * Calls `staging.CAPM_01_Saldos`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, extract.CAPM read, staging.CAPM_WorkTable write.
 * Batch: 2000.
 * Step: called inside the caller's transaction.
 */
export async function capm01Saldos(session: Session, args: Capm01SaldosArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.capm01Saldos, {
    ID_Ejecucion: args.idEjecucion,
    FechaReporte: args.fechaReporte,
    ID_Fund: args.idFund,
    Portfolio_Geneva: args.portfolioGeneva,
  }, options);
}

/** Arguments of `staging.CAPM_02_Final`. */
export interface Capm02FinalArgs {
  /** bigint */
  readonly idEjecucion: bigint;
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** int */
  readonly idFund: number;
  /** varchar(50) */
  readonly portfolioGeneva: string;
}

/**
 * Leaves the fund's accounting NAV (all its balances added up) beside its IPA total in staging.CAPM_Final: the
 * difference, NAV less IPA, in money and in basis points of the NAV's absolute value, rounded half away from
 * zero to 4 decimals. No basis points (NULL) when the NAV is zero or they do not fit their column. Without IPA
 * rows the IPA total is 0; without balances there is no row. Deletes the fund's row first.
 *
 * Calls `staging.CAPM_02_Final`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Backfill_Mapa read, logs.Backfill_Estado
 * read, staging.IPA_Final read, staging.CAPM_WorkTable read, staging.CAPM_Final write.
 * Batch: 2000.
 * Step: called inside the caller's transaction.
 */
export async function capm02Final(session: Session, args: Capm02FinalArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.capm02Final, {
    ID_Ejecucion: args.idEjecucion,
    FechaReporte: args.fechaReporte,
    ID_Fund: args.idFund,
    Portfolio_Geneva: args.portfolioGeneva,
  }, options);
}

/** Arguments of `staging.Derivados_01_Posiciones`. */
export interface Derivados01PosicionesArgs {
  /** bigint */
  readonly idEjecucion: bigint;
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** int */
  readonly idFund: number;
  /** varchar(50) */
  readonly portfolioGeneva: string;
}

/**
 * Brings the fund's derivatives from extract.Derivados to staging.Derivados_WorkTable, numbered from 1. Deletes
 * the fund's rows first.
 *
 * Calls `staging.Derivados_01_Posiciones`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, extract.Derivados read,
 * staging.Derivados_WorkTable write.
 * Batch: 2000.
 * Step: called inside the caller's transaction.
 */
export async function derivados01Posiciones(session: Session, args: Derivados01PosicionesArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.derivados01Posiciones, {
    ID_Ejecucion: args.idEjecucion,
    FechaReporte: args.fechaReporte,
    ID_Fund: args.idFund,
    Portfolio_Geneva: args.portfolioGeneva,
  }, options);
}

/** Arguments of `staging.Derivados_02_Final`. */
export interface Derivados02FinalArgs {
  /** bigint */
  readonly idEjecucion: bigint;
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** int */
  readonly idFund: number;
  /** varchar(50) */
  readonly portfolioGeneva: string;
}

/**
 * Leaves one row per InvestID in staging.Derivados_Final: notionals and market values added up, description of
 * the line with the largest absolute notional, delta exposure (notional times delta, line by line, added up
 * exactly and then rounded half away from zero to 8 decimals). A position with a line whose delta is not known
 * has no exposure (NULL). Deletes the fund's rows first.
 *
 * Calls `staging.Derivados_02_Final`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.Derivados_WorkTable read,
 * staging.Derivados_Final write.
 * Batch: 2000.
 * Step: called inside the caller's transaction.
 */
export async function derivados02Final(session: Session, args: Derivados02FinalArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.derivados02Final, {
    ID_Ejecucion: args.idEjecucion,
    FechaReporte: args.fechaReporte,
    ID_Fund: args.idFund,
    Portfolio_Geneva: args.portfolioGeneva,
  }, options);
}

/** Arguments of `staging.IPA_01_RescatarLocalPrice_v2`. */
export interface Ipa01RescatarLocalPriceV2Args {
  /** bigint */
  readonly idEjecucion: bigint;
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** int */
  readonly idFund: number;
  /** varchar(50) */
  readonly portfolioGeneva: string;
}

/**
 * Brings the fund's extracted positions to staging.IPA_WorkTable, with a price for each: its own, else the
 * latest known one of its InvestID at or before the date (any portfolio; on one date the lowest portfolio, then
 * the first line), else ValorMercado / Cantidad rounded half away from zero to 8 decimals, else none.
 * Origen_Precio says which. Marks cash: a line without a ticker whose value is its quantity. Deletes the fund's
 * rows first.
 *
 * Calls `staging.IPA_01_RescatarLocalPrice_v2`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, homol.IPA read, extract.IPA read,
 * staging.IPA_WorkTable write.
 * Batch: 2000.
 * Step: called inside the caller's transaction.
 */
export async function ipa01RescatarLocalPriceV2(session: Session, args: Ipa01RescatarLocalPriceV2Args, options?: CallOptions): Promise<void> {
  await session.call(procedures.ipa01RescatarLocalPriceV2, {
    ID_Ejecucion: args.idEjecucion,
    FechaReporte: args.fechaReporte,
    ID_Fund: args.idFund,
    Portfolio_Geneva: args.portfolioGeneva,
  }, options);
}

/** Arguments of `staging.IPA_02_Cash`. */
export interface Ipa02CashArgs {
  /** bigint */
  readonly idEjecucion: bigint;
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** int */
  readonly idFund: number;
  /** varchar(50) */
  readonly portfolioGeneva: string;
}

/**
 * Sets the fund's cash lines apart in staging.IPA_Cash; in IPA_WorkTable they stay, marked. Deletes the fund's
 * rows first.
 *
 * Calls `staging.IPA_02_Cash`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.IPA_WorkTable read, staging.IPA_Cash
 * write.
 * Batch: 2000.
 * Step: called inside the caller's transaction.
 */
export async function ipa02Cash(session: Session, args: Ipa02CashArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.ipa02Cash, {
    ID_Ejecucion: args.idEjecucion,
    FechaReporte: args.fechaReporte,
    ID_Fund: args.idFund,
    Portfolio_Geneva: args.portfolioGeneva,
  }, options);
}

/** Arguments of `staging.IPA_03_Final`. */
export interface Ipa03FinalArgs {
  /** bigint */
  readonly idEjecucion: bigint;
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** int */
  readonly idFund: number;
  /** varchar(50) */
  readonly portfolioGeneva: string;
}

/**
 * Leaves one row per InvestID in staging.IPA_Final: quantities and values added up; description, currency and
 * price of the line with the largest absolute value (the first of several); weights with 10 decimals, rounded
 * half away from zero, that sum to exactly 100: the largest absolute value takes what rounding left over, of
 * several the lowest InvestID. A fund whose total is zero has weights of 0. 50409 when the total is so small
 * beside a position that a weight would reach 100,000,000 %. Deletes the fund's rows first.
 *
 * Calls `staging.IPA_03_Final`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.IPA_WorkTable read, staging.IPA_Final
 * write.
 * Batch: 2000.
 * Step: called inside the caller's transaction.
 */
export async function ipa03Final(session: Session, args: Ipa03FinalArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.ipa03Final, {
    ID_Ejecucion: args.idEjecucion,
    FechaReporte: args.fechaReporte,
    ID_Fund: args.idFund,
    Portfolio_Geneva: args.portfolioGeneva,
  }, options);
}

/** Arguments of `staging.PNL_01_Comparacion`. */
export interface Pnl01ComparacionArgs {
  /** bigint */
  readonly idEjecucion: bigint;
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** int */
  readonly idFund: number;
  /** varchar(50) */
  readonly portfolioGeneva: string;
}

/**
 * Puts the fund's positions of the date beside those of its previous date in staging.PNL_WorkTable, one row per
 * InvestID that either has, cash included; what a date does not have counts as 0. The previous date is the
 * latest before this one of which the fund has a completed execution that left IPA rows, and of that date the
 * execution that began last. On the fund's first date ID_Ejecucion_Anterior and FechaAnterior are NULL. No rows
 * when the date itself has no IPA rows: that is a fund whose file was not loaded, not one that sold everything.
 * While a backfill moves the previous date's rows from the shared execution to the fund's own, they are read
 * from both. Deletes the fund's rows first.
 *
 * Calls `staging.PNL_01_Comparacion`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Backfill_Mapa read, logs.Backfill_Estado
 * read, staging.IPA_Final read, staging.PNL_WorkTable write.
 * Batch: 2000.
 * Step: called inside the caller's transaction.
 */
export async function pnl01Comparacion(session: Session, args: Pnl01ComparacionArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.pnl01Comparacion, {
    ID_Ejecucion: args.idEjecucion,
    FechaReporte: args.fechaReporte,
    ID_Fund: args.idFund,
    Portfolio_Geneva: args.portfolioGeneva,
  }, options);
}

/** Arguments of `staging.PNL_02_Final`. */
export interface Pnl02FinalArgs {
  /** bigint */
  readonly idEjecucion: bigint;
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** int */
  readonly idFund: number;
  /** varchar(50) */
  readonly portfolioGeneva: string;
}

/**
 * Leaves the change in value per InvestID in staging.PNL_Final, split into two effects that sum to it exactly.
 * The price effect is the quantity held before times the change in price: previous quantity * value / quantity,
 * rounded half away from zero to 4 decimals, less the previous value. The quantity effect is the rest. A
 * quantity that did not change leaves all to the price. A position that is new, was closed, has no quantity on
 * one of the two dates, or is of the fund's first date is all quantity: its price change is not known. Deletes
 * the fund's rows first.
 *
 * Calls `staging.PNL_02_Final`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.PNL_WorkTable read, staging.PNL_Final
 * write.
 * Batch: 2000.
 * Step: called inside the caller's transaction.
 */
export async function pnl02Final(session: Session, args: Pnl02FinalArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.pnl02Final, {
    ID_Ejecucion: args.idEjecucion,
    FechaReporte: args.fechaReporte,
    ID_Fund: args.idFund,
    Portfolio_Geneva: args.portfolioGeneva,
  }, options);
}

/** Arguments of `staging.PosModRF_01_Posiciones`. */
export interface PosModRf01PosicionesArgs {
  /** bigint */
  readonly idEjecucion: bigint;
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** int */
  readonly idFund: number;
  /** varchar(50) */
  readonly portfolioGeneva: string;
}

/**
 * Brings the fund's fixed income from extract.PosModRF to staging.PosModRF_WorkTable, numbered from 1. Deletes
 * the fund's rows first.
 *
 * Calls `staging.PosModRF_01_Posiciones`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, extract.PosModRF read, staging.PosModRF_WorkTable
 * write.
 * Batch: 2000.
 * Step: called inside the caller's transaction.
 */
export async function posModRf01Posiciones(session: Session, args: PosModRf01PosicionesArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.posModRf01Posiciones, {
    ID_Ejecucion: args.idEjecucion,
    FechaReporte: args.fechaReporte,
    ID_Fund: args.idFund,
    Portfolio_Geneva: args.portfolioGeneva,
  }, options);
}

/** Arguments of `staging.PosModRF_02_Final`. */
export interface PosModRf02FinalArgs {
  /** bigint */
  readonly idEjecucion: bigint;
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** int */
  readonly idFund: number;
  /** varchar(50) */
  readonly portfolioGeneva: string;
}

/**
 * Leaves one row per InvestID in staging.PosModRF_Final: nominals and values added up, description of the line
 * with the largest absolute value, modified duration of the largest line that has one. Peso is the share of the
 * fund's fixed income, in per cent with 10 decimals, and the weights sum to exactly 100 (to 0 when the total is
 * zero). Contribucion is value times duration over the value of what has a duration, so what has none neither
 * contributes nor counts as zero; Duracion_Fondo is their sum, the same in every row. Both rounded half away
 * from zero to 10 decimals; the largest absolute value takes what rounding left over, of several the lowest
 * InvestID. Without any duration, or when the value of what has one is zero, both are NULL. 50409 when a total
 * is so small beside a position that a weight or a contribution would not fit. Deletes the fund's rows first.
 *
 * Calls `staging.PosModRF_02_Final`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.PosModRF_WorkTable read,
 * staging.PosModRF_Final write.
 * Batch: 2000.
 * Step: called inside the caller's transaction.
 */
export async function posModRf02Final(session: Session, args: PosModRf02FinalArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.posModRf02Final, {
    ID_Ejecucion: args.idEjecucion,
    FechaReporte: args.fechaReporte,
    ID_Fund: args.idFund,
    Portfolio_Geneva: args.portfolioGeneva,
  }, options);
}

/** Arguments of `staging.SONA_01_Pendientes`. */
export interface Sona01PendientesArgs {
  /** bigint */
  readonly idEjecucion: bigint;
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** int */
  readonly idFund: number;
  /** varchar(50) */
  readonly portfolioGeneva: string;
}

/**
 * Brings the fund's trades that are pending at the date from extract.SONA to staging.SONA_WorkTable, numbered
 * from 1: traded at or before the date and settling after it; what settles on the date is settled. Deletes the
 * fund's rows first.
 *
 * Calls `staging.SONA_01_Pendientes`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, extract.SONA read, staging.SONA_WorkTable write.
 * Batch: 2000.
 * Step: called inside the caller's transaction.
 */
export async function sona01Pendientes(session: Session, args: Sona01PendientesArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.sona01Pendientes, {
    ID_Ejecucion: args.idEjecucion,
    FechaReporte: args.fechaReporte,
    ID_Fund: args.idFund,
    Portfolio_Geneva: args.portfolioGeneva,
  }, options);
}

/** Arguments of `staging.SONA_02_Final`. */
export interface Sona02FinalArgs {
  /** bigint */
  readonly idEjecucion: bigint;
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** int */
  readonly idFund: number;
  /** varchar(50) */
  readonly portfolioGeneva: string;
}

/**
 * Leaves one row per InvestID and currency in staging.SONA_Final: quantity and money of the trades that are
 * pending, added up with their signs, and how many trades they are; lines with one ID_Operacion are parts of one
 * trade. A row stays when its sums are zero. Deletes the fund's rows first.
 *
 * Calls `staging.SONA_02_Final`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.SONA_WorkTable read, staging.SONA_Final
 * write.
 * Batch: 2000.
 * Step: called inside the caller's transaction.
 */
export async function sona02Final(session: Session, args: Sona02FinalArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.sona02Final, {
    ID_Ejecucion: args.idEjecucion,
    FechaReporte: args.fechaReporte,
    ID_Fund: args.idFund,
    Portfolio_Geneva: args.portfolioGeneva,
  }, options);
}

/** Arguments of `staging.sp_Buscar_IPA`. */
export interface BuscarIpaArgs {
  /** int */
  readonly idFund: number;
  /** date, `YYYY-MM-DD` */
  readonly desde: string;
  /** date, `YYYY-MM-DD` */
  readonly hasta: string;
}

/** OUTPUT parameters of `staging.sp_Buscar_IPA`. */
export interface BuscarIpaResult {
  /** bigint */
  readonly idEjecucionIpa: bigint | null;
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string | null;
}

/**
 * Finds whose rows of staging.IPA_Final stand for a fund at the latest date between two: its last completed
 * execution of that date that ran IPA and left rows. Of several on that date the one that began last counts. A
 * run of the old way counts for those of its funds whose IPA is complete. Nothing found: NULL. While a backfill
 * moves the rows of the old way, a fund's own execution counts together with the shared one that it comes from:
 * whoever reads the rows reads those of both.
 *
 * Calls `staging.sp_Buscar_IPA`.
 * Errors: none of its own.
 * Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Backfill_Mapa read, staging.IPA_Final read.
 * Batch: none.
 * Step: called inside the caller's transaction.
 */
export async function buscarIpa(session: Session, args: BuscarIpaArgs, options?: CallOptions): Promise<BuscarIpaResult> {
  const { output } = await session.call(procedures.buscarIpa, {
    ID_Fund: args.idFund,
    Desde: args.desde,
    Hasta: args.hasta,
  }, options);
  return {
    idEjecucionIpa: output['ID_Ejecucion_IPA'] as bigint | null,
    fechaReporte: output['FechaReporte'] as string | null,
  };
}

/** Arguments of `staging.sp_Comprobar_Paso`. */
export interface ComprobarPasoArgs {
  /** bigint */
  readonly idEjecucion: bigint;
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** int */
  readonly idFund: number;
  /** varchar(50) */
  readonly portfolioGeneva: string;
}

/**
 * Checks what every staging step is called with: inside a transaction, for an execution that exists, of that
 * date, that holds that fund under that portfolio.
 *
 * Calls `staging.sp_Comprobar_Paso`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read.
 * Batch: none.
 * Step: called inside the caller's transaction.
 */
export async function comprobarPaso(session: Session, args: ComprobarPasoArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.comprobarPaso, {
    ID_Ejecucion: args.idEjecucion,
    FechaReporte: args.fechaReporte,
    ID_Fund: args.idFund,
    Portfolio_Geneva: args.portfolioGeneva,
  }, options);
}

/** Arguments of `staging.sp_Ejecucion_IPA`. */
export interface EjecucionIpaArgs {
  /** bigint */
  readonly idEjecucion: bigint;
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** int */
  readonly idFund: number;
}

/** OUTPUT parameters of `staging.sp_Ejecucion_IPA`. */
export interface EjecucionIpaResult {
  /** bigint */
  readonly idEjecucionIpa: bigint | null;
}

/**
 * Whose rows of staging.IPA_Final the other services of an execution read: its own, or, when IPA was skipped in
 * it (OMITIDO, because one service was run alone), those of the fund's last completed execution of the same
 * date. Neither has rows: NULL. Of a date whose rows a backfill is moving, the latter are refused (50409): a
 * part of them is elsewhere.
 *
 * Calls `staging.sp_Ejecucion_IPA`.
 * Errors: 50409 WRONG_STATE.
 * Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Backfill_Mapa read, logs.Backfill_Estado
 * read, staging.IPA_Final read.
 * Batch: none.
 * Step: called inside the caller's transaction.
 */
export async function ejecucionIpa(session: Session, args: EjecucionIpaArgs, options?: CallOptions): Promise<EjecucionIpaResult> {
  const { output } = await session.call(procedures.ejecucionIpa, {
    ID_Ejecucion: args.idEjecucion,
    FechaReporte: args.fechaReporte,
    ID_Fund: args.idFund,
  }, options);
  return {
    idEjecucionIpa: output['ID_Ejecucion_IPA'] as bigint | null,
  };
}

/** Arguments of `staging.UBS_01_Posiciones`. */
export interface Ubs01PosicionesArgs {
  /** bigint */
  readonly idEjecucion: bigint;
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** int */
  readonly idFund: number;
  /** varchar(50) */
  readonly portfolioGeneva: string;
}

/**
 * Brings the custodian's positions of the fund from extract.UBS to staging.UBS_WorkTable, numbered from 1.
 * Deletes the fund's rows first.
 *
 * Calls `staging.UBS_01_Posiciones`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, extract.UBS read, staging.UBS_WorkTable write.
 * Batch: 2000.
 * Step: called inside the caller's transaction.
 */
export async function ubs01Posiciones(session: Session, args: Ubs01PosicionesArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.ubs01Posiciones, {
    ID_Ejecucion: args.idEjecucion,
    FechaReporte: args.fechaReporte,
    ID_Fund: args.idFund,
    Portfolio_Geneva: args.portfolioGeneva,
  }, options);
}

/** Arguments of `staging.UBS_02_Final`. */
export interface Ubs02FinalArgs {
  /** bigint */
  readonly idEjecucion: bigint;
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** int */
  readonly idFund: number;
  /** varchar(50) */
  readonly portfolioGeneva: string;
}

/**
 * Leaves the breaks between the custodian and IPA in staging.UBS_Final, one row per InvestID whose quantities
 * differ: FALTA_EN_IPA when IPA has no such position, FALTA_EN_UBS when the custodian has none, else
 * CANTIDAD_DISTINTA; Diferencia is the custodian's quantity less IPA's. Quantities of one InvestID are added up;
 * one of zero is as good as none. IPA's cash is no position: it is not looked for at the custodian, and the
 * custodian's lines of that InvestID are left out. Without lines of the custodian every position is a break.
 * Deletes the fund's rows first.
 *
 * Calls `staging.UBS_02_Final`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Backfill_Mapa read, logs.Backfill_Estado
 * read, staging.IPA_Final read, staging.UBS_WorkTable read, staging.UBS_Final write.
 * Batch: 2000.
 * Step: called inside the caller's transaction.
 */
export async function ubs02Final(session: Session, args: Ubs02FinalArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.ubs02Final, {
    ID_Ejecucion: args.idEjecucion,
    FechaReporte: args.fechaReporte,
    ID_Fund: args.idFund,
    Portfolio_Geneva: args.portfolioGeneva,
  }, options);
}
