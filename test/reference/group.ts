import { absolute } from './decimal.js';

/** A row as it was loaded: decimals and dates as text. */
export type Loaded = Readonly<Record<string, string | null>>;

/** A column that is never NULL. */
export function must(row: Loaded, column: string): string {
  const value = row[column];
  if (value == null) throw new Error(`${column} is missing in ${JSON.stringify(row)}`);
  return value;
}

/** The rows of each key, in their order. */
export function groups<Row>(rows: readonly Row[], keyOf: (row: Row) => string): (readonly [string, Row[]])[] {
  const found = new Map<string, Row[]>();
  for (const row of rows) found.set(keyOf(row), [...(found.get(keyOf(row)) ?? []), row]);
  return [...found];
}

/** The first of the rows with the largest absolute value. */
export function largest<Row>(rows: readonly Row[], valueOf: (row: Row) => bigint): Row {
  const [first, ...others] = rows;
  if (first === undefined) throw new Error('nothing to choose from');
  return others.reduce((best, row) => (absolute(valueOf(row)) > absolute(valueOf(best)) ? row : best), first);
}

/** Lowest first, character by character: what decides between equals on either engine. */
export function byId<Row extends { readonly id: string }>(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}
