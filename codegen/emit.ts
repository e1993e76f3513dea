import { IndentationText, NewLineKind, Project, QuoteKind, type SourceFileStructure } from 'ts-morph';

import type { Catalog } from './catalog.js';
import { schemaModule } from './emit-schema.js';
import { tablesModule } from './emit-tables.js';
import { namespaceName } from './names.js';
import { compareText } from './source.js';

/** First line of every file that is codegen's: others in the folder are left alone. */
export const header = '// written by carril codegen, never edited';

/**
 * The wrappers' files by name: one a schema, one for the table types of a schema, and the index.
 * @param engineModule what they import the engine's types from: `carril`, or a relative path
 */
export function emit(
  catalog: Pick<Catalog, 'procedures' | 'tableTypes'>,
  engineModule: string,
): Map<string, string> {
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    manipulationSettings: {
      indentationText: IndentationText.TwoSpaces,
      newLineKind: NewLineKind.LineFeed,
      quoteKind: QuoteKind.Single,
    },
  });
  const files = new Map<string, string>();
  const write = (name: string, structure: SourceFileStructure | Omit<SourceFileStructure, 'kind'>): void => {
    // a file made of a whole structure is parsed once; each later manipulation would parse it again
    const text = project.createSourceFile(name, structure).getFullText();
    files.set(name, `${header}\n${text.trim()}\n`);
  };
  const schemas = [...catalog.procedures, ...catalog.tableTypes].map(({ schema }) => schema);
  const names = [...new Map(schemas.map((schema) => [schema.toLowerCase(), schema])).values()].sort(
    compareText,
  );
  for (const schema of names) {
    const ofSchema = (one: { readonly schema: string }) => one.schema.toLowerCase() === schema.toLowerCase();
    const procedures = catalog.procedures.filter(ofSchema);
    const tables = catalog.tableTypes.filter(ofSchema);
    if (tables.length > 0) write(`${schema}.tables.ts`, tablesModule(tables, engineModule));
    write(`${schema}.ts`, schemaModule(schema, procedures, tables.length > 0, engineModule));
  }
  const lines = names.map((schema) => `export * as ${namespaceName(schema)} from './${schema}.js';`);
  write('index.ts', { statements: lines.length === 0 ? ['export {};'] : lines });
  return files;
}
