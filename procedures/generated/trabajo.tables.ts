// written by carril codegen, never edited
import type { Row, TableType } from '../../engine/index.js';

/** A row of `trabajo.Lista_Arriendos_v1`. */
export interface ListaArriendosV1Row {
  /** bigint */
  readonly idChunk: bigint;
  /** bigint */
  readonly token: bigint;
}

/** The table type `trabajo.Lista_Arriendos_v1`. */
export const listaArriendosV1: TableType = {
  table: 'trabajo.Lista_Arriendos_v1',
  columns: [
    { name: 'ID_Chunk', type: { kind: 'bigint' }, nullable: false },
    { name: 'Token', type: { kind: 'bigint' }, nullable: false },
  ],
};

/** Rows as the engine takes them, by the names of the columns. */
export function listaArriendosV1Rows(rows: readonly ListaArriendosV1Row[] | undefined): readonly Row[] {
  if (rows === undefined) return [];
  return rows.map((row) => ({
    ID_Chunk: row.idChunk,
    Token: row.token,
  }));
}

/** A row of `trabajo.Lista_Chunks_v1`. */
export interface ListaChunksV1Row {
  /** int */
  readonly orden: number;
  /** bigint; NULL when left out */
  readonly rangoInicio?: bigint | null | undefined;
  /** bigint; NULL when left out */
  readonly rangoFin?: bigint | null | undefined;
  /** nvarchar(400); NULL when left out */
  readonly recurso?: string | null | undefined;
  /** decimal(12,2) */
  readonly peso: number;
  /** datetime2(3), UTC; NULL when left out */
  readonly noAntesDe?: Date | null | undefined;
}

/** The table type `trabajo.Lista_Chunks_v1`. */
export const listaChunksV1: TableType = {
  table: 'trabajo.Lista_Chunks_v1',
  columns: [
    { name: 'Orden', type: { kind: 'int' }, nullable: false },
    { name: 'Rango_Inicio', type: { kind: 'bigint' }, nullable: true },
    { name: 'Rango_Fin', type: { kind: 'bigint' }, nullable: true },
    { name: 'Recurso', type: { kind: 'nvarchar', length: 400 }, nullable: true },
    { name: 'Peso', type: { kind: 'decimal', precision: 12, scale: 2 }, nullable: false },
    { name: 'No_Antes_De', type: { kind: 'datetime2', scale: 3 }, nullable: true },
  ],
};

/** Rows as the engine takes them, by the names of the columns. */
export function listaChunksV1Rows(rows: readonly ListaChunksV1Row[] | undefined): readonly Row[] {
  if (rows === undefined) return [];
  return rows.map((row) => ({
    Orden: row.orden,
    Rango_Inicio: row.rangoInicio ?? null,
    Rango_Fin: row.rangoFin ?? null,
    Recurso: row.recurso ?? null,
    Peso: row.peso,
    No_Antes_De: row.noAntesDe ?? null,
  }));
}

/** A row of `trabajo.Lista_Terminados_v1`. */
export interface ListaTerminadosV1Row {
  /** bigint */
  readonly idChunk: bigint;
  /** bigint */
  readonly token: bigint;
  /** nvarchar(max); NULL when left out */
  readonly resultado?: string | null | undefined;
}

/** The table type `trabajo.Lista_Terminados_v1`. */
export const listaTerminadosV1: TableType = {
  table: 'trabajo.Lista_Terminados_v1',
  columns: [
    { name: 'ID_Chunk', type: { kind: 'bigint' }, nullable: false },
    { name: 'Token', type: { kind: 'bigint' }, nullable: false },
    { name: 'Resultado', type: { kind: 'nvarchar', length: 'max' }, nullable: true },
  ],
};

/** Rows as the engine takes them, by the names of the columns. */
export function listaTerminadosV1Rows(rows: readonly ListaTerminadosV1Row[] | undefined): readonly Row[] {
  if (rows === undefined) return [];
  return rows.map((row) => ({
    ID_Chunk: row.idChunk,
    Token: row.token,
    Resultado: row.resultado ?? null,
  }));
}

/** A row of `trabajo.Lista_Tipos_v1`. */
export interface ListaTiposV1Row {
  /** varchar(50) */
  readonly tipo: string;
}

/** The table type `trabajo.Lista_Tipos_v1`. */
export const listaTiposV1: TableType = {
  table: 'trabajo.Lista_Tipos_v1',
  columns: [
    { name: 'Tipo', type: { kind: 'varchar', length: 50 }, nullable: false },
  ],
};

/** Rows as the engine takes them, by the names of the columns. */
export function listaTiposV1Rows(rows: readonly ListaTiposV1Row[] | undefined): readonly Row[] {
  if (rows === undefined) return [];
  return rows.map((row) => ({
    Tipo: row.tipo,
  }));
}
