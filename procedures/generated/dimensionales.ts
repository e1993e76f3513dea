// written by carril codegen, never edited
import { ProcedureError } from '../../engine/index.js';
import type { CallOptions, CallResult, Procedure, Row, Session } from '../../engine/index.js';
import * as dimensionalesTables from './dimensionales.tables.js';
export * from './dimensionales.tables.js';

/** What the engine knows of each procedure of dimensionales. */
export const procedures: Readonly<Record<
  | 'cargarFondos'
  | 'listarFondos'
, Procedure>> = {
  cargarFondos: {
    name: 'dimensionales.sp_Cargar_Fondos',
    parameters: [
      { name: 'Filas', type: dimensionalesTables.filasFondosV1, output: false, optional: true },
    ],
    results: [
      [
        { name: 'Insertados', type: { kind: 'int' }, nullable: false },
        { name: 'Actualizados', type: { kind: 'int' }, nullable: false },
        { name: 'Iguales', type: { kind: 'int' }, nullable: false },
      ],
    ],
  },
  listarFondos: {
    name: 'dimensionales.sp_Listar_Fondos',
    parameters: [],
    results: [
      [
        { name: 'ID_Fund', type: { kind: 'int' }, nullable: false },
        { name: 'FundShortName', type: { kind: 'nvarchar', length: 100 }, nullable: false },
        { name: 'Portfolio_Geneva', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Portfolio_CAPM', type: { kind: 'varchar', length: 50 }, nullable: true },
        { name: 'Portfolio_Derivados', type: { kind: 'varchar', length: 50 }, nullable: true },
        { name: 'Portfolio_UBS', type: { kind: 'varchar', length: 50 }, nullable: true },
        { name: 'Flag_UBS', type: { kind: 'bit' }, nullable: false },
        { name: 'Flag_Derivados', type: { kind: 'bit' }, nullable: false },
        { name: 'Active', type: { kind: 'bit' }, nullable: false },
        { name: 'Incluir_En_Cubo', type: { kind: 'bit' }, nullable: false },
      ],
    ],
  },
};

/** Arguments of `dimensionales.sp_Cargar_Fondos`. */
export interface CargarFondosArgs {
  /** dimensionales.Filas_Fondos_v1; empty when left out */
  readonly filas?: readonly dimensionalesTables.FilasFondosV1Row[] | undefined;
}

/** The row that `dimensionales.sp_Cargar_Fondos` returns. */
export interface CargarFondosResult {
  /** int */
  readonly insertados: number;
  /** int */
  readonly actualizados: number;
  /** int */
  readonly iguales: number;
}

/**
 * Adds the funds that are new and updates those that differ, by FundShortName; funds that are not in the list
 * stay as they are. Texts are trimmed; a blank portfolio is none.
 *
 * Calls `dimensionales.sp_Cargar_Fondos`.
 * Errors: 50400 BAD_ARGUMENT, 50408 LOCK_TIMEOUT, 50499 CANCELLED.
 * Touches: dimensionales.BD_Funds write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function cargarFondos(session: Session, args: CargarFondosArgs = {}, options?: CallOptions): Promise<CargarFondosResult> {
  const result = await session.call(procedures.cargarFondos, {
    Filas: dimensionalesTables.filasFondosV1Rows(args.filas),
  }, options);
  return toCargarFondosResult(oneRow(result, 0, procedures.cargarFondos));
}

function toCargarFondosResult(row: Row): CargarFondosResult {
  return {
    insertados: row['Insertados'] as number,
    actualizados: row['Actualizados'] as number,
    iguales: row['Iguales'] as number,
  };
}

/** A row of `dimensionales.sp_Listar_Fondos`. */
export interface ListarFondosRow {
  /** int */
  readonly idFund: number;
  /** nvarchar(100) */
  readonly fundShortName: string;
  /** varchar(50) */
  readonly portfolioGeneva: string;
  /** varchar(50) */
  readonly portfolioCapm: string | null;
  /** varchar(50) */
  readonly portfolioDerivados: string | null;
  /** varchar(50) */
  readonly portfolioUbs: string | null;
  /** bit */
  readonly flagUbs: boolean;
  /** bit */
  readonly flagDerivados: boolean;
  /** bit */
  readonly active: boolean;
  /** bit */
  readonly incluirEnCubo: boolean;
}

/**
 * Lists the fund master, by ID.
 *
 * Calls `dimensionales.sp_Listar_Fondos`.
 * Errors: none of its own.
 * Touches: dimensionales.BD_Funds read.
 * Batch: none.
 * Entry: carril_app.
 */
export async function listarFondos(session: Session, options?: CallOptions): Promise<readonly ListarFondosRow[]> {
  const result = await session.call(procedures.listarFondos, {}, options);
  return (result.results[0] ?? []).map(toListarFondosRow);
}

function toListarFondosRow(row: Row): ListarFondosRow {
  return {
    idFund: row['ID_Fund'] as number,
    fundShortName: row['FundShortName'] as string,
    portfolioGeneva: row['Portfolio_Geneva'] as string,
    portfolioCapm: row['Portfolio_CAPM'] as string | null,
    portfolioDerivados: row['Portfolio_Derivados'] as string | null,
    portfolioUbs: row['Portfolio_UBS'] as string | null,
    flagUbs: row['Flag_UBS'] as boolean,
    flagDerivados: row['Flag_Derivados'] as boolean,
    active: row['Active'] as boolean,
    incluirEnCubo: row['Incluir_En_Cubo'] as boolean,
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
