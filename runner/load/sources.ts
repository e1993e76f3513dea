import type { CallOptions, Session } from '../../engine/index.js';
import { homol } from '../../procedures/generated/index.js';

/** What a cell of a column may hold. */
export type Column =
  | { readonly name: string; readonly kind: 'text'; readonly length: number; readonly blank: boolean }
  | { readonly name: string; readonly kind: 'currency'; readonly blank: false }
  | { readonly name: string; readonly kind: 'date'; readonly blank: boolean }
  | {
      readonly name: string;
      readonly kind: 'decimal';
      readonly precision: number;
      readonly scale: number;
      readonly blank: boolean;
    };

/** What every load answers: both numbers are 0 when everything already stood there. */
export interface Loaded {
  readonly inserted: number;
  readonly replaced: number;
  readonly unchanged: boolean;
}

/** The field of a fund, and its column in `dimensionales.BD_Funds`. */
export interface PortfolioCode {
  readonly field: 'portfolioGeneva' | 'portfolioCapm' | 'portfolioDerivados' | 'portfolioUbs';
  readonly column: string;
}

export type Numbered<Line> = Line & { readonly linea: number };

/** One of the six sources: the table of `homol` that it fills, its columns, and the procedure that loads it. */
export interface Source<Line> {
  /** As the command line names it. */
  readonly name: string;
  readonly table: string;
  readonly what: string;
  /** What its help should say besides. */
  readonly note?: string;
  /** The code of a fund that stands in its Portfolio. */
  readonly code: PortfolioCode;
  /** Every field of a line, in the order of the table's columns. */
  readonly columns: { readonly [Field in keyof Line]-?: Column };
  /** What identifies a line among those of its date and portfolio. */
  readonly key: readonly (keyof Line & string)[];
  write(session: Session, lines: readonly Numbered<Line>[]): Promise<Loaded>;
}

export type IpaLine = Omit<homol.FilasIpaV1Row, 'linea'>;
export type CapmLine = Omit<homol.FilasCapmV1Row, 'linea'>;
export type PosModRfLine = Omit<homol.FilasPosModRfV1Row, 'linea'>;
export type SonaLine = Omit<homol.FilasSonaV1Row, 'linea'>;
export type DerivadosLine = Omit<homol.FilasDerivadosV1Row, 'linea'>;
export type UbsLine = Omit<homol.FilasUbsV1Row, 'linea'>;

const text = (name: string, length: number): Column => ({ name, kind: 'text', length, blank: false });
const decimal = (name: string, precision: number, scale: number): Column => ({
  name,
  kind: 'decimal',
  precision,
  scale,
  blank: false,
});
const date = (name: string): Column => ({ name, kind: 'date', blank: false });
const blankable = (column: Column): Column =>
  column.kind === 'currency' ? column : { ...column, blank: true };

const geneva: PortfolioCode = { field: 'portfolioGeneva', column: 'Portfolio_Geneva' };

const fechaReporte = date('FechaReporte');
const portfolio = text('Portfolio', 50);
const investId = text('InvestID', 100);
const descripcion = blankable(text('Descripcion', 200));
const moneda: Column = { name: 'Moneda', kind: 'currency', blank: false };
const cantidad = decimal('Cantidad', 28, 8);
const precioLocal = blankable(decimal('PrecioLocal', 28, 8));
const valorMercado = decimal('ValorMercado', 19, 4);

// the same lines again change nothing, so that a call whose answer was lost may be repeated
const again: CallOptions = { idempotent: true };

function loaded(done: homol.CargarIpaResult): Loaded {
  return { inserted: done.insertadas, replaced: done.reemplazadas, unchanged: done.sinCambio };
}

export const ipa: Source<IpaLine> = {
  name: 'ipa',
  table: 'homol.IPA',
  what: 'positions',
  code: geneva,
  columns: {
    fechaReporte,
    portfolio,
    investId,
    ticker: blankable(text('Ticker', 50)),
    descripcion,
    moneda,
    cantidad,
    precioLocal,
    valorMercado,
    peso: blankable(decimal('Peso', 9, 6)),
  },
  key: ['investId'],
  write: async (session, filas) => loaded(await homol.cargarIpa(session, { filas }, again)),
};

export const capm: Source<CapmLine> = {
  name: 'capm',
  table: 'homol.CAPM',
  what: 'accounting balances',
  code: { field: 'portfolioCapm', column: 'Portfolio_CAPM' },
  columns: {
    fechaReporte,
    portfolio,
    cuenta: text('Cuenta', 50),
    descripcion,
    moneda,
    saldo: decimal('Saldo', 19, 4),
  },
  key: ['cuenta', 'moneda'],
  write: async (session, filas) => loaded(await homol.cargarCapm(session, { filas }, again)),
};

export const posModRf: Source<PosModRfLine> = {
  name: 'posmodrf',
  table: 'homol.PosModRF',
  what: 'fixed income positions',
  code: geneva,
  columns: {
    fechaReporte,
    portfolio,
    investId,
    descripcion,
    moneda,
    nominal: decimal('Nominal', 28, 8),
    tir: blankable(decimal('TIR', 12, 8)),
    duracionModificada: blankable(decimal('DuracionModificada', 12, 8)),
    valorMercado,
  },
  key: ['investId'],
  write: async (session, filas) => loaded(await homol.cargarPosModRf(session, { filas }, again)),
};

export const sona: Source<SonaLine> = {
  name: 'sona',
  table: 'homol.SONA',
  what: 'trades not settled yet',
  note: 'Cantidad and Monto are positive when buying, negative when selling.',
  code: geneva,
  columns: {
    fechaReporte,
    portfolio,
    idOperacion: text('ID_Operacion', 50),
    investId,
    descripcion,
    moneda,
    fechaOperacion: date('FechaOperacion'),
    fechaLiquidacion: date('FechaLiquidacion'),
    cantidad,
    monto: decimal('Monto', 19, 4),
  },
  key: ['idOperacion'],
  write: async (session, filas) => loaded(await homol.cargarSona(session, { filas }, again)),
};

export const derivados: Source<DerivadosLine> = {
  name: 'derivados',
  table: 'homol.Derivados',
  what: 'derivatives',
  code: { field: 'portfolioDerivados', column: 'Portfolio_Derivados' },
  columns: {
    fechaReporte,
    portfolio,
    investId,
    descripcion,
    tipoInstrumento: text('Tipo_Instrumento', 50),
    moneda,
    fechaVencimiento: blankable(date('FechaVencimiento')),
    nocional: decimal('Nocional', 28, 8),
    valorMercado,
    delta: blankable(decimal('Delta', 18, 10)),
  },
  key: ['investId'],
  write: async (session, filas) => loaded(await homol.cargarDerivados(session, { filas }, again)),
};

export const ubs: Source<UbsLine> = {
  name: 'ubs',
  table: 'homol.UBS',
  what: "the custodian's positions",
  code: { field: 'portfolioUbs', column: 'Portfolio_UBS' },
  columns: {
    fechaReporte,
    portfolio,
    investId,
    descripcion,
    moneda,
    cantidad,
    precioLocal,
    valorMercado,
  },
  key: ['investId'],
  write: async (session, filas) => loaded(await homol.cargarUbs(session, { filas }, again)),
};

/** A source without what depends on the type of its lines. */
export interface SourceShape {
  readonly name: string;
  readonly table: string;
  readonly code: PortfolioCode;
  readonly columns: Readonly<Record<string, Column>>;
}

/** All six, in the order of the services. */
export const sources: readonly SourceShape[] = [ipa, capm, posModRf, sona, derivados, ubs];

/** The names of a source's columns, as `homol` has them. */
export function columnNames({ columns }: SourceShape): readonly string[] {
  return Object.values(columns).map(({ name }) => name);
}

/** Gives lines the numbers by which the database names them in an error. */
export function numbered<Line>(lines: readonly Line[]): readonly Numbered<Line>[] {
  return lines.map((line, i) => ({ ...line, linea: i + 1 }));
}
