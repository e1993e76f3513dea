import type { Engine, Row, SqlType } from '../../engine/index.js';
import type { Catalog } from '../catalog.js';
import {
  isTableType,
  keyOf,
  nameOf,
  type ColumnModel,
  type ProcedureModel,
  type TableTypeModel,
} from '../model.js';
import type { Place, Problems } from '../source.js';
import { typeText } from '../sql-type.js';

// A type's own name stands under its system type; lengths are bytes, -1 for max. Names of types of the site's own
// (CREATE TYPE … FROM) are shown by the type that they stand for.
const typeColumns = (alias: string) => `
  CASE WHEN ${alias}.system_type_id IN (231, 239) AND ${alias}.max_length > 0 THEN ${alias}.max_length / 2
       ELSE ${alias}.max_length END AS [length],
  CAST(${alias}.[precision] AS int) AS [precision], CAST(${alias}.scale AS int) AS scale,
  (SELECT b.name FROM sys.types AS b
    WHERE b.system_type_id = ${alias}.system_type_id AND b.user_type_id = ${alias}.system_type_id) AS [type]`;

const procedureQuery = `
  SELECT s.name AS [schema], p.name AS name, p.object_id AS id
    FROM sys.procedures AS p JOIN sys.schemas AS s ON s.schema_id = p.schema_id`;

const parameterQuery = `
  SELECT a.object_id AS id, a.parameter_id AS position, a.name AS parameter, a.is_output, ${typeColumns('a')},
         ts.name AS table_schema, t.name AS table_name
    FROM sys.parameters AS a
    JOIN sys.procedures AS p ON p.object_id = a.object_id
    LEFT JOIN sys.table_types AS t ON t.user_type_id = a.user_type_id
    LEFT JOIN sys.schemas AS ts ON ts.schema_id = t.schema_id
   ORDER BY a.object_id, a.parameter_id`;

const tableQuery = `
  SELECT s.name AS [schema], t.name AS name, c.name AS column_name, c.is_nullable, ${typeColumns('c')}
    FROM sys.table_types AS t
    JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    JOIN sys.columns AS c ON c.object_id = t.type_table_object_id
   ORDER BY t.user_type_id, c.column_id`;

const resultQuery = `
  SELECT r.column_ordinal AS position, r.name, r.is_nullable, r.error_message, ${typeColumns('r')}
    FROM sys.dm_exec_describe_first_result_set_for_object(CAST(@p0 AS int), 0) AS r
   WHERE ISNULL(r.is_hidden, 0) = 0
   ORDER BY r.column_ordinal`;

export async function compareSqlServer(
  catalog: Catalog,
  engine: Engine,
  differences: Problems,
  notes: Problems,
): Promise<void> {
  const ids = new Map(
    (await engine.query(procedureQuery)).map((row) => [
      keyOf({ schema: text(row['schema']), name: text(row['name']) }),
      text(row['id']),
    ]),
  );
  const parameters = groupBy(await engine.query(parameterQuery), (row) => text(row['id']));
  const tables = groupBy(await engine.query(tableQuery), (row) =>
    keyOf({ schema: text(row['schema']), name: text(row['name']) }),
  );
  for (const type of catalog.tableTypes) compareTable(type, tables.get(keyOf(type)) ?? [], differences);
  for (const procedure of catalog.procedures) {
    const id = ids.get(keyOf(procedure));
    if (id === undefined) {
      differences.add(
        procedure.place,
        `the database has no procedure ${nameOf(procedure)}: apply the procedures`,
      );
      continue;
    }
    compareParameters(procedure, parameters.get(id) ?? [], differences);
    compareResult(procedure, await engine.query(resultQuery, [Number(id)]), differences, notes);
  }
}

function compareTable(type: TableTypeModel, live: readonly Row[], problems: Problems): void {
  if (live.length === 0) {
    problems.add(type.place, `the database has no table type ${nameOf(type)}: apply the migrations`);
    return;
  }
  const [expected, found] = [
    type.columns.map(({ name }) => name),
    live.map((row) => text(row['column_name'])),
  ];
  if (expected.join().toLowerCase() !== found.join().toLowerCase()) {
    problems.add(type.place, `in the database the columns of ${nameOf(type)} are ${found.join(', ')}`);
    return;
  }
  type.columns.forEach((column, i) => {
    const row = live[i] ?? {};
    compareType(column.type, row, `${nameOf(type)}.${column.name}`, column.place, true, problems);
    if (flag(row['is_nullable']) !== column.nullable) {
      problems.add(
        column.place,
        `${column.name} is ${column.nullable ? 'not null' : 'null'} in the database`,
      );
    }
  });
}

/** Defaults are not compared: sys.parameters knows them for CLR procedures only. */
function compareParameters(procedure: ProcedureModel, live: readonly Row[], problems: Problems): void {
  const rest = new Map(live.map((row) => [text(row['parameter']).toLowerCase(), row]));
  for (const parameter of procedure.parameters) {
    const key = `@${parameter.name}`.toLowerCase();
    const row = rest.get(key);
    rest.delete(key);
    if (row === undefined) {
      problems.add(parameter.place, `@${parameter.name} is no parameter in the database`);
      continue;
    }
    if (flag(row['is_output']) !== parameter.output) {
      const is = parameter.output ? 'an input' : 'OUTPUT';
      problems.add(parameter.place, `@${parameter.name} is ${is} in the database`);
    }
    if (isTableType(parameter.type)) {
      const name = `${text(row['table_schema'])}.${text(row['table_name'])}`;
      if (name.toLowerCase() !== keyOf(parameter.type)) {
        problems.add(
          parameter.place,
          `@${parameter.name} is ${name} in the database, not ${nameOf(parameter.type)}`,
        );
      }
    } else {
      compareType(parameter.type, row, `@${parameter.name}`, parameter.place, true, problems);
    }
  }
  for (const row of rest.values()) {
    problems.add(
      procedure.place,
      `in the database it has one parameter more, ${text(row['parameter'])} ${liveType(row)}`,
    );
  }
}

/** The server describes the first result set, and cannot where a temporary table or an EXEC makes it. */
function compareResult(
  procedure: ProcedureModel,
  live: readonly Row[],
  problems: Problems,
  notes: Problems,
): void {
  const at = procedure.contract.places.get('Returns') ?? procedure.contract.place;
  const error = live.map((row) => text(row['error_message'])).find((message) => message !== '');
  if (error !== undefined) {
    notes.add(at, `the server cannot describe what ${nameOf(procedure)} returns: ${error}`);
    return;
  }
  const expected = procedure.contract.resultSets[0]?.columns ?? [];
  const found = live.map((row) => text(row['name']));
  if (expected.map(({ name }) => name.toLowerCase()).join() !== found.join().toLowerCase()) {
    problems.add(at, `in the database its columns are ${found.join(', ') || 'none'}`);
    return;
  }
  expected.forEach((column: ColumnModel, i) => {
    compareType(column.type, live[i] ?? {}, `column ${column.name}`, column.place, false, problems);
  });
}

const sameKind: Readonly<Record<string, string>> = {
  numeric: 'decimal',
  real: 'float',
  binary: 'varbinary',
  datetime: 'datetime2',
  smalldatetime: 'datetime2',
};

/** @param exact a declared type is the same; what an expression returns may be shorter text, or text of another kind */
function compareType(
  type: SqlType,
  row: Row,
  what: string,
  place: Place,
  exact: boolean,
  problems: Problems,
): void {
  const written = text(row['type']);
  const kind = sameKind[written] ?? written;
  const length = Number(row['length']);
  let same = kind === type.kind;
  if ('length' in type) {
    const expected = type.length === 'max' ? -1 : type.length;
    const characters = ['char', 'nchar', 'varchar', 'nvarchar'];
    if (!exact) same ||= characters.includes(kind) && characters.includes(type.kind);
    same &&= exact ? length === expected : expected === -1 || (length !== -1 && length <= expected);
  } else if (type.kind === 'decimal') {
    same &&= Number(row['precision']) === type.precision && Number(row['scale']) === type.scale;
  } else if (type.kind === 'datetime2' && written === 'datetime2' && exact) {
    same &&= Number(row['scale']) === type.scale;
  }
  if (!same) problems.add(place, `${what} is ${liveType(row)} in the database, not ${typeText(type)}`);
}

function liveType(row: Row): string {
  const type = text(row['type']) || 'a type of its own';
  if (/char|binary/.test(type)) return `${type}(${row['length'] === -1 ? 'max' : text(row['length'])})`;
  if (/decimal|numeric/.test(type)) return `${type}(${text(row['precision'])},${text(row['scale'])})`;
  return type === 'datetime2' ? `${type}(${text(row['scale'])})` : type;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

function flag(value: unknown): boolean {
  return value === true || value === 1;
}

function groupBy(rows: readonly Row[], keyOfRow: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOfRow(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}
