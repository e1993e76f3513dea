import { readFileSync } from 'node:fs';

import { parse } from 'csv-parse/sync';

import { quote } from '../quote.js';
import { Problems } from './problems.js';

/** A line of a CSV file by the names of its columns. */
export interface CsvRecord<Name extends string> {
  /** 1-based, where the record begins. */
  readonly line: number;
  /** The column's text without spaces around it; empty for an optional column that the file has not. */
  get(column: Name): string;
}

export interface CsvFile<Name extends string> {
  readonly records: readonly CsvRecord<Name>[];
  readonly problems: Problems;
}

interface RawRecord {
  readonly line: number;
  readonly values: readonly string[];
}

/**
 * Reads a CSV file: UTF-8 with or without BOM, any line ends, quoted fields, empty lines skipped. Columns are found by
 * name without regard to case and order; further ones are ignored. Missing columns, a wrong number of fields and a quote
 * that is never closed become problems.
 * @throws Error when the file cannot be read
 */
export function readCsv<Name extends string>(
  file: string,
  required: readonly Name[],
  optional: readonly Name[] = [],
): CsvFile<Name> {
  const problems = new Problems(file);
  const [header, ...rows] = readRecords(file, problems);
  if (header === undefined) {
    // what could not be read (UTF-16, say) has been reported as that
    if (problems.list.length === 0)
      problems.add(1, `the file is empty; its first line must name the columns ${required.join(', ')}`);
    return { records: [], problems };
  }
  const places = new Map<string, number>();
  header.values.forEach((title, place) => {
    const name = title.trim().toLowerCase();
    if (places.has(name)) problems.add(header.line, `column ${quote(title.trim())} stands there twice`);
    places.set(name, place);
  });
  const missing = required.filter((name) => !places.has(name.toLowerCase()));
  for (const name of missing) problems.add(header.line, `column ${name} is missing`);
  // without its columns no line can be judged
  if (missing.length > 0) return { records: [], problems };
  const known = new Map([...required, ...optional].map((name) => [name, places.get(name.toLowerCase())]));
  const records: CsvRecord<Name>[] = [];
  for (const { line, values } of rows) {
    if (values.length !== header.values.length) {
      problems.add(line, `${values.length} fields instead of the header's ${header.values.length}`);
      continue;
    }
    records.push({
      line,
      get: (column) => {
        const place = known.get(column);
        return place === undefined ? '' : (values[place] ?? '').trim();
      },
    });
  }
  return { records, problems };
}

/** The names of a file's columns, lower case; empty for an empty file. */
export function readHeader(file: string): readonly string[] {
  const [header] = readRecords(file, new Problems(file));
  return header === undefined ? [] : header.values.map((title) => title.trim().toLowerCase());
}

function readRecords(file: string, problems: Problems): RawRecord[] {
  const bytes = readFileSync(file);
  if (
    bytes.length >= 2 &&
    ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
  ) {
    problems.add(1, 'the file is UTF-16; save it as UTF-8');
    return [];
  }
  // one kind of line end: csv-parse counts a CRLF within quotes as two lines
  const text = bytes.toString('utf8').replaceAll(/\r\n?/g, '\n');
  const records: RawRecord[] = [];
  let last = 0;
  try {
    parse(text, {
      bom: true,
      relax_column_count: true,
      record_delimiter: '\n',
      on_record: (values: string[], { lines }) => {
        const line = last + 1;
        last = lines;
        if (values.length > 1 || values[0]?.trim() !== '') records.push({ line, values });
        return null;
      },
    });
  } catch (error) {
    problems.add(last + 1, `no CSV from here on: ${error instanceof Error ? error.message : String(error)}`);
  }
  return records;
}
