// written by carril codegen, never edited
import type { Row, TableType } from '../../engine/index.js';

/** A row of `homol.Filas_IPA_v1`. */
export interface FilasIpaV1Row {
  /** int */
  readonly linea: number;
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** varchar(50) */
  readonly portfolio: string;
  /** nvarchar(100) */
  readonly investId: string;
  /** nvarchar(50); NULL when left out */
  readonly ticker?: string | null | undefined;
  /** nvarchar(200) */
  readonly descripcion: string;
  /** char(3) */
  readonly moneda: string;
  /** varchar(40) */
  readonly cantidad: string;
  /** varchar(40); NULL when left out */
  readonly precioLocal?: string | null | undefined;
  /** varchar(40) */
  readonly valorMercado: string;
  /** varchar(40); NULL when left out */
  readonly peso?: string | null | undefined;
}

/** The table type `homol.Filas_IPA_v1`. */
export const filasIpaV1: TableType = {
  table: 'homol.Filas_IPA_v1',
  columns: [
    { name: 'Linea', type: { kind: 'int' }, nullable: false },
    { name: 'FechaReporte', type: { kind: 'date' }, nullable: false },
    { name: 'Portfolio', type: { kind: 'varchar', length: 50 }, nullable: false },
    { name: 'InvestID', type: { kind: 'nvarchar', length: 100 }, nullable: false },
    { name: 'Ticker', type: { kind: 'nvarchar', length: 50 }, nullable: true },
    { name: 'Descripcion', type: { kind: 'nvarchar', length: 200 }, nullable: false },
    { name: 'Moneda', type: { kind: 'char', length: 3 }, nullable: false },
    { name: 'Cantidad', type: { kind: 'varchar', length: 40 }, nullable: false },
    { name: 'PrecioLocal', type: { kind: 'varchar', length: 40 }, nullable: true },
    { name: 'ValorMercado', type: { kind: 'varchar', length: 40 }, nullable: false },
    { name: 'Peso', type: { kind: 'varchar', length: 40 }, nullable: true },
  ],
};

/** Rows as the engine takes them, by the names of the columns. */
export function filasIpaV1Rows(rows: readonly FilasIpaV1Row[] | undefined): readonly Row[] {
  if (rows === undefined) return [];
  return rows.map((row) => ({
    Linea: row.linea,
    FechaReporte: row.fechaReporte,
    Portfolio: row.portfolio,
    InvestID: row.investId,
    Ticker: row.ticker ?? null,
    Descripcion: row.descripcion,
    Moneda: row.moneda,
    Cantidad: row.cantidad,
    PrecioLocal: row.precioLocal ?? null,
    ValorMercado: row.valorMercado,
    Peso: row.peso ?? null,
  }));
}
