import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from } from 'pg-copy-streams';
import { checkTuple } from '../values.js';
import { toParameter } from './types.js';
import type { Rows } from '../link.js';
import type { Column, SqlType, SqlValue } from '../types.js';

/** A name of ours, unquoted in the SQL files and so lower case in the catalog; quoted, since it may be a keyword. */
export function quoted(name: string): string {
  return name
    .split('.')
    .map((part) => `"${part.toLowerCase().replaceAll('"', '""')}"`)
    .join('.');
}

/** COPY, for any number of rows: one statement, all or nothing, and no limit of parameters to mind. */
export async function copyRows(
  client: PoolClient,
  table: string,
  columns: readonly Column[],
  rows: Rows,
): Promise<number> {
  let count = 0;
  const line = (row: readonly SqlValue[]): string => {
    count += 1;
    return quickLine(row, columns) ?? checkedLine(row);
  };
  const checkedLine = (row: readonly SqlValue[]): string => {
    const values = checkTuple(row, columns, count);
    return `${values.map((value, i) => field(value, columns[i]?.type)).join('\t')}\n`;
  };
  const names = columns.map(({ name }) => quoted(name)).join(', ');
  const stream = client.query(from(`COPY ${quoted(table)} (${names}) FROM STDIN`));
  await pipeline(Readable.from(inChunks(rows, line), { objectMode: true }), stream);
  return stream.rowCount;
}

/**
 * The line of a row in which every value is what its column takes as it stands, which nearly all are; undefined where one has to
 * be looked at, to be put into its plain form or refused. Checking them all into an array first costs as much as writing.
 */
function quickLine(row: readonly SqlValue[], columns: readonly Column[]): string | undefined {
  if (row.length !== columns.length) return undefined;
  let text = '';
  for (let i = 0; i < columns.length; i += 1) {
    const found = quickField(row[i] ?? null, columns[i]);
    if (found === undefined) return undefined;
    text += i === 0 ? found : `\t${found}`;
  }
  return `${text}\n`;
}

/** The last millisecond of the year 9999. */
const lastInstant = 253_402_300_799_999;

function quickField(value: SqlValue, column: Column | undefined): string | undefined {
  if (column === undefined) return undefined;
  const { type, nullable } = column;
  if (value === null) return nullable ? '\\N' : undefined;
  switch (type.kind) {
    case 'nvarchar':
    case 'varchar':
      if (typeof value !== 'string' || (type.length !== 'max' && value.length > type.length))
        return undefined;
      if (!value.isWellFormed() || value.includes('\0')) return undefined;
      return special.test(value) ? escaped(value) : value;
    case 'int':
      return typeof value === 'number' && (value | 0) === value ? String(value) : undefined;
    case 'bigint':
      return typeof value === 'bigint' && BigInt.asIntN(64, value) === value ? String(value) : undefined;
    case 'datetime2': {
      if (!(value instanceof Date)) return undefined;
      const ms = value.getTime();
      return ms >= 0 && ms <= lastInstant ? instant(ms) : undefined;
    }
    default:
      return undefined;
  }
}

let [secondOf, secondText] = [-1, ''];

/** As `toISOString`, which is slow: rows that are written together mostly are of one second, or of a few. */
function instant(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (second !== secondOf) {
    secondOf = second;
    secondText = new Date(second * 1000).toISOString().slice(0, 20);
  }
  return `${secondText}${String(ms - second * 1000).padStart(3, '0')}Z`;
}

const chunkLength = 65_536;

/** Rows that are there already are taken without waiting for each: that would cost more than writing it. */
async function* inChunks(rows: Rows, line: (row: readonly SqlValue[]) => string): AsyncGenerator<string> {
  let chunk = '';
  if (Symbol.iterator in rows) {
    for (const row of rows) {
      chunk += line(row);
      if (chunk.length < chunkLength) continue;
      yield chunk;
      chunk = '';
    }
  } else {
    for await (const row of rows) {
      chunk += line(row);
      if (chunk.length < chunkLength) continue;
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const special = /[\\\n\r\t]/;

function escaped(text: string): string {
  return text.replaceAll(/[\\\n\r\t]/g, (found) => escapes[found] ?? found);
}

/** One field of COPY's text format. */
function field(value: SqlValue, type: SqlType | undefined): string {
  if (value === null) return '\\N';
  // checked, and so cleaned, before
  if (typeof value === 'string') return special.test(value) ? escaped(value) : value;
  if (typeof value === 'bigint' || (typeof value === 'number' && type?.kind !== 'decimal'))
    return String(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `\\\\x${Buffer.from(value).toString('hex')}`;
  return escaped(String(toParameter(value, type)));
}
