import type { Engine } from '../../engine/index.js';
import type { Catalog } from '../catalog.js';
import { isTableType, keyOf, nameOf, type ParameterModel, type ProcedureModel } from '../model.js';
import { canonicalType, typeDifference } from '../postgres/type.js';
import type { Problems } from '../source.js';

/** One row an argument, in the order of the statement; a function without any has one row with no argument. */
const query = `
  SELECT n.nspname::text AS schema, p.proname::text AS name, p.oid::text AS oid, p.proretset AS returns_set,
         format_type(p.prorettype, NULL) AS returns, a.position::int AS position, a.mode, a.name AS argument,
         format_type(a.type, NULL) AS type,
         coalesce(a.input > p.pronargs - p.pronargdefaults, false) AS has_default
    FROM pg_catalog.pg_proc p
    JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    LEFT JOIN LATERAL (
      SELECT u.position, u.type, coalesce(p.proargmodes[u.position]::text, 'i') AS mode, p.proargnames[u.position] AS name,
             CASE WHEN coalesce(p.proargmodes[u.position]::text, 'i') IN ('i', 'b', 'v')
                  THEN count(*) FILTER (WHERE coalesce(p.proargmodes[u.position]::text, 'i') IN ('i', 'b', 'v'))
                         OVER (ORDER BY u.position) END AS input
        FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY AS u (type, position)
    ) a ON true
   WHERE lower(n.nspname) = ANY (string_to_array($1, ','))
   ORDER BY p.oid, a.position`;

interface Argument {
  readonly mode: string;
  readonly name: string;
  readonly type: string;
  readonly hasDefault: boolean;
}

interface LiveFunction {
  readonly returns: string;
  readonly returnsSet: boolean;
  readonly arguments: Argument[];
}

export async function comparePostgres(catalog: Catalog, engine: Engine, problems: Problems): Promise<void> {
  const functions = await readFunctions(catalog, engine);
  for (const procedure of catalog.procedures) {
    const found = functions.get(keyOf(procedure)) ?? [];
    const [only] = found;
    if (only === undefined) {
      problems.add(
        procedure.place,
        `the database has no function ${nameOf(procedure)}: apply the procedures`,
      );
    } else if (found.length > 1) {
      problems.add(
        procedure.place,
        `the database has ${String(found.length)} functions ${nameOf(procedure)} with different parameters: drop those that are left over`,
      );
    } else {
      compare(procedure, only, problems);
    }
  }
}

async function readFunctions(catalog: Catalog, engine: Engine): Promise<Map<string, LiveFunction[]>> {
  const schemas = [...new Set(catalog.procedures.map(({ schema }) => schema.toLowerCase()))];
  const byOid = new Map<string, { key: string; found: LiveFunction }>();
  for (const row of await engine.query(query, [schemas.join(',')])) {
    const oid = text(row['oid']);
    let known = byOid.get(oid);
    if (known === undefined) {
      const found = { returns: text(row['returns']), returnsSet: row['returns_set'] === true, arguments: [] };
      known = { key: keyOf({ schema: text(row['schema']), name: text(row['name']) }), found };
      byOid.set(oid, known);
    }
    if (row['position'] === null) continue;
    known.found.arguments.push({
      mode: text(row['mode']),
      name: text(row['argument']),
      type: text(row['type']),
      hasDefault: row['has_default'] === true,
    });
  }
  const functions = new Map<string, LiveFunction[]>();
  for (const { key, found } of byOid.values()) functions.set(key, [...(functions.get(key) ?? []), found]);
  return functions;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function compare(procedure: ProcedureModel, live: LiveFunction, problems: Problems): void {
  const rows = procedure.contract.returns === 'rows';
  const isColumn = ({ mode }: Argument) => mode === 't' || (rows && mode === 'o');
  compareParameters(
    procedure,
    live.arguments.filter((argument) => !isColumn(argument)),
    problems,
  );
  const columns = live.arguments.filter(isColumn);
  const at = procedure.contract.places.get('Returns') ?? procedure.contract.place;
  if (!rows) {
    if (live.returnsSet) problems.add(at, 'in the database it returns rows');
    else if (procedure.contract.returns === 'nothing' && live.returns !== 'void') {
      problems.add(at, `in the database it returns ${live.returns}`);
    }
    return;
  }
  const expected = procedure.contract.resultSets[0]?.columns ?? [];
  const [left, right] = [
    expected.map(({ name }) => name.toLowerCase()),
    columns.map(({ name }) => name.toLowerCase()),
  ];
  if (left.join() !== right.join()) {
    problems.add(at, `in the database its columns are ${right.join(', ') || 'none'}`);
    return;
  }
  expected.forEach((column, i) => {
    const type = columns[i]?.type ?? '';
    const should = typeDifference(column.type, { base: canonicalType(type), modifiers: [] });
    if (should !== undefined) {
      problems.add(column.place, `column ${column.name} is ${type} in the database, not ${should}`);
    }
  });
}

function compareParameters(procedure: ProcedureModel, live: readonly Argument[], problems: Problems): void {
  const rest = new Map(live.map((argument) => [argument.name.toLowerCase(), argument]));
  for (const parameter of procedure.parameters) {
    const key = `p_${parameter.name}`.toLowerCase();
    const argument = rest.get(key);
    rest.delete(key);
    if (argument === undefined) {
      problems.add(parameter.place, `@${parameter.name} is no parameter in the database`);
      continue;
    }
    compareParameter(parameter, argument, problems);
  }
  for (const { name, type } of rest.values()) {
    problems.add(procedure.place, `in the database it has one parameter more, ${name} ${type}`);
  }
}

function compareParameter(parameter: ParameterModel, argument: Argument, problems: Problems): void {
  const { name, place } = parameter;
  const should = typeDifference(parameter.type, { base: canonicalType(argument.type), modifiers: [] });
  if (should !== undefined)
    problems.add(place, `@${name} is ${argument.type} in the database, not ${should}`);
  const output = argument.mode === 'o';
  if (output !== parameter.output) {
    problems.add(place, `@${name} is ${output ? 'an OUT parameter' : 'an input'} in the database`);
  } else if (
    !output &&
    !isTableType(parameter.type) &&
    argument.hasDefault !== (parameter.default !== undefined)
  ) {
    problems.add(place, `@${name} has ${argument.hasDefault ? 'a default' : 'no default'} in the database`);
  }
}
