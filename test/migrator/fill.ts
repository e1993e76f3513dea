/** Rows for any table, made up from the catalog: whatever a migration makes later is filled without being named here. */
import { ProcedureError } from '../../engine/index.js';
import type { Engine } from '../../engine/index.js';

interface Column {
  readonly name: string;
  readonly place: number;
  readonly type: string;
  readonly length: number | null;
  readonly required: boolean;
  readonly hasDefault: boolean;
}

interface ForeignKey {
  readonly columns: readonly string[];
  readonly parent: string;
  readonly parentColumns: readonly string[];
}

interface Check {
  readonly name: string;
  readonly columns: readonly string[];
  readonly definition: string;
}

interface Fillable {
  readonly table: string;
  readonly columns: readonly Column[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly checks: readonly Check[];
}

/** Where no catalog says what a trigger takes. */
const said: Readonly<Record<string, string | null>> = {
  'public.lo_procesos.estado': 'ERROR',
  // one of ours would keep the other of 023 in its place when that goes
  'logs.servicios.depende_de': 'IPA',
  // of a closing that was consolidated 020's way back changes the state, as it should
  'nomina.cierrenomina.id_trabajo': null,
};

/**
 * Adds a row to every table that is there, and to every view that takes inserts, parents first.
 * @param seed makes the rows differ from those of another call
 * @param skipped tables that nobody writes to directly
 */
export async function addRows(engine: Engine, seed: number, skipped: ReadonlySet<string>): Promise<void> {
  const tables = (await fillable(engine)).filter(({ table }) => !skipped.has(table));
  for (const one of parentsFirst(tables)) await addRow(engine, one, seed);
}

function saidOf(table: string, column: string): string | null | undefined {
  return said[`${table}.${column}`];
}

async function addRow(engine: Engine, one: Fillable, seed: number): Promise<void> {
  const values = new Map<string, string | null>();
  for (const column of one.columns) {
    if (column.hasDefault) continue;
    const wanted = saidOf(one.table, column.name);
    values.set(column.name, wanted === undefined ? made(column, one.checks, seed) : wanted);
  }
  for (const key of one.foreignKeys) {
    const [parent] = await engine.query(
      `SELECT ${key.parentColumns.map((name, i) => `"${name}"::text AS k${i}`).join(', ')} FROM ${key.parent} AS x
       ORDER BY x.ctid DESC LIMIT 1`,
    );
    if (parent === undefined) return;
    for (const [i, name] of key.columns.entries()) {
      const wanted = saidOf(one.table, name);
      values.set(name, wanted === undefined ? String(parent[`k${i}`]) : wanted);
    }
  }
  // what a check refuses is left out where it may be, and otherwise said in another way
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const names = [...values.keys()];
    const types = names.map((name) => one.columns.find((column) => column.name === name)?.type ?? 'text');
    try {
      await engine.query(
        names.length === 0
          ? `INSERT INTO ${one.table} DEFAULT VALUES`
          : `INSERT INTO ${one.table} (${names.map((name) => `"${name}"`).join(', ')})
             VALUES (${types.map((type, i) => `$${i + 1}::text::${type}`).join(', ')})`,
        [...values.values()],
      );
      return;
    } catch (error) {
      if (!(error instanceof ProcedureError)) throw error;
      // it can have no further row: the one that is there will do
      if (error.sqlState === '23505') return;
      if (error.sqlState !== '23514' || !relax(one, error.message, values)) throw explained(one, error);
    }
  }
  throw new Error(`no row for ${one.table} was found: say in fill.ts what its checks want`);
}

/** Whether something else can be tried for the columns of the check that the message names. */
function relax(one: Fillable, message: string, values: Map<string, string | null>): boolean {
  const name = /check constraint "([^"]+)"/.exec(message)?.[1];
  const check = one.checks.find((candidate) => candidate.name === name);
  const columns = one.columns.filter((column) => check?.columns.includes(column.name) === true);
  const optional = columns.filter((column) => !column.required && values.get(column.name) != null);
  const wanted = optional.at(-1) ?? columns.find(({ name: required }) => values.get(required) !== '1');
  if (wanted === undefined) return false;
  values.set(wanted.name, wanted.required ? '1' : null);
  return true;
}

/** What stands in a list of a check, or something of the type. */
function made({ name, place, type, length }: Column, checks: readonly Check[], seed: number): string {
  for (const { columns, definition } of checks) {
    // a digest
    const [, digits] = new RegExp(`length\\(+${name}\\)?(?:::text)?\\) = (\\d+)`).exec(definition) ?? [];
    if (digits !== undefined) {
      const text = String(seed).padStart(2, '0').repeat(Number(digits)).slice(0, Number(digits));
      return type === 'bytea' ? `\\x${text}${text}` : text;
    }
    if (columns.length !== 1 || columns[0] !== name) continue;
    if (definition.includes('IS JSON ARRAY')) return `[${seed}]`;
    if (definition.includes('IS JSON')) return `{"n": ${seed}}`;
    const [, list] = /= ANY \(+ARRAY\[(.*?)\]/.exec(definition) ?? [];
    const choices = [...(list ?? '').matchAll(/'([^']*)'/g)].map(([, choice]) => choice ?? '');
    const chosen = choices[seed % choices.length];
    if (chosen !== undefined) return chosen;
    const [, pattern] = /~~ '([^'%]+)%'/.exec(definition) ?? [];
    if (pattern !== undefined) return `${pattern}x${seed}`;
  }
  if (type === 'boolean') return String(seed % 2 === 0);
  if (type === 'date') return `20${String(10 + (seed % 80))}-03-0${1 + (seed % 9)}`;
  if (type.startsWith('timestamp')) return `20${String(10 + (seed % 80))}-03-04T05:06:07.125Z`;
  if (type === 'bytea') return `\\x${String(10 + (seed % 80))}`;
  if (type === 'jsonb' || type === 'json') return `{"n": ${seed}}`;
  if (type === 'uuid') return `00000000-0000-4000-8000-${String(seed).padStart(12, '0')}`;
  if (/^(?:numeric|real|double)/.test(type)) return `${seed}.5`;
  if (/^(?:smallint|integer|bigint)$/.test(type)) return String(1000 + seed + place);
  const text = `ñ "${seed}" ${name}`;
  return length === null
    ? text
    : length < 8
      ? String(seed).slice(0, length).padStart(length, 'A')
      : text.slice(0, length);
}

function explained({ table }: Fillable, error: ProcedureError): Error {
  return new Error(`a row for ${table}: ${error.message}`, { cause: error });
}

function parentsFirst(tables: readonly Fillable[]): Fillable[] {
  const sorted: Fillable[] = [];
  const rest = new Set(tables);
  while (rest.size > 0) {
    const names = new Set([...rest].map(({ table }) => table));
    const ready = [...rest].filter(({ table, foreignKeys }) =>
      foreignKeys.every(({ parent }) => parent === table || !names.has(parent)),
    );
    for (const one of ready.length > 0 ? ready : [...rest]) {
      sorted.push(one);
      rest.delete(one);
    }
  }
  return sorted;
}

async function fillable(engine: Engine): Promise<Fillable[]> {
  const rows = await engine.query(`
    SELECT n.nspname || '.' || c.relname AS name,
      (SELECT jsonb_agg(jsonb_build_object(
          'name', a.attname, 'place', a.attnum, 'type', format_type(a.atttypid, NULL), 'required', a.attnotnull,
          'length', CASE WHEN a.atttypmod > 4 AND t.typname IN ('varchar', 'bpchar') THEN a.atttypmod - 4 END,
          'hasDefault', a.atthasdef OR a.attidentity <> '') ORDER BY a.attnum)
        FROM pg_attribute AS a INNER JOIN pg_type AS t ON t.oid = a.atttypid
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
      (SELECT jsonb_agg(jsonb_build_object(
          'parent', m.nspname || '.' || p.relname,
          'columns', (SELECT jsonb_agg(a.attname ORDER BY u.i) FROM unnest(k.conkey) WITH ORDINALITY AS u (n, i)
            INNER JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.n),
          'parentColumns', (SELECT jsonb_agg(a.attname ORDER BY u.i) FROM unnest(k.confkey) WITH ORDINALITY AS u (n, i)
            INNER JOIN pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = u.n)) ORDER BY k.conname)
        FROM pg_constraint AS k INNER JOIN pg_class AS p ON p.oid = k.confrelid
        INNER JOIN pg_namespace AS m ON m.oid = p.relnamespace
        WHERE k.conrelid = c.oid AND k.contype = 'f') AS keys,
      (SELECT jsonb_agg(jsonb_build_object('name', k.conname, 'definition', pg_get_constraintdef(k.oid),
          'columns', (SELECT jsonb_agg(a.attname) FROM pg_attribute AS a
            WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey))))
        FROM pg_constraint AS k WHERE k.conrelid = c.oid AND k.contype = 'c') AS checks
    FROM pg_class AS c
    INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'carril') AND NOT c.relispartition
      AND (c.relkind IN ('r', 'p') OR (c.relkind = 'v' AND EXISTS (
        SELECT FROM pg_trigger AS g WHERE g.tgrelid = c.oid AND g.tgtype & 64 > 0 AND g.tgtype & 4 > 0)))
    ORDER BY 1`);
  return rows.map((row) => ({
    table: String(row['name']),
    columns: parsed<Column>(row['columns']),
    foreignKeys: parsed<ForeignKey>(row['keys']),
    checks: parsed<Check>(row['checks']),
  }));
}

function parsed<T>(json: unknown): T[] {
  return typeof json === 'string' ? (JSON.parse(json) as T[]) : [];
}
