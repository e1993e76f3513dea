import { readFileSync, readdirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';

import { parse } from 'csv-parse/sync';
import readWorkbook from 'read-excel-file/node';

import { UsageError } from '../../engine/errors.js';

/** A sheet as text: dates as YYYY-MM-DD, numbers exactly as the file has them, null for an empty cell. */
export interface Sheet {
  /** The workbook, or the CSV file. */
  readonly file: string;
  /** Lower case; a CSV file's is its name without `.csv`. */
  readonly name: string;
  readonly rows: readonly SheetRow[];
}

export interface SheetRow {
  /** 1-based, as a spreadsheet and an editor count. */
  readonly row: number;
  readonly cells: readonly (string | null)[];
}

/**
 * The sheets of an .xlsx workbook, or the CSV files of a folder, one a sheet.
 * @throws UsageError on what is neither; Error when it cannot be read
 */
export async function readSheets(path: string): Promise<readonly Sheet[]> {
  if (statSync(path).isDirectory()) {
    const files = readdirSync(path).filter((name) => extname(name).toLowerCase() === '.csv');
    if (files.length === 0) throw new UsageError(`${path} holds no CSV files: a folder has one a sheet`);
    return files.sort().map((name) => csvSheet(join(path, name), name.slice(0, -4).toLowerCase()));
  }
  if (extname(path).toLowerCase() !== '.xlsx')
    throw new UsageError(`${path} is neither an .xlsx workbook nor a folder of CSV files`);
  // numbers stay the text they are in the file: money is never a floating-point number
  const sheets = await readWorkbook(path, { parseNumber: (text: string) => text });
  return sheets.map(({ sheet, data }) => ({
    file: path,
    name: sheet.trim().toLowerCase(),
    rows: data.map((cells, i) => ({ row: i + 1, cells: cells.map(textOf) })).filter(hasSomething),
  }));
}

/** A column as a spreadsheet names it: A, B, …, Z, AA. */
export function columnName(place: number): string {
  let [name, rest] = ['', place + 1];
  for (; rest > 0; rest = Math.floor((rest - 1) / 26))
    name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
  return name;
}

function csvSheet(file: string, name: string): Sheet {
  const bytes = readFileSync(file);
  if (
    bytes.length >= 2 &&
    ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
  )
    throw new UsageError(`${file} is UTF-16; save it as UTF-8`);
  const rows: SheetRow[] = [];
  let last = 0;
  try {
    parse(bytes.toString('utf8').replaceAll(/\r\n?/g, '\n'), {
      bom: true,
      relax_column_count: true,
      record_delimiter: '\n',
      on_record: (values: string[], { lines }) => {
        rows.push({ row: last + 1, cells: values.map(textOf) });
        last = lines;
        return null;
      },
    });
  } catch (error) {
    throw new UsageError(
      `${file}:${last + 1}: no CSV from here on: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return { file, name, rows: rows.filter(hasSomething) };
}

function hasSomething({ cells }: SheetRow): boolean {
  return cells.some((cell) => cell !== null);
}

function textOf(cell: unknown): string | null {
  if (cell === null || cell === undefined) return null;
  if (cell instanceof Date) return cell.toISOString().replace(/T00:00:00\.000Z$/, '');
  const text = (typeof cell === 'string' ? cell : JSON.stringify(cell)).trim();
  return text === '' ? null : text;
}
