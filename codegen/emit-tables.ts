import { StructureKind, type SourceFileStructure, type StatementStructures } from 'ts-morph';

import { typeDoc } from './emit-doc.js';
import { isTableType, nameOf, type ColumnModel, type TableTypeModel } from './model.js';
import { camelCase, pascalCase } from './names.js';
import { tsType, typeLiteral } from './sql-type.js';

/** What is made of a table type: names of its constant, its row's interface and the function between. */
export function tableNames(type: TableTypeModel): { constant: string; row: string; toRows: string } {
  const constant = camelCase(type.name);
  return { constant, row: `${pascalCase(type.name)}Row`, toRows: `${constant}Rows` };
}

/** Schemas may have table types of one name, so that a module calls each by its schema too. */
export function tablesNamespace(schema: string): string {
  return `${camelCase(schema)}Tables`;
}

export function local(type: TableTypeModel, name: string): string {
  return `${tablesNamespace(type.schema)}.${name}`;
}

/** The file of a schema's table types, which imports no other schema: procedures of all may take them. */
export function tablesModule(
  tables: readonly TableTypeModel[],
  engineModule: string,
): Omit<SourceFileStructure, 'kind'> {
  return {
    statements: [
      {
        kind: StructureKind.ImportDeclaration,
        isTypeOnly: true,
        moduleSpecifier: engineModule,
        namedImports: ['Row', 'TableType'],
      },
      ...tables.flatMap(tableStatements),
    ],
  };
}

function tableStatements(type: TableTypeModel): (StatementStructures | string)[] {
  const names = tableNames(type);
  return [
    {
      kind: StructureKind.Interface,
      isExported: true,
      name: names.row,
      docs: [`A row of \`${nameOf(type)}\`.`],
      properties: type.columns.map((column) => ({
        name: camelCase(column.name),
        isReadonly: true,
        hasQuestionToken: column.nullable,
        type: valueType(column),
        docs: isTableType(column.type)
          ? []
          : [typeDoc(column.type, column.nullable ? 'NULL when left out' : '')],
      })),
    },
    `/** The table type \`${nameOf(type)}\`. */\nexport const ${names.constant}: TableType = {\n` +
      `  table: '${nameOf(type)}',\n  columns: [\n${type.columns.map((column) => `    ${columnLiteral(column)},\n`).join('')}  ],\n};`,
    {
      kind: StructureKind.Function,
      isExported: true,
      name: names.toRows,
      docs: [`Rows as the engine takes them, by the names of the columns.`],
      parameters: [{ name: 'rows', type: `readonly ${names.row}[] | undefined` }],
      returnType: 'readonly Row[]',
      statements: (writer) => {
        writer.writeLine('if (rows === undefined) return [];');
        writer.write('return rows.map((row) => (').inlineBlock(() => {
          for (const column of type.columns) {
            const value = `row.${camelCase(column.name)}${column.nullable ? ' ?? null' : ''}`;
            writer.writeLine(`${propertyKey(column.name)}: ${value},`);
          }
        });
        writer.write('));');
      },
    },
  ];
}

function valueType(column: ColumnModel): string {
  const type = tsType(column.type);
  return column.nullable ? `${type} | null | undefined` : type;
}

/** The engine's description of a column, as TypeScript. */
export function columnLiteral(column: ColumnModel): string {
  return `{ name: ${quote(column.name)}, type: ${typeLiteral(column.type)}, nullable: ${String(column.nullable)} }`;
}

/** A name as a key of an object literal. */
export function propertyKey(name: string): string {
  return isIdentifier(name) ? name : quote(name);
}

export function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll(`'`, `\\'`)}'`;
}

function isIdentifier(name: string): boolean {
  return /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(name);
}
