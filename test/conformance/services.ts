import type { Engine, Session } from '../../engine/index.js';
import type { Loaded } from '../reference/group.js';

/** What is compared of each service's result, in this order. */
const columns = {
  IPA: 'InvestID Descripcion Cantidad PrecioLocal ValorMercado Peso Lineas Repreciadas Es_Efectivo',
  CAPM: 'Patrimonio_Contable Total_IPA Diferencia Diferencia_PB',
  PosModRF: 'InvestID Descripcion Nominal ValorMercado Peso DuracionModificada Contribucion Duracion_Fondo',
  SONA: 'InvestID Moneda Cantidad_Pendiente Monto_Pendiente Operaciones',
  Derivados: 'InvestID Descripcion Nocional ValorMercado Exposicion_Delta',
  UBS: 'InvestID Tipo_Diferencia Cantidad_IPA Cantidad_UBS Diferencia',
  PNL: 'InvestID FechaAnterior Cambio_Valor Efecto_Precio Efecto_Cantidad',
} as const;

export type Service = keyof typeof columns;

/** The seven, in the order in which they run. */
export const services = Object.keys(columns) as readonly Service[];

/** Columns that are whole numbers or flags; the rest is read as text, so that no digit is lost. */
const plain = new Set(['Lineas', 'Repreciadas', 'Es_Efectivo', 'Operaciones']);

/** Rows of a service's Final, columns joined by |, NULL as nothing, sorted. `where` sees them as x. */
export async function finals(session: Session, service: Service, where: string): Promise<readonly string[]> {
  const selected = columns[service]
    .split(' ')
    .map((column) => (plain.has(column) ? `x.${column}` : `CAST(x.${column} AS varchar(200)) AS ${column}`));
  const rows = await session.query(
    `SELECT ${selected.join(', ')} FROM staging.${service}_Final AS x WHERE ${where}`,
  );
  return rows.map((row) => Object.values(row).join('|')).sort();
}

/** Rows into any table, values as text; the engine makes of them what the column is. */
export async function insertRows(
  engine: Engine,
  table: string,
  names: readonly string[],
  rows: readonly (readonly (string | number | bigint | null)[])[],
): Promise<void> {
  const literal = (value: string | number | bigint | null): string =>
    value === null ? 'NULL' : typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
  // SQL Server takes at most 1,000 rows after VALUES
  for (let from = 0; from < rows.length; from += 500) {
    const values = rows.slice(from, from + 500).map((row) => `(${row.map(literal).join(', ')})`);
    await engine.batch(`INSERT INTO ${table} (${names.join(', ')}) VALUES\n${values.join(',\n')}`);
  }
}

/** The columns of each source that a loader fills, besides the date and the portfolio. */
export const sources = {
  IPA: ['InvestID', 'Ticker', 'Descripcion', 'Moneda', 'Cantidad', 'PrecioLocal', 'ValorMercado'],
  CAPM: ['Cuenta', 'Descripcion', 'Moneda', 'Saldo'],
  PosModRF: ['InvestID', 'Descripcion', 'Moneda', 'Nominal', 'TIR', 'DuracionModificada', 'ValorMercado'],
  SONA: [
    ...['ID_Operacion', 'InvestID', 'Descripcion', 'Moneda', 'FechaOperacion', 'FechaLiquidacion'],
    ...['Cantidad', 'Monto'],
  ],
  Derivados: [
    ...['InvestID', 'Descripcion', 'Tipo_Instrumento', 'Moneda', 'FechaVencimiento', 'Nocional'],
    ...['ValorMercado', 'Delta'],
  ],
  UBS: ['InvestID', 'Descripcion', 'Moneda', 'Cantidad', 'PrecioLocal', 'ValorMercado'],
} as const;

export type Source = keyof typeof sources;

/** What no row has to say unless it matters. */
const usual: Loaded = {
  Descripcion: 'x',
  Moneda: 'USD',
  Ticker: 'T',
  Cantidad: '1',
  ValorMercado: '1',
  Nominal: '1',
  Nocional: '1',
  Tipo_Instrumento: 'FORWARD',
  FechaOperacion: '2021-01-05',
};

/** Lines of one portfolio and date. */
export interface File {
  readonly date: string;
  readonly portfolio: string;
  readonly lines: readonly Loaded[];
}

/** Lines into homol, as a loader that is not ours would leave them: nothing checked. */
export async function load(engine: Engine, source: Source, files: readonly File[]): Promise<void> {
  const names = sources[source];
  await insertRows(
    engine,
    `homol.${source}`,
    ['FechaReporte', 'Portfolio', ...names],
    files.flatMap(({ date, portfolio, lines }) =>
      lines.map((line) => [
        date,
        portfolio,
        ...names.map((name) => (name in line ? line[name] : usual[name]) ?? null),
      ]),
    ),
  );
}

/** Every line of a source, in the order in which they were loaded. */
export async function loaded(session: Session, source: Source): Promise<readonly Loaded[]> {
  const names = ['FechaReporte', 'Portfolio', ...sources[source]];
  const rows = await session.query(
    `SELECT ${names.map((name) => `CAST(h.${name} AS varchar(200)) AS ${name}`).join(', ')}
     FROM homol.${source} AS h ORDER BY h.ID_Linea`,
  );
  return rows.map((row) =>
    Object.fromEntries(names.map((name, at) => [name, Object.values(row)[at] as string | null])),
  );
}
