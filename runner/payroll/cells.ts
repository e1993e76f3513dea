import { isDate } from '../dates.js';
import { decimalProblem } from '../load/fields.js';
import { quote } from '../quote.js';
import { rutProblem } from './rut.js';
import { columnName } from './workbook.js';
import type { Sheet, SheetRow } from './workbook.js';

/** Something wrong in a sheet, at a cell where there is one. */
export interface CellProblem {
  readonly file: string;
  readonly sheet: string;
  readonly row: number;
  /** Its letter and title: `D (valor)`. */
  readonly column: string | null;
  readonly message: string;
}

export type CellKind =
  | { readonly kind: 'text'; readonly longest: number }
  | { readonly kind: 'rut' | 'date' | 'amount' | 'days' }
  | { readonly kind: 'one of'; readonly values: readonly string[] };

export interface ColumnRule {
  readonly cell: CellKind;
  /** An empty cell is a problem. */
  readonly required: boolean;
  /** The column may be missing as a whole. */
  readonly optional?: boolean;
}

/** `file, sheet conceptos, row 7, column D (valor): message`. */
export function describeCellProblem({ file, sheet, row, column, message }: CellProblem): string {
  return `${file}, sheet ${sheet}, row ${row}${column === null ? '' : `, column ${column}`}: ${message}`;
}

/** A sheet's row by the names of its columns, checked; an empty cell is null. */
export interface CheckedRow<Name extends string> {
  readonly row: number;
  get(column: Name): string | null;
}

/** Checks a sheet against its rules and adds every problem to `problems`. Rows with a problem are given all the same. */
export function checkSheet<Name extends string>(
  sheet: Sheet,
  rules: Readonly<Record<Name, ColumnRule>>,
  problems: CellProblem[],
): readonly CheckedRow<Name>[] {
  const { file, name } = sheet;
  const [header, ...rows] = sheet.rows;
  const names = Object.keys(rules) as Name[];
  const problem = (row: number, column: string | null, message: string) =>
    problems.push({ file, sheet: name, row, column, message });
  if (header === undefined) {
    problem(1, null, `it is empty; its first row names the columns ${names.join(', ')}`);
    return [];
  }
  const places = new Map<string, number>();
  header.cells.forEach((title, place) => {
    if (title === null) return;
    const key = title.toLowerCase();
    if (places.has(key)) problem(header.row, columnName(place), `column ${quote(title)} stands there twice`);
    places.set(key, place);
  });
  const missing = names.filter((column) => !places.has(column) && rules[column].optional !== true);
  for (const column of missing) problem(header.row, null, `column ${column} is missing`);
  if (missing.length > 0) return [];
  return rows.map((row) => {
    const values = new Map<string, string | null>();
    for (const column of names) {
      const place = places.get(column);
      const rule = rules[column];
      const text = place === undefined ? null : cellOf(row, place, rule);
      values.set(column, text);
      const wrong = problemOf(text, rule);
      if (wrong !== undefined && place !== undefined)
        problem(row.row, `${columnName(place)} (${column})`, wrong);
    }
    return { row: row.row, get: (column) => values.get(column) ?? null };
  });
}

function cellOf({ cells }: SheetRow, place: number, { cell }: ColumnRule): string | null {
  const text = cells[place] ?? null;
  if (text === null) return null;
  if (cell.kind === 'amount' || cell.kind === 'days') return exactDecimal(text);
  return cell.kind === 'one of' ? text.toLowerCase() : text;
}

/**
 * A spreadsheet writes some numbers with an exponent, or with the noise of its floating-point arithmetic behind the 15 digits
 * that it keeps: 1.2345E7, 1234.5600000000001. Everything else stays as it is, whatever it is.
 */
function exactDecimal(text: string): string {
  if (!/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return text;
  if (!/e/i.test(text) && text.replaceAll(/\D/g, '').length <= 15) return text;
  return String(Number(Number(text).toPrecision(15)));
}

function problemOf(text: string | null, { cell, required }: ColumnRule): string | undefined {
  if (text === null) return required ? 'is empty' : undefined;
  switch (cell.kind) {
    case 'text':
      return text.length > cell.longest
        ? `${quote(text)} is longer than ${cell.longest} characters`
        : undefined;
    case 'rut': {
      if (text.length > 15) return `${quote(text)} is longer than 15 characters`;
      const wrong = rutProblem(text);
      return wrong === undefined ? undefined : `${quote(text)} ${wrong}`;
    }
    case 'date':
      return isDate(text)
        ? undefined
        : `${quote(text)} is no date; write it as 2025-07-31, or as a date cell`;
    case 'amount':
      return decimalProblem(text, 12, 2);
    case 'days':
      return /^\d{1,4}$/.test(text) ? undefined : `${quote(text)} is no number of days`;
    case 'one of':
      return cell.values.includes(text) ? undefined : `${quote(text)} is none of ${cell.values.join(', ')}`;
  }
}
