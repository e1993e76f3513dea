// written by carril codegen, never edited
import type { Row, TableType } from '../../engine/index.js';

/** A row of `logs.Lista_Fondos_v1`. */
export interface ListaFondosV1Row {
  /** nvarchar(100) */
  readonly fundShortName: string;
}

/** The table type `logs.Lista_Fondos_v1`. */
export const listaFondosV1: TableType = {
  table: 'logs.Lista_Fondos_v1',
  columns: [
    { name: 'FundShortName', type: { kind: 'nvarchar', length: 100 }, nullable: false },
  ],
};

/** Rows as the engine takes them, by the names of the columns. */
export function listaFondosV1Rows(rows: readonly ListaFondosV1Row[] | undefined): readonly Row[] {
  if (rows === undefined) return [];
  return rows.map((row) => ({
    FundShortName: row.fundShortName,
  }));
}
