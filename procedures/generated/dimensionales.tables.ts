// written by carril codegen, never edited
import type { Row, TableType } from '../../engine/index.js';

/** A row of `dimensionales.Filas_Fondos_v1`. */
export interface FilasFondosV1Row {
  /** int */
  readonly linea: number;
  /** nvarchar(100) */
  readonly fundShortName: string;
  /** varchar(50) */
  readonly portfolioGeneva: string;
  /** varchar(50); NULL when left out */
  readonly portfolioCapm?: string | null | undefined;
  /** varchar(50); NULL when left out */
  readonly portfolioDerivados?: string | null | undefined;
  /** varchar(50); NULL when left out */
  readonly portfolioUbs?: string | null | undefined;
  /** bit */
  readonly flagUbs: boolean;
  /** bit */
  readonly flagDerivados: boolean;
  /** bit */
  readonly active: boolean;
  /** bit */
  readonly incluirEnCubo: boolean;
}

/** The table type `dimensionales.Filas_Fondos_v1`. */
export const filasFondosV1: TableType = {
  table: 'dimensionales.Filas_Fondos_v1',
  columns: [
    { name: 'Linea', type: { kind: 'int' }, nullable: false },
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
};

/** Rows as the engine takes them, by the names of the columns. */
export function filasFondosV1Rows(rows: readonly FilasFondosV1Row[] | undefined): readonly Row[] {
  if (rows === undefined) return [];
  return rows.map((row) => ({
    Linea: row.linea,
    FundShortName: row.fundShortName,
    Portfolio_Geneva: row.portfolioGeneva,
    Portfolio_CAPM: row.portfolioCapm ?? null,
    Portfolio_Derivados: row.portfolioDerivados ?? null,
    Portfolio_UBS: row.portfolioUbs ?? null,
    Flag_UBS: row.flagUbs,
    Flag_Derivados: row.flagDerivados,
    Active: row.active,
    Incluir_En_Cubo: row.incluirEnCubo,
  }));
}
