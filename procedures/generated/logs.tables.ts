// written by carril codegen, never edited
import type { Row, TableType } from '../../engine/index.js';

/** A row of `logs.Lista_Bloques_v1`. */
export interface ListaBloquesV1Row {
  /** bigint */
  readonly byteInicio: bigint;
  /** bigint */
  readonly byteFin: bigint;
  /** varchar(20) */
  readonly nivel: string;
  /** datetime2(3), UTC; NULL when left out */
  readonly momento?: Date | null | undefined;
  /** nvarchar(400) */
  readonly firma: string;
  /** nvarchar(1000) */
  readonly primeraLinea: string;
  /** nvarchar(max) */
  readonly texto: string;
  /** bit */
  readonly recortado: boolean;
}

/** The table type `logs.Lista_Bloques_v1`. */
export const listaBloquesV1: TableType = {
  table: 'logs.Lista_Bloques_v1',
  columns: [
    { name: 'Byte_Inicio', type: { kind: 'bigint' }, nullable: false },
    { name: 'Byte_Fin', type: { kind: 'bigint' }, nullable: false },
    { name: 'Nivel', type: { kind: 'varchar', length: 20 }, nullable: false },
    { name: 'Momento', type: { kind: 'datetime2', scale: 3 }, nullable: true },
    { name: 'Firma', type: { kind: 'nvarchar', length: 400 }, nullable: false },
    { name: 'Primera_Linea', type: { kind: 'nvarchar', length: 1000 }, nullable: false },
    { name: 'Texto', type: { kind: 'nvarchar', length: 'max' }, nullable: false },
    { name: 'Recortado', type: { kind: 'bit' }, nullable: false },
  ],
};

/** Rows as the engine takes them, by the names of the columns. */
export function listaBloquesV1Rows(rows: readonly ListaBloquesV1Row[] | undefined): readonly Row[] {
  if (rows === undefined) return [];
  return rows.map((row) => ({
    Byte_Inicio: row.byteInicio,
    Byte_Fin: row.byteFin,
    Nivel: row.nivel,
    Momento: row.momento ?? null,
    Firma: row.firma,
    Primera_Linea: row.primeraLinea,
    Texto: row.texto,
    Recortado: row.recortado,
  }));
}

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
