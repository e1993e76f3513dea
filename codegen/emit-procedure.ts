import {
  StructureKind,
  type CodeBlockWriter,
  type FunctionDeclarationStructure,
  type InterfaceDeclarationStructure,
  type OptionalKind,
  type PropertySignatureStructure,
} from 'ts-morph';

import { contractDoc, defaultDoc, typeDoc } from './emit-doc.js';
import { local, propertyKey, quote, tableNames } from './emit-tables.js';
import { isTableType, nameOf, type ColumnModel, type ParameterModel, type ProcedureModel } from './model.js';
import { camelCase, pascalCase, wrapperName } from './names.js';
import { tsType } from './sql-type.js';

type Property = OptionalKind<PropertySignatureStructure>;

/** What is made of a procedure: interfaces of its arguments and results, its wrapper, and what reads its rows. */
export function procedureStatements(
  procedure: ProcedureModel,
): (InterfaceDeclarationStructure | FunctionDeclarationStructure)[] {
  return [...interfaces(procedure), wrapper(procedure), ...converters(procedure)];
}

interface Names {
  readonly wrapper: string;
  readonly args: string;
  /** Of the result sets in their order, or of the outputs. */
  readonly results: readonly string[];
}

function namesOf(procedure: ProcedureModel): Names {
  const wrapper = wrapperName(procedure.name);
  const pascal = pascalCase(procedure.name.replace(/^sp_/i, ''));
  const sets = procedure.contract.resultSets;
  const results =
    procedure.contract.returns === 'output'
      ? [`${pascal}Result`]
      : sets.map(({ shape }, i) => {
          const number = sets.length > 1 ? String(i + 1) : '';
          return `${pascal}${shape === 'one' ? 'Result' : 'Row'}${number}`;
        });
  return { wrapper, args: `${pascal}Args`, results };
}

function inputs(procedure: ProcedureModel): ParameterModel[] {
  return procedure.parameters.filter(({ output }) => !output);
}

function isOptional({ type, default: value }: ParameterModel): boolean {
  return value !== undefined || isTableType(type);
}

function interfaces(procedure: ProcedureModel): InterfaceDeclarationStructure[] {
  const names = namesOf(procedure);
  const made: { name: string; doc: string; properties: Property[] }[] = [];
  if (inputs(procedure).length > 0) {
    const properties = inputs(procedure).map(argument);
    made.push({ name: names.args, doc: `Arguments of \`${nameOf(procedure)}\`.`, properties });
  }
  if (procedure.contract.returns === 'output') {
    const properties = outputColumns(procedure).map(property);
    made.push({
      name: names.results[0] ?? '',
      doc: `OUTPUT parameters of \`${nameOf(procedure)}\`.`,
      properties,
    });
  }
  procedure.contract.resultSets.forEach(({ shape, columns }, i) => {
    const doc =
      shape === 'one'
        ? `The row that \`${nameOf(procedure)}\` returns.`
        : `A row of \`${nameOf(procedure)}\`.`;
    made.push({ name: names.results[i] ?? '', doc, properties: columns.map(property) });
  });
  return made.map(({ name, doc, properties }) => ({
    kind: StructureKind.Interface,
    isExported: true,
    name,
    docs: [doc],
    properties,
  }));
}

function argument(parameter: ParameterModel): Property {
  const { name, type, nullable, default: value } = parameter;
  const base = isTableType(type) ? `readonly ${local(type, tableNames(type).row)}[]` : tsType(type);
  const optional = isOptional(parameter);
  const doc = isTableType(type) ? `${nameOf(type)}; empty when left out` : typeDoc(type, defaultDoc(value));
  return {
    name: camelCase(name),
    isReadonly: true,
    hasQuestionToken: optional,
    type: `${base}${nullable ? ' | null' : ''}${optional ? ' | undefined' : ''}`,
    docs: [doc],
  };
}

/** OUTPUT parameters as columns of a result; the contract may say which can be NULL. */
function outputColumns(procedure: ProcedureModel): ColumnModel[] {
  return procedure.parameters.flatMap(({ name, type, output, place }) => {
    if (!output || isTableType(type)) return [];
    const line = procedure.contract.outputs.find((one) => one.name.toLowerCase() === name.toLowerCase());
    return [{ name, type, nullable: line?.nullable ?? false, note: line?.note ?? '', place }];
  });
}

function property(column: ColumnModel): Property {
  return {
    name: camelCase(column.name),
    isReadonly: true,
    type: `${tsType(column.type)}${column.nullable ? ' | null' : ''}`,
    docs: [typeDoc(column.type, column.note)],
  };
}

function returnType(procedure: ProcedureModel, names: Names): string {
  if (procedure.contract.returns === 'nothing') return 'void';
  if (procedure.contract.returns === 'output') return names.results[0] ?? 'void';
  const types = procedure.contract.resultSets.map(({ shape }, i) =>
    shape === 'one' ? (names.results[i] ?? '') : `readonly ${names.results[i] ?? ''}[]`,
  );
  return types.length === 1 ? (types[0] ?? '') : `readonly [${types.join(', ')}]`;
}

function wrapper(procedure: ProcedureModel): FunctionDeclarationStructure {
  const names = namesOf(procedure);
  const given = inputs(procedure);
  const allOptional = given.every(isOptional);
  return {
    kind: StructureKind.Function,
    isExported: true,
    isAsync: true,
    name: names.wrapper,
    docs: [contractDoc(procedure.contract, nameOf(procedure))],
    parameters: [
      { name: 'session', type: 'Session' },
      ...(given.length === 0
        ? []
        : [{ name: 'args', type: names.args, ...(allOptional ? { initializer: '{}' } : {}) }]),
      { name: 'options', type: 'CallOptions', hasQuestionToken: true },
    ],
    returnType: `Promise<${returnType(procedure, names)}>`,
    statements: (writer) => {
      body(writer, procedure, names);
    },
  };
}

function body(writer: CodeBlockWriter, procedure: ProcedureModel, names: Names): void {
  const { returns, resultSets } = procedure.contract;
  const constant = `procedures.${names.wrapper}`;
  const target =
    returns === 'nothing' ? '' : returns === 'output' ? 'const { output } = ' : 'const result = ';
  writer.write(`${target}await session.call(${constant}, {`);
  const given = inputs(procedure);
  if (given.length > 0) {
    writer.newLine().indent(() => {
      for (const parameter of given) {
        writer.writeLine(`${propertyKey(parameter.name)}: ${passed(parameter)},`);
      }
    });
  }
  writer.write('}, options);').newLine();
  if (returns === 'output') {
    writer.write('return ').inlineBlock(() => {
      for (const column of outputColumns(procedure))
        writer.writeLine(`${camelCase(column.name)}: ${read('output', column)},`);
    });
    writer.write(';');
  } else if (returns === 'rows') {
    const values = resultSets.map(({ shape }, i) =>
      shape === 'one'
        ? `${converterName(names, i)}(oneRow(result, ${String(i)}, ${constant}))`
        : `(result.results[${String(i)}] ?? []).map(${converterName(names, i)})`,
    );
    writer.write(values.length === 1 ? `return ${values[0] ?? ''};` : `return [${values.join(', ')}];`);
  }
}

function passed({ name, type }: ParameterModel): string {
  const value = `args.${camelCase(name)}`;
  return isTableType(type) ? `${local(type, tableNames(type).toRows)}(${value})` : value;
}

function read(row: string, column: ColumnModel): string {
  return `${row}[${quote(column.name)}] as ${tsType(column.type)}${column.nullable ? ' | null' : ''}`;
}

function converterName(names: Names, i: number): string {
  return `to${names.results[i] ?? ''}`;
}

function converters(procedure: ProcedureModel): FunctionDeclarationStructure[] {
  const names = namesOf(procedure);
  return procedure.contract.resultSets.map((set, i) => ({
    kind: StructureKind.Function,
    name: converterName(names, i),
    parameters: [{ name: 'row', type: 'Row' }],
    returnType: names.results[i] ?? '',
    statements: (writer: CodeBlockWriter) => {
      writer.write('return ').inlineBlock(() => {
        for (const column of set.columns)
          writer.writeLine(`${camelCase(column.name)}: ${read('row', column)},`);
      });
      writer.write(';');
    },
  }));
}
