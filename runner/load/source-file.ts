import { isDate } from '../dates.js';
import { quote } from '../quote.js';
import { readCsv } from './csv.js';
import type { CsvRecord } from './csv.js';
import { decimalProblem } from './fields.js';
import type { Problem } from './problems.js';
import { columnNames, sources } from './sources.js';
import type { Column, Numbered, Source, SourceShape } from './sources.js';

/** A source's file after its checks: lines, by the numbers they have in it, only when there is no problem. */
export interface SourceFile<Line> {
  readonly file: string;
  readonly lines: readonly Numbered<Line>[];
  /** What loading the file replaces: `PORTFOLIO on DATE`, and the portfolio. */
  readonly pairs: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
}

type Cells = Readonly<Record<string, string | null>>;

/**
 * Reads and checks a CSV file whose header names the columns as the source's table does. All of them must be there, so that
 * the file of one source is not taken for another's; a cell of a nullable column may be empty.
 */
export function readSource<Line>(source: Source<Line>, file: string): SourceFile<Line> {
  const columns = Object.entries<Column>(source.columns);
  const keyed = columns.filter(([field]) => source.key.some((key) => key === field));
  const { records, problems } = readCsv(file, columnNames(source));
  const seen = new Map<string, number>();
  const pairs = new Map<string, string>();
  const lines: Numbered<Line>[] = [];
  for (const record of records) {
    const before = problems.list.length;
    for (const [, column] of columns) {
      const problem = cellProblem(column, record.get(column.name));
      if (problem !== undefined) problems.add(record.line, `${column.name} ${problem}`);
    }
    if (problems.list.length > before) continue;
    const cells: Cells = Object.fromEntries(
      columns.map(([field, column]) => [field, valueOf(column, record)]),
    );
    // the keys are exactly the fields of a line: that is how a source's columns are typed
    lines.push({ ...(cells as Line), linea: record.line });

    const portfolio = cells['portfolio'] ?? '';
    const pair = `${portfolio} on ${cells['fechaReporte']}`;
    pairs.set(pair, portfolio);
    const name = keyed.map(([field, column]) => `${column.name} ${cells[field]}`).join(', ');
    // as SQL Server compares texts: without regard to case
    const key = `${pair}\n${name}`.toLowerCase();
    const first = seen.get(key);
    if (first === undefined) seen.set(key, record.line);
    else problems.add(record.line, `${name} of ${pair} stands in line ${first} already`);
  }
  if (records.length === 0 && problems.list.length === 0)
    problems.add(1, 'there is no line below the header');
  const found = problems.sorted();
  return { file, lines: found.length === 0 ? lines : [], pairs, problems: found };
}

function valueOf({ name, blank }: Column, record: CsvRecord<string>): string | null {
  const value = record.get(name);
  // Descripcion may be blank and is never NULL
  return value === '' && blank && name !== 'Descripcion' ? null : value;
}

function cellProblem(column: Column, value: string): string | undefined {
  if (value === '') return column.blank ? undefined : 'is empty';
  switch (column.kind) {
    case 'text':
      return value.length > column.length
        ? `is longer than ${column.length} characters: ${quote(value)}`
        : undefined;
    case 'currency':
      return /^[A-Z]{3}$/.test(value)
        ? undefined
        : `${quote(value)} is no currency; write three capital letters, as USD`;
    case 'date':
      return isDate(value) ? undefined : `${quote(value)} is no date; write it as 2021-05-07`;
    case 'decimal':
      return decimalProblem(value, column.precision, column.scale);
  }
}

/**
 * Whether a folder's CSV file is plainly not this source's: it has exactly the columns of another one, or none of this one's
 * but those that all have. An empty file and one that lacks some columns are this source's, gone wrong: to skip them would
 * hide it.
 */
export function isForeignTo(source: SourceShape, header: readonly string[]): boolean {
  if (header.length === 0) return false;
  const lower = (names: readonly string[]) => names.map((name) => name.toLowerCase());
  const own = lower(columnNames(source));
  const known = new Set(lower(sources.flatMap(columnNames)).filter((name) => header.includes(name)));
  const fits = sources.find((other) => {
    const names = lower(columnNames(other));
    return names.length === known.size && names.every((name) => known.has(name));
  });
  if (fits !== undefined) return fits.name !== source.name;
  return !own.some((name) => !common.has(name) && header.includes(name));
}

const common: ReadonlySet<string> = new Set(['fechareporte', 'portfolio']);
