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
    const values = checkTuple(row, columns, count);
    let text = field(values[0] ?? null, columns[0]?.type);
    for (let i = 1; i < values.length; i += 1) text += `\t${field(values[i] ?? null, columns[i]?.type)}`;
    return `${text}\n`;
  };
  const names = columns.map(({ name }) => quoted(name)).join(', ');
  const stream = client.query(from(`COPY ${quoted(table)} (${names}) FROM STDIN`));
  await pipeline(Readable.from(inChunks(rows, line), { objectMode: true }), stream);
  return stream.rowCount;
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
