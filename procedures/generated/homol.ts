// written by carril codegen, never edited
import { ProcedureError } from '../../engine/index.js';
import type { CallOptions, CallResult, Procedure, Row, Session } from '../../engine/index.js';
import * as homolTables from './homol.tables.js';
export * from './homol.tables.js';

/** What the engine knows of each procedure of homol. */
export const procedures: Readonly<Record<
  | 'cargarCapm'
  | 'cargarDerivados'
  | 'cargarIpa'
  | 'cargarPosModRf'
  | 'cargarSona'
  | 'cargarUbs'
  | 'fechasCargadas'
, Procedure>> = {
  cargarCapm: {
    name: 'homol.sp_Cargar_CAPM',
    parameters: [
      { name: 'Filas', type: homolTables.filasCapmV1, output: false, optional: true },
    ],
    results: [
      [
        { name: 'Insertadas', type: { kind: 'int' }, nullable: false },
        { name: 'Reemplazadas', type: { kind: 'int' }, nullable: false },
        { name: 'Sin_Cambio', type: { kind: 'bit' }, nullable: false },
      ],
    ],
  },
  cargarDerivados: {
    name: 'homol.sp_Cargar_Derivados',
    parameters: [
      { name: 'Filas', type: homolTables.filasDerivadosV1, output: false, optional: true },
    ],
    results: [
      [
        { name: 'Insertadas', type: { kind: 'int' }, nullable: false },
        { name: 'Reemplazadas', type: { kind: 'int' }, nullable: false },
        { name: 'Sin_Cambio', type: { kind: 'bit' }, nullable: false },
      ],
    ],
  },
  cargarIpa: {
    name: 'homol.sp_Cargar_IPA',
    parameters: [
      { name: 'Filas', type: homolTables.filasIpaV1, output: false, optional: true },
    ],
    results: [
      [
        { name: 'Insertadas', type: { kind: 'int' }, nullable: false },
        { name: 'Reemplazadas', type: { kind: 'int' }, nullable: false },
        { name: 'Sin_Cambio', type: { kind: 'bit' }, nullable: false },
      ],
    ],
  },
  cargarPosModRf: {
    name: 'homol.sp_Cargar_PosModRF',
    parameters: [
      { name: 'Filas', type: homolTables.filasPosModRfV1, output: false, optional: true },
    ],
    results: [
      [
        { name: 'Insertadas', type: { kind: 'int' }, nullable: false },
        { name: 'Reemplazadas', type: { kind: 'int' }, nullable: false },
        { name: 'Sin_Cambio', type: { kind: 'bit' }, nullable: false },
      ],
    ],
  },
  cargarSona: {
    name: 'homol.sp_Cargar_SONA',
    parameters: [
      { name: 'Filas', type: homolTables.filasSonaV1, output: false, optional: true },
    ],
    results: [
      [
        { name: 'Insertadas', type: { kind: 'int' }, nullable: false },
        { name: 'Reemplazadas', type: { kind: 'int' }, nullable: false },
        { name: 'Sin_Cambio', type: { kind: 'bit' }, nullable: false },
      ],
    ],
  },
  cargarUbs: {
    name: 'homol.sp_Cargar_UBS',
    parameters: [
      { name: 'Filas', type: homolTables.filasUbsV1, output: false, optional: true },
    ],
    results: [
      [
        { name: 'Insertadas', type: { kind: 'int' }, nullable: false },
        { name: 'Reemplazadas', type: { kind: 'int' }, nullable: false },
        { name: 'Sin_Cambio', type: { kind: 'bit' }, nullable: false },
      ],
    ],
  },
  fechasCargadas: {
    name: 'homol.sp_Fechas_Cargadas',
    parameters: [
      { name: 'Desde', type: { kind: 'date' }, output: false, optional: false },
      { name: 'Hasta', type: { kind: 'date' }, output: false, optional: false },
    ],
    results: [
      [
        { name: 'FechaReporte', type: { kind: 'date' }, nullable: false },
      ],
    ],
  },
};

/** Arguments of `homol.sp_Cargar_CAPM`. */
export interface CargarCapmArgs {
  /** homol.Filas_CAPM_v1; empty when left out */
  readonly filas?: readonly homolTables.FilasCapmV1Row[] | undefined;
}

/** The row that `homol.sp_Cargar_CAPM` returns. */
export interface CargarCapmResult {
  /** int; rows written */
  readonly insertadas: number;
  /** int; rows that stood there before and were deleted */
  readonly reemplazadas: number;
  /** bit; nothing had to be written */
  readonly sinCambio: boolean;
}

/**
 * Loads accounting balances: replaces all rows of each (FechaReporte, Portfolio) among the given lines, in one
 * transaction. A pair whose stored rows already are the given ones is left alone, so that loading a file twice
 * changes nothing. Texts are trimmed; numbers are plain decimals, rounded to the column's scale. A line is known
 * by its Cuenta and Moneda; the same of both twice in one pair is refused. Two loads of one pair wait for each
 * other. An error names the line.
 *
 * Calls `homol.sp_Cargar_CAPM`.
 * Errors: 50400 BAD_ARGUMENT, 50408 LOCK_TIMEOUT, 50499 CANCELLED.
 * Touches: homol.CAPM write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function cargarCapm(session: Session, args: CargarCapmArgs = {}, options?: CallOptions): Promise<CargarCapmResult> {
  const result = await session.call(procedures.cargarCapm, {
    Filas: homolTables.filasCapmV1Rows(args.filas),
  }, options);
  return toCargarCapmResult(oneRow(result, 0, procedures.cargarCapm));
}

function toCargarCapmResult(row: Row): CargarCapmResult {
  return {
    insertadas: row['Insertadas'] as number,
    reemplazadas: row['Reemplazadas'] as number,
    sinCambio: row['Sin_Cambio'] as boolean,
  };
}

/** Arguments of `homol.sp_Cargar_Derivados`. */
export interface CargarDerivadosArgs {
  /** homol.Filas_Derivados_v1; empty when left out */
  readonly filas?: readonly homolTables.FilasDerivadosV1Row[] | undefined;
}

/** The row that `homol.sp_Cargar_Derivados` returns. */
export interface CargarDerivadosResult {
  /** int; rows written */
  readonly insertadas: number;
  /** int; rows that stood there before and were deleted */
  readonly reemplazadas: number;
  /** bit; nothing had to be written */
  readonly sinCambio: boolean;
}

/**
 * Loads derivatives: replaces all rows of each (FechaReporte, Portfolio) among the given lines, in one
 * transaction. A pair whose stored rows already are the given ones is left alone, so that loading a file twice
 * changes nothing. Texts are trimmed; numbers are plain decimals, rounded to the column's scale. A blank
 * FechaVencimiento or Delta is none; the same InvestID twice in one pair is refused. Two loads of one pair wait
 * for each other. An error names the line.
 *
 * Calls `homol.sp_Cargar_Derivados`.
 * Errors: 50400 BAD_ARGUMENT, 50408 LOCK_TIMEOUT, 50499 CANCELLED.
 * Touches: homol.Derivados write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function cargarDerivados(session: Session, args: CargarDerivadosArgs = {}, options?: CallOptions): Promise<CargarDerivadosResult> {
  const result = await session.call(procedures.cargarDerivados, {
    Filas: homolTables.filasDerivadosV1Rows(args.filas),
  }, options);
  return toCargarDerivadosResult(oneRow(result, 0, procedures.cargarDerivados));
}

function toCargarDerivadosResult(row: Row): CargarDerivadosResult {
  return {
    insertadas: row['Insertadas'] as number,
    reemplazadas: row['Reemplazadas'] as number,
    sinCambio: row['Sin_Cambio'] as boolean,
  };
}

/** Arguments of `homol.sp_Cargar_IPA`. */
export interface CargarIpaArgs {
  /** homol.Filas_IPA_v1; empty when left out */
  readonly filas?: readonly homolTables.FilasIpaV1Row[] | undefined;
}

/** The row that `homol.sp_Cargar_IPA` returns. */
export interface CargarIpaResult {
  /** int; rows written */
  readonly insertadas: number;
  /** int; rows that stood there before and were deleted */
  readonly reemplazadas: number;
  /** bit; nothing had to be written */
  readonly sinCambio: boolean;
}

/**
 * Loads positions: replaces all rows of each (FechaReporte, Portfolio) among the given lines, in one
 * transaction. A pair whose stored rows already are the given ones is left alone, so that loading a file twice
 * changes nothing. Texts are trimmed; numbers are plain decimals, rounded to the column's scale. A blank Ticker,
 * price or weight is none; the same InvestID twice in one pair is refused. Two loads of one pair wait for each
 * other. An error names the line.
 *
 * Calls `homol.sp_Cargar_IPA`.
 * Errors: 50400 BAD_ARGUMENT, 50408 LOCK_TIMEOUT, 50499 CANCELLED.
 * Touches: homol.IPA write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function cargarIpa(session: Session, args: CargarIpaArgs = {}, options?: CallOptions): Promise<CargarIpaResult> {
  const result = await session.call(procedures.cargarIpa, {
    Filas: homolTables.filasIpaV1Rows(args.filas),
  }, options);
  return toCargarIpaResult(oneRow(result, 0, procedures.cargarIpa));
}

function toCargarIpaResult(row: Row): CargarIpaResult {
  return {
    insertadas: row['Insertadas'] as number,
    reemplazadas: row['Reemplazadas'] as number,
    sinCambio: row['Sin_Cambio'] as boolean,
  };
}

/** Arguments of `homol.sp_Cargar_PosModRF`. */
export interface CargarPosModRfArgs {
  /** homol.Filas_PosModRF_v1; empty when left out */
  readonly filas?: readonly homolTables.FilasPosModRfV1Row[] | undefined;
}

/** The row that `homol.sp_Cargar_PosModRF` returns. */
export interface CargarPosModRfResult {
  /** int; rows written */
  readonly insertadas: number;
  /** int; rows that stood there before and were deleted */
  readonly reemplazadas: number;
  /** bit; nothing had to be written */
  readonly sinCambio: boolean;
}

/**
 * Loads fixed income positions: replaces all rows of each (FechaReporte, Portfolio) among the given lines, in
 * one transaction. A pair whose stored rows already are the given ones is left alone, so that loading a file
 * twice changes nothing. Texts are trimmed; numbers are plain decimals, rounded to the column's scale. A blank
 * TIR or DuracionModificada is none; the same InvestID twice in one pair is refused. Two loads of one pair wait
 * for each other. An error names the line.
 *
 * Calls `homol.sp_Cargar_PosModRF`.
 * Errors: 50400 BAD_ARGUMENT, 50408 LOCK_TIMEOUT, 50499 CANCELLED.
 * Touches: homol.PosModRF write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function cargarPosModRf(session: Session, args: CargarPosModRfArgs = {}, options?: CallOptions): Promise<CargarPosModRfResult> {
  const result = await session.call(procedures.cargarPosModRf, {
    Filas: homolTables.filasPosModRfV1Rows(args.filas),
  }, options);
  return toCargarPosModRfResult(oneRow(result, 0, procedures.cargarPosModRf));
}

function toCargarPosModRfResult(row: Row): CargarPosModRfResult {
  return {
    insertadas: row['Insertadas'] as number,
    reemplazadas: row['Reemplazadas'] as number,
    sinCambio: row['Sin_Cambio'] as boolean,
  };
}

/** Arguments of `homol.sp_Cargar_SONA`. */
export interface CargarSonaArgs {
  /** homol.Filas_SONA_v1; empty when left out */
  readonly filas?: readonly homolTables.FilasSonaV1Row[] | undefined;
}

/** The row that `homol.sp_Cargar_SONA` returns. */
export interface CargarSonaResult {
  /** int; rows written */
  readonly insertadas: number;
  /** int; rows that stood there before and were deleted */
  readonly reemplazadas: number;
  /** bit; nothing had to be written */
  readonly sinCambio: boolean;
}

/**
 * Loads trades that are not settled yet (Cantidad and Monto positive when buying): replaces all rows of each
 * (FechaReporte, Portfolio) among the given lines, in one transaction. A pair whose stored rows already are the
 * given ones is left alone, so that loading a file twice changes nothing. Texts are trimmed; numbers are plain
 * decimals, rounded to the column's scale. A line is known by its ID_Operacion; the same one twice in one pair
 * is refused. Two loads of one pair wait for each other. An error names the line.
 *
 * Calls `homol.sp_Cargar_SONA`.
 * Errors: 50400 BAD_ARGUMENT, 50408 LOCK_TIMEOUT, 50499 CANCELLED.
 * Touches: homol.SONA write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function cargarSona(session: Session, args: CargarSonaArgs = {}, options?: CallOptions): Promise<CargarSonaResult> {
  const result = await session.call(procedures.cargarSona, {
    Filas: homolTables.filasSonaV1Rows(args.filas),
  }, options);
  return toCargarSonaResult(oneRow(result, 0, procedures.cargarSona));
}

function toCargarSonaResult(row: Row): CargarSonaResult {
  return {
    insertadas: row['Insertadas'] as number,
    reemplazadas: row['Reemplazadas'] as number,
    sinCambio: row['Sin_Cambio'] as boolean,
  };
}

/** Arguments of `homol.sp_Cargar_UBS`. */
export interface CargarUbsArgs {
  /** homol.Filas_UBS_v1; empty when left out */
  readonly filas?: readonly homolTables.FilasUbsV1Row[] | undefined;
}

/** The row that `homol.sp_Cargar_UBS` returns. */
export interface CargarUbsResult {
  /** int; rows written */
  readonly insertadas: number;
  /** int; rows that stood there before and were deleted */
  readonly reemplazadas: number;
  /** bit; nothing had to be written */
  readonly sinCambio: boolean;
}

/**
 * Loads the custodian's positions: replaces all rows of each (FechaReporte, Portfolio) among the given lines, in
 * one transaction. A pair whose stored rows already are the given ones is left alone, so that loading a file
 * twice changes nothing. Texts are trimmed; numbers are plain decimals, rounded to the column's scale. A blank
 * price is none; the same InvestID twice in one pair is refused. Two loads of one pair wait for each other. An
 * error names the line.
 *
 * Calls `homol.sp_Cargar_UBS`.
 * Errors: 50400 BAD_ARGUMENT, 50408 LOCK_TIMEOUT, 50499 CANCELLED.
 * Touches: homol.UBS write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function cargarUbs(session: Session, args: CargarUbsArgs = {}, options?: CallOptions): Promise<CargarUbsResult> {
  const result = await session.call(procedures.cargarUbs, {
    Filas: homolTables.filasUbsV1Rows(args.filas),
  }, options);
  return toCargarUbsResult(oneRow(result, 0, procedures.cargarUbs));
}

function toCargarUbsResult(row: Row): CargarUbsResult {
  return {
    insertadas: row['Insertadas'] as number,
    reemplazadas: row['Reemplazadas'] as number,
    sinCambio: row['Sin_Cambio'] as boolean,
  };
}

/** Arguments of `homol.sp_Fechas_Cargadas`. */
export interface FechasCargadasArgs {
  /** date, `YYYY-MM-DD` */
  readonly desde: string;
  /** date, `YYYY-MM-DD` */
  readonly hasta: string;
}

/** A row of `homol.sp_Fechas_Cargadas`. */
export interface FechasCargadasRow {
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
}

/**
 * The dates from @Desde to @Hasta that have positions in homol.IPA: those that a run over a range of dates can
 * run.
 *
 * Calls `homol.sp_Fechas_Cargadas`.
 * Errors: 50400 BAD_ARGUMENT.
 * Touches: homol.IPA read.
 * Batch: none.
 * Entry: carril_app.
 */
export async function fechasCargadas(session: Session, args: FechasCargadasArgs, options?: CallOptions): Promise<readonly FechasCargadasRow[]> {
  const result = await session.call(procedures.fechasCargadas, {
    Desde: args.desde,
    Hasta: args.hasta,
  }, options);
  return (result.results[0] ?? []).map(toFechasCargadasRow);
}

function toFechasCargadasRow(row: Row): FechasCargadasRow {
  return {
    fechaReporte: row['FechaReporte'] as string,
  };
}

function oneRow(result: CallResult, set: number, procedure: Procedure): Row {
  const rows = result.results[set] ?? [];
  const [row] = rows;
  if (row !== undefined && rows.length === 1) return row;
  throw new ProcedureError(
    `${procedure.name} returned ${String(rows.length)} rows where its contract says one: check the procedure in the database`,
    { code: 'DATABASE', procedure: procedure.name },
  );
}
