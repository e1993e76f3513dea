/** What every table holds, row by row, said without the code under test. */
import { createHash } from 'node:crypto';

import type { Engine } from '../../engine/index.js';

/** A row, each value as text; NULL is null. */
export type TableRow = Readonly<Record<string, string | null>>;

export interface TableContent {
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

export type Contents = ReadonlyMap<string, TableContent>;

/** Every table and every view that takes inserts, but the journal's. */
export async function readContents(engine: Engine): Promise<Contents> {
  const tables = await engine.query(`
    SELECT n.nspname || '.' || c.relname AS name,
      (SELECT jsonb_agg(a.attname ORDER BY a.attnum) FROM pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
    FROM pg_class AS c
    INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'carril') AND NOT c.relispartition
      AND (c.relkind IN ('r', 'p') OR (c.relkind = 'v' AND EXISTS (
        SELECT FROM pg_trigger AS g WHERE g.tgrelid = c.oid AND g.tgtype & 64 > 0)))
    ORDER BY 1`);
  const contents = new Map<string, { columns: string[]; rows: TableRow[] }>();
  for (const { name, columns } of tables)
    contents.set(String(name), { columns: JSON.parse(String(columns)) as string[], rows: [] });
  if (contents.size === 0) return contents;
  const rows = await engine.query(
    [...contents.keys()]
      .map(
        (name) => `SELECT '${name}' AS name,
          (SELECT jsonb_object_agg(e.k, e.v) FROM jsonb_each_text(to_jsonb(x)) AS e (k, v)) AS line FROM ${name} AS x`,
      )
      .join(' UNION ALL '),
  );
  for (const { name, line } of rows)
    contents.get(String(name))?.rows.push(JSON.parse(String(line)) as TableRow);
  return contents;
}

/** The rows as lines, sorted, with those columns only. */
export function linesOf(rows: readonly TableRow[], columns: readonly string[]): string[] {
  return rows
    .map((row) => JSON.stringify([...columns].sort().map((name) => [name, row[name] ?? null])))
    .sort();
}

export function checksumOf(lines: readonly string[]): string {
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16);
}

/** The lines of `all` that are not among `some`; what is there twice must be there twice. */
export function without(all: readonly string[], some: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of some) left.set(line, (left.get(line) ?? 0) + 1);
  return all.filter((line) => {
    const times = left.get(line) ?? 0;
    if (times > 0) left.set(line, times - 1);
    return times === 0;
  });
}
