import { TYPES } from 'tedious';
import type { Request } from 'tedious';
import { ProcedureError } from '../errors.js';
import { givenArguments, isTable, rowReader, scalar, tableRows } from '../shape.js';
import { checkRow, checkValue, readValue } from '../values.js';
import { tediousColumns, tediousType, toTedious } from './types.js';
import type { Arguments, CallResult, Procedure, Row, SqlType, SqlValue, TableType } from '../types.js';
import type { ResultSet } from './link.js';

/** `[schema].[name]`: an RPC's name is parsed like any other. */
export function procedureName(name: string): string {
  return name
    .split('.')
    .map((part) => (part.startsWith('[') || part.startsWith('#') ? part : `[${part.replaceAll(']', ']]')}]`))
    .join('.');
}

export function addArguments(request: Request, procedure: Procedure, args: Arguments): void {
  for (const { parameter, value } of givenArguments(procedure, args)) {
    const { name, type, output } = parameter;
    if (isTable(type)) {
      // one left out is an empty table by the server's rule, but Babelfish wants to see it
      request.addParameter(name, TYPES.TVP, table(type, tableRows(value, `@${name}`), `@${name}`));
      continue;
    }
    const { type: dataType, ...measures } = tediousType(type);
    const given = toTedious(checkValue(scalar(value, `@${name}`), type, `@${name}`), type);
    if (output) request.addOutputParameter(name, dataType, given, measures);
    else request.addParameter(name, dataType, given, measures);
  }
}

function table(type: TableType, rows: readonly Row[], where: string): object {
  const [schema, name] = type.table.includes('.') ? type.table.split('.') : [undefined, type.table];
  return {
    ...(schema === undefined ? {} : { schema }),
    name,
    columns: tediousColumns(type.columns),
    rows: rows.map((row, index) =>
      checkRow(row, type.columns, `${where}[${index}]`).map((value, column) =>
        toTedious(value, type.columns[column]?.type ?? { kind: 'int' }),
      ),
    ),
  };
}

/** Makes a call's result of what came back, as the contract has it. */
export function resultReader(
  procedure: Procedure,
): (outputs: Readonly<Record<string, SqlValue>>, sets: readonly ResultSet[]) => CallResult {
  return (outputs, sets) => {
    const output: Row = Object.fromEntries(
      procedure.parameters
        .filter((parameter) => parameter.output)
        .map(({ name, type }) => [name, readValue(outputs[name.toLowerCase()], type as SqlType)]),
    );
    const results = procedure.results.map((columns, index) => {
      const set = sets[index];
      if (set === undefined) {
        throw new ProcedureError(
          `${procedure.name} returned ${sets.length} result sets, its contract promises ${procedure.results.length}`,
          { code: 'DATABASE', procedure: procedure.name },
        );
      }
      return set.rows.map(rowReader(set.names, columns, procedure.name));
    });
    return { output, results };
  };
}
