import { readFileSync, readdirSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';

import { UsageError } from '../engine/index.js';
import { Source, compareText } from './source.js';

/** The SQL that codegen reads, as folders. */
export interface Folders {
  /** Procedures in T-SQL. */
  readonly tsql: string;
  /** Their twins; without it nothing is compared. */
  readonly postgres?: string | undefined;
  /** Scripts that make table types: the T-SQL migrations. Later folders know the types of earlier ones. */
  readonly migrations: readonly string[];
  /** What paths in messages are relative to. */
  readonly base: string;
}

/**
 * Finds the folders below one: `sqlserver/` and `postgres/` in it, or T-SQL files right in it.
 * @throws UsageError when it is not there
 */
export function findFolders(procedures: string, base: string, migrations: readonly string[]): Folders {
  if (!isFolder(procedures))
    throw new UsageError(`${procedures} is no folder: name the folder of the procedures`);
  const tsql = join(procedures, 'sqlserver');
  const postgres = join(procedures, 'postgres');
  return {
    tsql: isFolder(tsql) ? tsql : procedures,
    postgres: isFolder(tsql) && isFolder(postgres) ? postgres : undefined,
    migrations: migrations.map((folder) => {
      const below = join(folder, 'sqlserver');
      return isFolder(below) ? below : folder;
    }),
    base,
  };
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Every .sql file below a folder, in the order of their paths. */
export function readSql(folder: string, base: string): Source[] {
  if (!isFolder(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.toLowerCase().endsWith('.sql'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort((a, b) => compareText(portable(a), portable(b)))
    .map((file) => new Source(shown(file, base), readFileSync(file, 'utf8')));
}

/** The scripts that build a schema up: not those that revert or verify. */
export function readMigrations(folder: string, base: string): Source[] {
  return readSql(folder, base).filter(({ file }) => !/\.(?:down|verify)\.sql$/i.test(file));
}

/** A path as messages show it: relative to the base where it lies below, with forward slashes. */
export function shown(file: string, base: string): string {
  const path = relative(base, file);
  return portable(path.startsWith('..') || isAbsolute(path) ? file : path);
}

function portable(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}
