import { ProcedureError } from '../errors.js';
import { givenArguments, isTable, rowReader, scalar, tableRows } from '../shape.js';
import { bad, checkRow, checkValue } from '../values.js';
import { quoted } from './copy.js';
import { castOf, toJson, toParameter } from './types.js';
import type {
  Arguments,
  CallResult,
  Column,
  Parameter,
  Procedure,
  Row,
  SqlType,
  SqlValue,
} from '../types.js';

/**
 * `SELECT * FROM schema.name(p_a => $1::bigint, …)`: by name, so that what is left out takes its default, and with
 * casts, so that the server need not guess which function is meant.
 */
export function callStatement(procedure: Procedure, args: Arguments): { text: string; values: unknown[] } {
  if (procedure.results.length > 1) {
    throw bad(
      `${procedure.name} returns several result sets, which a PostgreSQL function cannot`,
      procedure.name,
    );
  }
  const { name, parts } = textsOf(procedure);
  const values: unknown[] = [];
  const passed = givenArguments(procedure, args).flatMap(({ parameter, value }) => {
    if (parameter.output) return [];
    const where = `@${parameter.name}`;
    const { type } = parameter;
    if (isTable(type)) {
      const rows = tableRows(value, where).map((row, index) =>
        checkRow(row, type.columns, `${where}[${index}]`),
      );
      values.push(toJson(rows, type.columns));
    } else {
      values.push(toParameter(checkValue(scalar(value, where), type, where), type));
    }
    const { before, after } = parts.get(parameter) ?? partsOf(parameter);
    return [`${before}${values.length}${after}`];
  });
  return { text: `${name}(${passed.join(', ')})`, values };
}

interface Texts {
  readonly name: string;
  readonly parts: ReadonlyMap<Parameter, Parts>;
}

/** What stands before and after a parameter's number. */
interface Parts {
  readonly before: string;
  readonly after: string;
}

const known = new WeakMap<Procedure, Texts>();

/** The pieces of a procedure's statement, put together once: short calls come thousands a second. */
function textsOf(procedure: Procedure): Texts {
  let texts = known.get(procedure);
  if (texts === undefined) {
    const parts = new Map(procedure.parameters.map((parameter) => [parameter, partsOf(parameter)]));
    texts = { name: `SELECT * FROM ${quoted(procedure.name)}`, parts };
    known.set(procedure, texts);
  }
  return texts;
}

function partsOf({ name, type }: Parameter): Parts {
  return { before: `${quoted(`p_${name}`)} => $`, after: `::${isTable(type) ? 'jsonb' : castOf(type)}` };
}

/** A column as the server describes it. */
interface Field {
  readonly name: string;
}

/** OUT parameters come as the one row's columns, a result set as the rows. */
export function callResult(
  procedure: Procedure,
  fields: readonly Field[],
  rows: readonly (readonly SqlValue[])[],
): CallResult {
  let output: Row = {};
  if (procedure.parameters.some((parameter) => parameter.output)) {
    const [row] = rows;
    if (row === undefined) {
      throw new ProcedureError(`${procedure.name} returned no row, so no OUT parameters`, {
        code: 'DATABASE',
        procedure: procedure.name,
      });
    }
    const outputs = procedure.parameters.flatMap(({ name, type, output: out }): Column[] =>
      out ? [{ name, type: type as SqlType, nullable: true }] : [],
    );
    output = rowReader(namesOf(fields), outputs, procedure.name)(row);
  }
  const [columns] = procedure.results;
  return { output, results: columns === undefined ? [] : [rows.map(readerOf(procedure, columns, fields))] };
}

interface Reader {
  readonly fields: readonly string[];
  readonly read: (row: readonly SqlValue[]) => Row;
}

const readers = new WeakMap<Procedure, Reader>();

/** The last one made for the procedure, as long as the server describes its answer as it did then. */
function readerOf(
  procedure: Procedure,
  columns: readonly Column[],
  fields: readonly Field[],
): Reader['read'] {
  let reader = readers.get(procedure);
  const same =
    reader?.fields.length === fields.length && reader.fields.every((name, at) => name === fields[at]?.name);
  if (reader === undefined || !same) {
    const names = namesOf(fields);
    reader = { fields: names, read: rowReader(names, columns, procedure.name) };
    readers.set(procedure, reader);
  }
  return reader.read;
}

function namesOf(fields: readonly Field[]): string[] {
  return fields.map(({ name }) => name);
}
