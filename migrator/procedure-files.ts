import { readdirSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';

import { UsageError } from '../engine/index.js';
import type { Dialect } from '../engine/index.js';
import { ofDialect } from './migration-files.js';
import { readSqlFile, shownPath } from './sql-file.js';
import type { SqlFile } from './sql-file.js';

/** One procedure, function, view or trigger: a file that is applied again whenever it changes. */
export interface ProcedureFile {
  /** `logs.sp_Inicializar_Proceso`: the folder and the file's name. */
  readonly name: string;
  /** `Since` of its contract: the migration after which it can exist. */
  readonly since: number;
  readonly file: SqlFile;
  /** Names, in lower case, of the other files' objects that its statements mention. */
  readonly mentions: ReadonlySet<string>;
}

/**
 * Reads `<schema>/<name>.sql` of several folders, in the order in which they can be created: what another one mentions
 * comes before it, and otherwise functions, views, procedures, triggers, each by name. (Late binding makes the order
 * of procedures irrelevant, and cycles among them harmless.)
 * @throws UsageError on a folder that is not there, a file without schema or `Since`, two files with one name
 */
export function readProcedures(folders: readonly string[], dialect: Dialect): ProcedureFile[] {
  const byName = new Map<string, SqlFile>();
  const byKey = new Map<string, SqlFile>();
  for (const folder of new Set(folders.map((given) => ofDialect(given, dialect)))) {
    for (const path of list(folder)) {
      const name = nameOf(folder, path);
      const other = byKey.get(keyOf(name));
      if (other !== undefined) {
        throw new UsageError(`two files are named ${name}: ${other.shown} and ${shownPath(path)}`);
      }
      const file = readSqlFile(path);
      byName.set(name, file);
      byKey.set(keyOf(name), file);
    }
  }
  const statements = new Map([...byName].map(([name, file]) => [name, withoutComments(file.text)]));
  return inOrder(
    [...byName].map(([name, file]) => ({
      name,
      since: sinceOf(file),
      file,
      mentions: mentionsIn(statements.get(name) ?? '', name, statements.keys()),
    })),
  );
}

/** The key under which names are compared: neither engine tells `logs.sp_X` from `logs.SP_x`. */
export function keyOf(name: string): string {
  return name.toLowerCase();
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.sql'))
      .sort()
      .map((file) => join(folder, file));
  } catch (error) {
    throw new UsageError(`cannot read the procedures in ${folder}: ${(error as Error).message}`);
  }
}

function nameOf(folder: string, path: string): string {
  const schema = dirname(relative(resolve(folder), path));
  const name = basename(path, '.sql');
  if (schema === '.' || /[\\/]/.test(schema) || !/^\w+$/.test(schema) || !/^\w+$/.test(name)) {
    throw new UsageError(
      `${shownPath(path)} must lie in a folder named after its schema: <schema>/<name>.sql`,
    );
  }
  return `${schema}.${name}`;
}

function sinceOf(file: SqlFile): number {
  const match = /^\s*(?:--|\*)?\s*Since:\s*(\d+)\s*$/m.exec(file.text);
  if (match === null) {
    throw new UsageError(
      `${file.shown}: its contract has no line \`Since: NNN\` that names the migration after which it can exist`,
    );
  }
  return Number(match[1]);
}

/** Good enough to find names: a `--` inside a string only hides the rest of its line. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, ' ').replaceAll(/--.*$/gm, ' ');
}

const dottedName = /\[?\b(\w+)\]?\s*\.\s*\[?(\w+)\b\]?/g;

function mentionsIn(text: string, self: string, names: Iterable<string>): ReadonlySet<string> {
  const known = new Set([...names].map(keyOf));
  const mentioned = new Set<string>();
  for (const [, schema, name] of text.matchAll(dottedName)) {
    const key = keyOf(`${schema ?? ''}.${name ?? ''}`);
    if (known.has(key) && key !== keyOf(self)) mentioned.add(key);
  }
  return mentioned;
}

function rank(file: ProcedureFile): number {
  const name = file.name.slice(file.name.indexOf('.') + 1).toLowerCase();
  if (name.startsWith('fn_')) return 0;
  if (name.startsWith('vw_')) return 1;
  return name.startsWith('tr_') ? 3 : 2;
}

function inOrder(files: readonly ProcedureFile[]): ProcedureFile[] {
  const sorted = [...files].sort(
    (a, b) =>
      rank(a) - rank(b) || (keyOf(a.name) < keyOf(b.name) ? -1 : keyOf(a.name) > keyOf(b.name) ? 1 : 0),
  );
  const ordered = new Set<ProcedureFile>();
  const entered = new Set<ProcedureFile>();
  const visit = (file: ProcedureFile) => {
    if (entered.has(file)) return;
    entered.add(file);
    for (const other of sorted) if (file.mentions.has(keyOf(other.name))) visit(other);
    ordered.add(file);
  };
  for (const file of sorted) visit(file);
  return [...ordered];
}
