import { readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

import { UsageError } from '../engine/index.js';
import type { Dialect } from '../engine/index.js';
import { readSqlFile, shownPath } from './sql-file.js';
import type { SqlFile } from './sql-file.js';

/** The three scripts of one number. */
export interface Migration {
  readonly number: number;
  /** `013_ejecuciones_id_proceso`: what the journal and umzug call it. */
  readonly name: string;
  readonly up: SqlFile;
  readonly down: SqlFile;
  readonly verify: SqlFile;
}

const pattern = /^(\d{3,6})_([A-Za-z0-9_-]+)\.(up|down|verify)\.sql$/;
const parts = ['up', 'down', 'verify'] as const;

/**
 * Reads `NNN_name.{up,down,verify}.sql` of several folders, in the order of their numbers. A folder that has one of the
 * dialect's name is taken to mean that one, so that `--migrations sitio/migrations` serves both dialects.
 * @throws UsageError on a folder that is not there, a file that is named otherwise, a missing part, two with one number
 */
export function readMigrations(folders: readonly string[], dialect: Dialect): Migration[] {
  const found = new Map<number, Map<string, string>>();
  const folderOf = new Map<string, string>();
  for (const folder of new Set(folders.map((given) => ofDialect(given, dialect)))) {
    for (const file of list(folder)) {
      const match = pattern.exec(file);
      const path = join(folder, file);
      if (match === null) {
        throw new UsageError(
          `${shownPath(path)} is not named NNN_name.up.sql, .down.sql or .verify.sql: rename it or move it away`,
        );
      }
      const number = Number(match[1]);
      if (number === 0) throw new UsageError(`${shownPath(path)}: numbers begin with 001`);
      const scripts = found.get(number) ?? new Map<string, string>();
      found.set(number, scripts);
      const name = `${match[1] ?? ''}_${match[2] ?? ''}`;
      const other = [...scripts.values()][0];
      if (other !== undefined && (folderOf.get(other) !== folder || nameOf(other) !== name)) {
        throw new UsageError(
          `two migrations have the number ${match[1] ?? ''}: ${shownPath(other)} and ${shownPath(path)}; give one another number`,
        );
      }
      folderOf.set(path, folder);
      scripts.set(match[3] ?? '', path);
    }
  }
  return [...found].sort(([a], [b]) => a - b).map(([number, scripts]) => complete(number, scripts));
}

function complete(number: number, scripts: ReadonlyMap<string, string>): Migration {
  const some = [...scripts.values()][0] ?? '';
  const name = nameOf(some);
  const [up, down, verify] = parts.map((part) => {
    const path = scripts.get(part);
    if (path === undefined) {
      throw new UsageError(
        `${shownPath(some)} has no ${name}.${part}.sql beside it: a migration is an up, a down and a verify script`,
      );
    }
    return readSqlFile(path);
  }) as [SqlFile, SqlFile, SqlFile];
  return { number, name, up, down, verify };
}

/** The folder itself, or the one of the dialect in it. */
export function ofDialect(folder: string, dialect: Dialect): string {
  const path = resolve(folder);
  const inner = join(path, dialect);
  return statSync(inner, { throwIfNoEntry: false })?.isDirectory() === true ? inner : path;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith('.sql'))
      .sort();
  } catch (error) {
    throw new UsageError(`cannot read the migrations in ${folder}: ${(error as Error).message}`);
  }
}

function nameOf(path: string): string {
  return basename(path).replace(/\.(up|down|verify)\.sql$/, '');
}
