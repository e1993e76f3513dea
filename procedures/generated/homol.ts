// written by carril codegen, never edited
import { ProcedureError } from '../../engine/index.js';
import type { CallOptions, CallResult, Procedure, Row, Session } from '../../engine/index.js';
import * as homolTables from './homol.tables.js';
export * from './homol.tables.js';

/** What the engine knows of each procedure of homol. */
export const procedures: Readonly<Record<
  | 'cargarIpa'
  | 'fechasCargadas'
, Procedure>> = {
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
 * changes nothing. Texts are trimmed, a blank Ticker or price is none; numbers are plain decimals, rounded to
 * the column's scale. Two loads of one pair wait for each other. An error names the line.
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
