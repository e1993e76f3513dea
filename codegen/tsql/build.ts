import { parseContract, looksLikeContract } from '../contract.js';
import {
  isTableType,
  keyOf,
  type ContractKey,
  type ParameterModel,
  type ProcedureModel,
  type TableTypeModel,
} from '../model.js';
import { formatPlace, type Problems, type Source } from '../source.js';
import { refusal } from '../sql-type.js';
import type { WrittenParameter, WrittenProcedure } from './procedure.js';

/** Joins a statement with its contract and its table types; undefined, with the problems added, when that fails. */
export function buildProcedure(
  source: Source,
  written: WrittenProcedure,
  types: ReadonlyMap<string, TableTypeModel>,
  required: readonly ContractKey[],
  problems: Problems,
): ProcedureModel | undefined {
  const before = problems.count;
  const { schema = 'dbo', name, place, throws } = written;
  const parameters = written.parameters.flatMap((one) => resolve(one, schema, types, problems) ?? []);
  const readable = problems.count === before;
  const comment = written.comments.findLast(({ value }) => looksLikeContract(value));
  if (comment === undefined) {
    const elsewhere = written.commentsBefore.find(({ value }) => looksLikeContract(value));
    problems.add(
      place,
      elsewhere === undefined
        ? `${schema}.${name} has no contract: put a comment with a sentence, Returns, Errors, Touches and Batch directly before CREATE`
        : `the contract of ${schema}.${name} stands in another batch (${formatPlace(source.place(elsewhere.start))}): move it between GO and CREATE`,
    );
    return undefined;
  }
  const contract = parseContract(source, comment.start, comment.value, required, problems);
  if (contract === undefined || !readable) return undefined;
  return { schema, name, parameters, contract, place, throws };
}

function resolve(
  written: WrittenParameter,
  schema: string,
  types: ReadonlyMap<string, TableTypeModel>,
  problems: Problems,
): ParameterModel | undefined {
  const { name, output, nullable, place } = written;
  const parameter = { name, output, nullable, default: written.default, place };
  const at = written.typePlace;
  if ('builtIn' in written.type) {
    const reason = refusal(written.type.builtIn);
    if (reason !== undefined) problems.add(at, `@${name}: ${reason}`);
    if (written.readonly) problems.add(at, `@${name} is READONLY, which only a table type can be: remove it`);
    return { ...parameter, type: written.type.builtIn };
  }
  const typeName =
    written.type.schema === undefined ? written.type.name : `${written.type.schema}.${written.type.name}`;
  // without a schema SQL Server looks in the caller's default one, then in dbo
  const candidates = written.type.schema === undefined ? [schema, 'dbo'] : [written.type.schema];
  const lookFor = written.type.name;
  const type = candidates
    .map((one) => types.get(keyOf({ schema: one, name: lookFor })))
    .find((one) => one !== undefined);
  if (type === undefined) {
    problems.add(
      at,
      `@${name} has an unknown type, ${typeName}: write a type of T-SQL's own, or a table type that a migration makes`,
    );
    return undefined;
  }
  if (!written.readonly) problems.add(at, `@${name} takes the table type ${typeName}: add READONLY`);
  for (const column of type.columns) {
    const reason = isTableType(column.type) ? undefined : refusal(column.type);
    if (reason !== undefined) problems.add(column.place, `${typeName}.${column.name}: ${reason}`, place);
  }
  return { ...parameter, type };
}
