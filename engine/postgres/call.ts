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

/** OUT parameters come as the one row's columns, a result set as the rows. */
export function callResult(
  procedure: Procedure,
  returned: readonly string[],
  rows: readonly (readonly SqlValue[])[],
): CallResult {
  const outputs = procedure.parameters.flatMap(({ name, type, output }): Column[] =>
    output ? [{ name, type: type as SqlType, nullable: true }] : [],
  );
  let output: Row = {};
  if (outputs.length > 0) {
    const [row] = rows;
    if (row === undefined) {
      throw new ProcedureError(`${procedure.name} returned no row, so no OUT parameters`, {
        code: 'DATABASE',
        procedure: procedure.name,
      });
    }
    output = rowReader(returned, outputs, procedure.name)(row);
  }
  const [columns] = procedure.results;
  return {
    output,
    results: columns === undefined ? [] : [rows.map(rowReader(returned, columns, procedure.name))],
  };
}
