// written by carril codegen, never edited
import type { CallOptions, Procedure, Session } from '../../engine/index.js';

/** What the engine knows of each procedure of staging. */
export const procedures: Readonly<Record<
  | 'ipa01RescatarLocalPriceV2'
  | 'ipa02Cash'
  | 'ipa03Final'
  | 'comprobarPaso'
, Procedure>> = {
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
};

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
