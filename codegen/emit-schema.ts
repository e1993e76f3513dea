import { StructureKind, type SourceFileStructure, type StatementStructures } from 'ts-morph';

import { procedureStatements } from './emit-procedure.js';
import { columnLiteral, local, quote, tableNames, tablesNamespace } from './emit-tables.js';
import { isTableType, nameOf, type ParameterModel, type ProcedureModel } from './model.js';
import { wrapperName } from './names.js';
import { compareText } from './source.js';
import { typeLiteral } from './sql-type.js';

type Statement = StatementStructures | string;

/** The file of a schema: constants that describe its procedures, and a function for each. */
export function schemaModule(
  schema: string,
  procedures: readonly ProcedureModel[],
  hasTables: boolean,
  engineModule: string,
): Omit<SourceFileStructure, 'kind'> {
  const statements: Statement[] = [];
  if (procedures.length > 0) statements.push(...imports(procedures, engineModule));
  if (hasTables) statements.push(`export * from './${schema}.tables.js';`);
  if (procedures.length > 0) statements.push(constants(schema, procedures));
  for (const procedure of procedures) {
    statements.push(...procedureStatements(procedure));
  }
  if (procedures.some((one) => one.contract.resultSets.some(({ shape }) => shape === 'one'))) {
    statements.push(oneRow);
  }
  return { statements };
}

/** `Returns: one` means exactly one: anything else is a mistake in the database. */
const oneRow = `function oneRow(result: CallResult, set: number, procedure: Procedure): Row {
  const rows = result.results[set] ?? [];
  const [row] = rows;
  if (row !== undefined && rows.length === 1) return row;
  throw new ProcedureError(
    \`\${procedure.name} returned \${String(rows.length)} rows where its contract says one: check the procedure in the database\`,
    { code: 'DATABASE', procedure: procedure.name },
  );
}`;

function imports(procedures: readonly ProcedureModel[], engineModule: string): Statement[] {
  const sets = procedures.flatMap(({ contract }) => contract.resultSets);
  const one = sets.some(({ shape }) => shape === 'one');
  const types = [
    'CallOptions',
    ...(one ? ['CallResult'] : []),
    'Procedure',
    ...(sets.length > 0 ? ['Row'] : []),
    'Session',
  ];
  const statements: Statement[] = [];
  if (one) {
    statements.push({
      kind: StructureKind.ImportDeclaration,
      moduleSpecifier: engineModule,
      namedImports: ['ProcedureError'],
    });
  }
  statements.push({
    kind: StructureKind.ImportDeclaration,
    isTypeOnly: true,
    moduleSpecifier: engineModule,
    namedImports: types,
  });
  const tables = new Map(
    procedures
      .flatMap(({ parameters }) => parameters.map(({ type }) => type))
      .filter(isTableType)
      .map((type) => [nameOf(type), type]),
  );
  const schemas = [...new Set([...tables.values()].map(({ schema }) => schema))].sort(compareText);
  for (const schema of schemas) {
    statements.push({
      kind: StructureKind.ImportDeclaration,
      moduleSpecifier: `./${schema}.tables.js`,
      namespaceImport: tablesNamespace(schema),
    });
  }
  return statements;
}

function constants(schema: string, procedures: readonly ProcedureModel[]): string {
  const names = procedures.map((procedure) => quote(wrapperName(procedure.name)));
  const entries = procedures.map((procedure) => {
    const parameters = procedure.parameters
      .map((parameter) => `      ${parameterLiteral(parameter)},\n`)
      .join('');
    const results = procedure.contract.resultSets
      .map(
        ({ columns }) =>
          `      [\n${columns.map((column) => `        ${columnLiteral(column)},\n`).join('')}      ],\n`,
      )
      .join('');
    return (
      `  ${wrapperName(procedure.name)}: {\n    name: ${quote(nameOf(procedure))},\n` +
      `    parameters: ${parameters === '' ? '[]' : `[\n${parameters}    ]`},\n` +
      `    results: ${results === '' ? '[]' : `[\n${results}    ]`},\n  },\n`
    );
  });
  return (
    `\n/** What the engine knows of each procedure of ${schema}. */\n` +
    `export const procedures: Readonly<Record<\n${names.map((name) => `  | ${name}\n`).join('')}, Procedure>> = {\n${entries.join('')}};`
  );
}

function parameterLiteral({ name, type, output, default: value }: ParameterModel): string {
  const typeExpression = isTableType(type) ? local(type, tableNames(type).constant) : typeLiteral(type);
  const optional = value !== undefined || isTableType(type);
  return `{ name: ${quote(name)}, type: ${typeExpression}, output: ${String(output)}, optional: ${String(optional)} }`;
}
