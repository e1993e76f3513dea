// written by carril codegen, never edited
import type { Row, TableType } from '../../engine/index.js';

/** A row of `homol.Filas_CAPM_v1`. */
export interface FilasCapmV1Row {
  /** int */
  readonly linea: number;
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** varchar(50) */
  readonly portfolio: string;
  /** nvarchar(50) */
  readonly cuenta: string;
  /** nvarchar(200) */
  readonly descripcion: string;
  /** char(3) */
  readonly moneda: string;
  /** varchar(40) */
  readonly saldo: string;
}

/** The table type `homol.Filas_CAPM_v1`. */
export const filasCapmV1: TableType = {
  table: 'homol.Filas_CAPM_v1',
  columns: [
    { name: 'Linea', type: { kind: 'int' }, nullable: false },
    { name: 'FechaReporte', type: { kind: 'date' }, nullable: false },
    { name: 'Portfolio', type: { kind: 'varchar', length: 50 }, nullable: false },
    { name: 'Cuenta', type: { kind: 'nvarchar', length: 50 }, nullable: false },
    { name: 'Descripcion', type: { kind: 'nvarchar', length: 200 }, nullable: false },
    { name: 'Moneda', type: { kind: 'char', length: 3 }, nullable: false },
    { name: 'Saldo', type: { kind: 'varchar', length: 40 }, nullable: false },
  ],
};

/** Rows as the engine takes them, by the names of the columns. */
export function filasCapmV1Rows(rows: readonly FilasCapmV1Row[] | undefined): readonly Row[] {
  if (rows === undefined) return [];
  return rows.map((row) => ({
    Linea: row.linea,
    FechaReporte: row.fechaReporte,
    Portfolio: row.portfolio,
    Cuenta: row.cuenta,
    Descripcion: row.descripcion,
    Moneda: row.moneda,
    Saldo: row.saldo,
  }));
}

/** A row of `homol.Filas_Derivados_v1`. */
export interface FilasDerivadosV1Row {
  /** int */
  readonly linea: number;
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** varchar(50) */
  readonly portfolio: string;
  /** nvarchar(100) */
  readonly investId: string;
  /** nvarchar(200) */
  readonly descripcion: string;
  /** varchar(50) */
  readonly tipoInstrumento: string;
  /** char(3) */
  readonly moneda: string;
  /** date, `YYYY-MM-DD`; NULL when left out */
  readonly fechaVencimiento?: string | null | undefined;
  /** varchar(40) */
  readonly nocional: string;
  /** varchar(40) */
  readonly valorMercado: string;
  /** varchar(40); NULL when left out */
  readonly delta?: string | null | undefined;
}

/** The table type `homol.Filas_Derivados_v1`. */
export const filasDerivadosV1: TableType = {
  table: 'homol.Filas_Derivados_v1',
  columns: [
    { name: 'Linea', type: { kind: 'int' }, nullable: false },
    { name: 'FechaReporte', type: { kind: 'date' }, nullable: false },
    { name: 'Portfolio', type: { kind: 'varchar', length: 50 }, nullable: false },
    { name: 'InvestID', type: { kind: 'nvarchar', length: 100 }, nullable: false },
    { name: 'Descripcion', type: { kind: 'nvarchar', length: 200 }, nullable: false },
    { name: 'Tipo_Instrumento', type: { kind: 'varchar', length: 50 }, nullable: false },
    { name: 'Moneda', type: { kind: 'char', length: 3 }, nullable: false },
    { name: 'FechaVencimiento', type: { kind: 'date' }, nullable: true },
    { name: 'Nocional', type: { kind: 'varchar', length: 40 }, nullable: false },
    { name: 'ValorMercado', type: { kind: 'varchar', length: 40 }, nullable: false },
    { name: 'Delta', type: { kind: 'varchar', length: 40 }, nullable: true },
  ],
};

/** Rows as the engine takes them, by the names of the columns. */
export function filasDerivadosV1Rows(rows: readonly FilasDerivadosV1Row[] | undefined): readonly Row[] {
  if (rows === undefined) return [];
  return rows.map((row) => ({
    Linea: row.linea,
    FechaReporte: row.fechaReporte,
    Portfolio: row.portfolio,
    InvestID: row.investId,
    Descripcion: row.descripcion,
    Tipo_Instrumento: row.tipoInstrumento,
    Moneda: row.moneda,
    FechaVencimiento: row.fechaVencimiento ?? null,
    Nocional: row.nocional,
    ValorMercado: row.valorMercado,
    Delta: row.delta ?? null,
  }));
}

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

/** A row of `homol.Filas_PosModRF_v1`. */
export interface FilasPosModRfV1Row {
  /** int */
  readonly linea: number;
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** varchar(50) */
  readonly portfolio: string;
  /** nvarchar(100) */
  readonly investId: string;
  /** nvarchar(200) */
  readonly descripcion: string;
  /** char(3) */
  readonly moneda: string;
  /** varchar(40) */
  readonly nominal: string;
  /** varchar(40); NULL when left out */
  readonly tir?: string | null | undefined;
  /** varchar(40); NULL when left out */
  readonly duracionModificada?: string | null | undefined;
  /** varchar(40) */
  readonly valorMercado: string;
}

/** The table type `homol.Filas_PosModRF_v1`. */
export const filasPosModRfV1: TableType = {
  table: 'homol.Filas_PosModRF_v1',
  columns: [
    { name: 'Linea', type: { kind: 'int' }, nullable: false },
    { name: 'FechaReporte', type: { kind: 'date' }, nullable: false },
    { name: 'Portfolio', type: { kind: 'varchar', length: 50 }, nullable: false },
    { name: 'InvestID', type: { kind: 'nvarchar', length: 100 }, nullable: false },
    { name: 'Descripcion', type: { kind: 'nvarchar', length: 200 }, nullable: false },
    { name: 'Moneda', type: { kind: 'char', length: 3 }, nullable: false },
    { name: 'Nominal', type: { kind: 'varchar', length: 40 }, nullable: false },
    { name: 'TIR', type: { kind: 'varchar', length: 40 }, nullable: true },
    { name: 'DuracionModificada', type: { kind: 'varchar', length: 40 }, nullable: true },
    { name: 'ValorMercado', type: { kind: 'varchar', length: 40 }, nullable: false },
  ],
};

/** Rows as the engine takes them, by the names of the columns. */
export function filasPosModRfV1Rows(rows: readonly FilasPosModRfV1Row[] | undefined): readonly Row[] {
  if (rows === undefined) return [];
  return rows.map((row) => ({
    Linea: row.linea,
    FechaReporte: row.fechaReporte,
    Portfolio: row.portfolio,
    InvestID: row.investId,
    Descripcion: row.descripcion,
    Moneda: row.moneda,
    Nominal: row.nominal,
    TIR: row.tir ?? null,
    DuracionModificada: row.duracionModificada ?? null,
    ValorMercado: row.valorMercado,
  }));
}

/** A row of `homol.Filas_SONA_v1`. */
export interface FilasSonaV1Row {
  /** int */
  readonly linea: number;
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** varchar(50) */
  readonly portfolio: string;
  /** nvarchar(50) */
  readonly idOperacion: string;
  /** nvarchar(100) */
  readonly investId: string;
  /** nvarchar(200) */
  readonly descripcion: string;
  /** char(3) */
  readonly moneda: string;
  /** date, `YYYY-MM-DD` */
  readonly fechaOperacion: string;
  /** date, `YYYY-MM-DD` */
  readonly fechaLiquidacion: string;
  /** varchar(40) */
  readonly cantidad: string;
  /** varchar(40) */
  readonly monto: string;
}

/** The table type `homol.Filas_SONA_v1`. */
export const filasSonaV1: TableType = {
  table: 'homol.Filas_SONA_v1',
  columns: [
    { name: 'Linea', type: { kind: 'int' }, nullable: false },
    { name: 'FechaReporte', type: { kind: 'date' }, nullable: false },
    { name: 'Portfolio', type: { kind: 'varchar', length: 50 }, nullable: false },
    { name: 'ID_Operacion', type: { kind: 'nvarchar', length: 50 }, nullable: false },
    { name: 'InvestID', type: { kind: 'nvarchar', length: 100 }, nullable: false },
    { name: 'Descripcion', type: { kind: 'nvarchar', length: 200 }, nullable: false },
    { name: 'Moneda', type: { kind: 'char', length: 3 }, nullable: false },
    { name: 'FechaOperacion', type: { kind: 'date' }, nullable: false },
    { name: 'FechaLiquidacion', type: { kind: 'date' }, nullable: false },
    { name: 'Cantidad', type: { kind: 'varchar', length: 40 }, nullable: false },
    { name: 'Monto', type: { kind: 'varchar', length: 40 }, nullable: false },
  ],
};

/** Rows as the engine takes them, by the names of the columns. */
export function filasSonaV1Rows(rows: readonly FilasSonaV1Row[] | undefined): readonly Row[] {
  if (rows === undefined) return [];
  return rows.map((row) => ({
    Linea: row.linea,
    FechaReporte: row.fechaReporte,
    Portfolio: row.portfolio,
    ID_Operacion: row.idOperacion,
    InvestID: row.investId,
    Descripcion: row.descripcion,
    Moneda: row.moneda,
    FechaOperacion: row.fechaOperacion,
    FechaLiquidacion: row.fechaLiquidacion,
    Cantidad: row.cantidad,
    Monto: row.monto,
  }));
}

/** A row of `homol.Filas_UBS_v1`. */
export interface FilasUbsV1Row {
  /** int */
  readonly linea: number;
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** varchar(50) */
  readonly portfolio: string;
  /** nvarchar(100) */
  readonly investId: string;
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
}

/** The table type `homol.Filas_UBS_v1`. */
export const filasUbsV1: TableType = {
  table: 'homol.Filas_UBS_v1',
  columns: [
    { name: 'Linea', type: { kind: 'int' }, nullable: false },
    { name: 'FechaReporte', type: { kind: 'date' }, nullable: false },
    { name: 'Portfolio', type: { kind: 'varchar', length: 50 }, nullable: false },
    { name: 'InvestID', type: { kind: 'nvarchar', length: 100 }, nullable: false },
    { name: 'Descripcion', type: { kind: 'nvarchar', length: 200 }, nullable: false },
    { name: 'Moneda', type: { kind: 'char', length: 3 }, nullable: false },
    { name: 'Cantidad', type: { kind: 'varchar', length: 40 }, nullable: false },
    { name: 'PrecioLocal', type: { kind: 'varchar', length: 40 }, nullable: true },
    { name: 'ValorMercado', type: { kind: 'varchar', length: 40 }, nullable: false },
  ],
};

/** Rows as the engine takes them, by the names of the columns. */
export function filasUbsV1Rows(rows: readonly FilasUbsV1Row[] | undefined): readonly Row[] {
  if (rows === undefined) return [];
  return rows.map((row) => ({
    Linea: row.linea,
    FechaReporte: row.fechaReporte,
    Portfolio: row.portfolio,
    InvestID: row.investId,
    Descripcion: row.descripcion,
    Moneda: row.moneda,
    Cantidad: row.cantidad,
    PrecioLocal: row.precioLocal ?? null,
    ValorMercado: row.valorMercado,
  }));
}
