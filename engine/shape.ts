import { ProcedureError } from './errors.js';
import { bad, readValue } from './values.js';
import type { Arguments, Column, Parameter, Procedure, Row, SqlValue, TableType } from './types.js';

/**
 * Makes contract rows of what a server returned: columns found by name without regard to case, each as its declared
 * type has it.
 * @throws ProcedureError when a column of the contract is missing
 */
export function rowReader(
  returned: readonly string[],
  columns: readonly Column[],
  procedure: string,
): (row: readonly SqlValue[]) => Row {
  const places = returned.map((name) => name.toLowerCase());
  const picks = columns.map(({ name, type }) => {
    const wanted = name.toLowerCase();
    let index = places.indexOf(wanted);
    // a PL/pgSQL twin's OUT parameter may bear the prefix of its parameters
    if (index < 0) index = places.indexOf(`p_${wanted}`);
    if (index < 0) {
      throw new ProcedureError(
        `${procedure} returned no column ${name}, which its contract promises (it returned ${returned.join(', ')}): ` +
          'the procedure in the database is another version than this program expects',
        { code: 'DATABASE', procedure },
      );
    }
    return { name, type, index };
  });
  return (row) => {
    const read: Record<string, SqlValue> = {};
    for (const { name, type, index } of picks) read[name] = readValue(row[index], type);
    return read;
  };
}

export function isTable(type: Parameter['type']): type is TableType {
  return 'table' in type;
}

/**
 * The arguments given, with their parameters, in the statement's order.
 * @throws ProcedureError BAD_ARGUMENT on one that the procedure does not have, and on one that it cannot do without
 */
export function givenArguments(
  procedure: Procedure,
  args: Arguments,
): { parameter: Parameter; value: SqlValue | readonly Row[] | undefined }[] {
  for (const name of Object.keys(args)) {
    if (!procedure.parameters.some((parameter) => parameter.name === name)) {
      throw bad(`${procedure.name} has no parameter @${name}`, procedure.name);
    }
  }
  return procedure.parameters.flatMap((parameter) => {
    const value = args[parameter.name];
    if (value === undefined && !parameter.output && !isTable(parameter.type)) {
      if (parameter.optional) return [];
      throw bad(`${procedure.name} needs @${parameter.name}`, procedure.name);
    }
    return [{ parameter, value }];
  });
}

/** @throws ProcedureError BAD_ARGUMENT when something else than rows was given */
export function tableRows(value: SqlValue | readonly Row[] | undefined, where: string): readonly Row[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw bad(`${where} takes an array of rows`);
  return value as readonly Row[];
}

/** @throws ProcedureError BAD_ARGUMENT when rows were given for a scalar parameter */
export function scalar(value: SqlValue | readonly Row[] | undefined, where: string): SqlValue | undefined {
  if (Array.isArray(value)) throw bad(`${where} takes one value, not rows`);
  return value as SqlValue | undefined;
}

/** The batch goes to the server as a C string or as UTF-16: a NUL in it would silently cut it, or not parse. */
export function refuseNul(sql: string): void {
  const at = sql.indexOf('\0');
  if (at < 0) return;
  throw new ProcedureError('the SQL text contains a NUL character', {
    code: 'SYNTAX',
    line: sql.slice(0, at).split('\n').length,
  });
}
