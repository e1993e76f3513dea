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
  async function* lines(): AsyncGenerator<string> {
    let chunk = '';
    for await (const row of rows) {
      count += 1;
      const values = checkTuple(row, columns, `row ${count}`);
      chunk += `${values.map((value, index) => field(value, columns[index]?.type)).join('\t')}\n`;
      if (chunk.length < 65_536) continue;
      yield chunk;
      chunk = '';
    }
    if (chunk !== '') yield chunk;
  }
  const names = columns.map(({ name }) => quoted(name)).join(', ');
  const stream = client.query(from(`COPY ${quoted(table)} (${names}) FROM STDIN`));
  await pipeline(Readable.from(lines(), { objectMode: true }), stream);
  return stream.rowCount;
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** One field of COPY's text format. */
function field(value: SqlValue, type: SqlType | undefined): string {
  if (value === null) return '\\N';
  if (value instanceof Uint8Array) return `\\\\x${Buffer.from(value).toString('hex')}`;
  return String(toParameter(value, type)).replaceAll(/[\\\n\r\t]/g, (found) => escapes[found] ?? found);
}
