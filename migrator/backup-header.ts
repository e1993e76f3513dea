import { UsageError } from '../engine/index.js';
import type { SqlFile } from './sql-file.js';

const line = /^[ \t]*--[ \t]*carril:[ \t]*respaldo\b[ \t]*(.*?)[ \t]*$/gim;

/**
 * The tables that a script wants copied before it runs: its lines `-- carril: respaldo esquema.Tabla, esquema.Otra`.
 * @throws UsageError on a line that names no table, or one without its schema
 */
export function backupTables(file: SqlFile): string[] {
  return [...file.text.matchAll(line)].flatMap(([all, list = '']) =>
    list.split(',').map((given) => {
      const name = given.trim();
      if (isTableName(name)) return name;
      throw new UsageError(
        `${file.shown}: "${all.trim()}" must name tables with their schema: -- carril: respaldo esquema.Tabla, esquema.Otra`,
      );
    }),
  );
}

/** `schema.table`, as one would write it without quotes. */
export function isTableName(name: string): boolean {
  return /^[\p{L}_][\p{L}\p{N}_$]*\.[\p{L}_][\p{L}\p{N}_$]*$/u.test(name);
}
