import { isTableType, nameOf, type Contract, type DefaultValue, type ProcedureModel } from '../model.js';
import type { ColumnModel, ParameterModel, ResultSet } from '../model.js';
import type { Place, Problems } from '../source.js';
import { typeText } from '../sql-type.js';
import type { PostgresColumn, PostgresFunction, PostgresParameter } from './function.js';
import { postgresTypeText, typeDifference } from './type.js';

/** A twin with its contract, read. */
export interface Twin {
  readonly written: PostgresFunction;
  readonly contract: Contract;
}

/** Reports everything in which the twin contradicts the T-SQL procedure; places are the twin's, the others related. */
export function compareTwin(procedure: ProcedureModel, twin: Twin, problems: Problems): void {
  const inputs = twin.written.parameters.filter(({ mode }) => mode !== 'out');
  const outputs = twin.written.parameters.filter(({ mode }) => mode === 'out');
  const returnsRows = procedure.contract.returns === 'rows';
  compareParameters(procedure, returnsRows ? inputs : twin.written.parameters, twin.written.place, problems);
  // `RETURNS record` with OUT parameters that are columns is another way to write one row
  const columns = twin.written.columns ?? (returnsRows && outputs.length > 0 ? outputs : undefined);
  compareResult(procedure, twin.written, columns, problems);
  compareContracts(procedure.contract, twin.contract, problems);
}

function compareParameters(
  procedure: ProcedureModel,
  written: readonly PostgresParameter[],
  place: Place,
  problems: Problems,
): void {
  const twins = new Map(written.map((parameter) => [parameter.name.toLowerCase(), parameter]));
  for (const parameter of procedure.parameters) {
    const key = `p_${parameter.name}`.toLowerCase();
    const twin = twins.get(key);
    twins.delete(key);
    if (twin === undefined) {
      problems.add(place, `parameter p_${parameter.name} is missing: add it`, parameter.place);
    } else {
      compareParameter(parameter, twin, problems);
    }
  }
  for (const extra of twins.values()) {
    problems.add(
      extra.place,
      `${nameOf(procedure)} has no parameter for ${extra.name}: name it p_ and the T-SQL name, or remove it`,
      procedure.place,
    );
  }
}

function compareParameter(parameter: ParameterModel, twin: PostgresParameter, problems: Problems): void {
  const expectedMode = parameter.output ? 'out' : 'in';
  if (twin.mode !== expectedMode) {
    const says = parameter.output ? 'an OUTPUT parameter' : 'an input';
    problems.add(
      twin.place,
      `${twin.name} is ${twin.mode.toUpperCase()}, @${parameter.name} is ${says}: write ${expectedMode.toUpperCase()}`,
      parameter.place,
    );
  }
  const type = typeDifference(parameter.type, twin.type);
  if (type !== undefined) {
    problems.add(
      twin.place,
      `${twin.name} is ${postgresTypeText(twin.type)}, @${parameter.name} is ${typeText(parameter.type)}: write ${type}`,
      parameter.place,
    );
  }
  // a table type has a default in T-SQL, the empty table; wrappers always pass it
  if (!isTableType(parameter.type) && !parameter.output) compareDefaults(parameter, twin, problems);
}

function compareDefaults(parameter: ParameterModel, twin: PostgresParameter, problems: Problems): void {
  const left = parameter.default;
  const right = twin.default;
  if (left === undefined && right === undefined) return;
  if (left === undefined || right === undefined) {
    const [has, lacks] = left === undefined ? [twin.name, 'T-SQL'] : [`@${parameter.name}`, 'PostgreSQL'];
    problems.add(
      twin.place,
      `${has} has a default and its ${lacks} twin has none: give both one or neither`,
      parameter.place,
    );
    return;
  }
  const [a, b] = [comparable(left), comparable(right)];
  if (a !== undefined && b !== undefined && a !== b) {
    problems.add(
      twin.place,
      `${twin.name} defaults to ${defaultText(right)}, @${parameter.name} to ${defaultText(left)}: make them the same`,
      parameter.place,
    );
  }
}

/** Literals that mean the same have the same text: `1` and `true`, `'3'` and `3`. Expressions are not compared. */
function comparable(value: DefaultValue): string | undefined {
  if (value.kind === 'null') return 'NULL';
  if (value.kind === 'expression') return undefined;
  if (value.kind === 'boolean') return value.text === 'true' ? `'1'` : `'0'`;
  return `'${value.text}'`;
}

function defaultText(value: DefaultValue): string {
  return value.kind === 'null' ? 'NULL' : value.kind === 'string' ? `'${value.text}'` : value.text;
}

function compareResult(
  procedure: ProcedureModel,
  written: PostgresFunction,
  columns: readonly (PostgresColumn | PostgresParameter)[] | undefined,
  problems: Problems,
): void {
  const { contract } = procedure;
  const at = written.returnsPlace;
  const related = contract.places.get('Returns') ?? contract.place;
  if (contract.returns !== 'rows') {
    if (columns !== undefined || written.setOf) {
      problems.add(at, `it returns rows and the contract says "Returns: ${contract.returns}"`, related);
    } else if (contract.returns === 'nothing' && written.returns?.base !== 'void') {
      problems.add(at, 'the contract says "Returns: nothing": write RETURNS void', related);
    }
    return;
  }
  const [expected, second] = contract.resultSets;
  if (expected === undefined) return;
  if (second !== undefined) {
    problems.add(
      at,
      'a function returns one result set and the contract has several: make several procedures of it',
      second.place,
    );
  }
  if (columns === undefined) {
    problems.add(at, `the contract says "Returns: ${expected.shape}": write RETURNS TABLE (…)`, related);
    return;
  }
  compareColumns(expected, columns, at, problems);
}

function compareColumns(
  { columns: expected, place }: ResultSet,
  columns: readonly (PostgresColumn | PostgresParameter)[],
  at: Place,
  problems: Problems,
): void {
  for (let i = 0; i < Math.max(expected.length, columns.length); i++) {
    const column = expected[i];
    const twin = columns[i];
    if (column === undefined) {
      if (twin !== undefined)
        problems.add(
          twin.place,
          `column ${twin.name} is not in the contract: add it there, or remove it`,
          place,
        );
    } else if (twin === undefined) {
      problems.add(at, `the contract's column ${column.name} is missing at the end: add it`, column.place);
    } else if (column.name.toLowerCase() !== twin.name.toLowerCase()) {
      problems.add(
        twin.place,
        `column ${String(i + 1)} is ${twin.name}, in the contract it is ${column.name}: same names in the same order`,
        column.place,
      );
      return;
    } else {
      const type = typeDifference(column.type, twin.type);
      if (type === undefined) continue;
      problems.add(
        twin.place,
        `column ${twin.name} is ${postgresTypeText(twin.type)}, in the contract ${typeText(column.type)}: write ${type}`,
        column.place,
      );
    }
  }
}

function compareContracts(source: Contract, twin: Contract, problems: Problems): void {
  const differs = (
    key: 'Returns' | 'Errors' | 'Touches' | 'Batch' | 'Entry' | 'Step' | 'Since',
    says: string,
  ) => {
    problems.add(
      twin.places.get(key) ?? twin.place,
      `${key} differs from the T-SQL contract's: ${says}`,
      source.places.get(key) ?? source.place,
    );
  };
  const [a, b] = [returnsText(source), returnsText(twin)];
  if (a.toLowerCase() !== b.toLowerCase()) differs('Returns', `"${b}" against "${a}"`);
  const [left, right] = [source.errors.join(', '), twin.errors.join(', ')];
  if (left !== right) differs('Errors', `"${right || 'none'}" against "${left || 'none'}"`);
  for (const key of ['Touches', 'Batch', 'Entry', 'Step', 'Since'] as const) {
    const [ours, theirs] = [source.texts.get(key) ?? '', twin.texts.get(key) ?? ''];
    if (ours.toLowerCase() !== theirs.toLowerCase())
      differs(key, `"${theirs || 'nothing'}" against "${ours || 'nothing'}"`);
  }
}

function returnsText(contract: Contract): string {
  const lines = (columns: readonly ColumnModel[]) =>
    columns
      .map(({ name, type, nullable }) => `${name} ${typeText(type)} ${nullable ? 'null' : 'not null'}`)
      .join(', ');
  if (contract.returns !== 'rows')
    return [contract.returns, lines(contract.outputs)].join(': ').replace(/: $/, '');
  return contract.resultSets.map(({ shape, columns }) => `${shape}: ${lines(columns)}`).join('; ');
}
