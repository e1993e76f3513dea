import type { Session } from '../engine/index.js';
import { BackupError } from './backup-error.js';
import type { Backup, BackupColumn, BackupTable } from './backup-journal.js';
import * as postgres from './backup-restore-postgres.js';
import * as sqlserver from './backup-restore-sqlserver.js';

/** What restoring needs of an engine; everything in the caller's transaction. */
export interface RestoreDialect {
  /** Keeps everybody out to the transaction's end; undefined where there is no such table. */
  lockTable(session: Session, table: string): Promise<readonly BackupColumn[] | undefined>;
  hasCopy(session: Session, copy: string): Promise<boolean>;
  /** Takes away what would fire or cascade (triggers, foreign keys to these tables); the answer puts it back and checks it. */
  disarm(session: Session, tables: readonly string[]): Promise<() => Promise<void>>;
  /** Replaces the table's rows by the copy's, with the same identity values. */
  replaceRows(session: Session, table: BackupTable): Promise<void>;
  checksum(session: Session, table: string): Promise<{ readonly rows: bigint; readonly checksum: string }>;
}

/**
 * Puts a backup's rows back, in the session's transaction: what the tables hold now is gone.
 * @throws BackupError when a table or its copy is not there, has other columns, or did not come out as it was
 */
export async function restoreTables(
  session: Session,
  backup: Backup,
  onTable: (table: BackupTable) => void,
): Promise<void> {
  const engine: RestoreDialect = session.dialect === 'postgres' ? postgres : sqlserver;
  const problems: string[] = [];
  for (const { table, copy, columns } of backup.tables) {
    const now = await engine.lockTable(session, table);
    if (now === undefined) problems.push(`${table} is not there`);
    else problems.push(...differences(columns, now).map((one) => `${table}: ${one}`));
    if (!(await engine.hasCopy(session, copy)))
      problems.push(`${table}: its copy carril.${copy} is not there`);
  }
  if (problems.length > 0) {
    throw new BackupError(
      'BACKUP_DIFFERS',
      `the backup ${backup.name} does not fit the tables that are there now: ${problems.join('; ')}. Bring the database ` +
        'to the level that it was made at (carril migrate up or down), or take the rows out of the copies by hand',
    );
  }
  const rearm = await engine.disarm(
    session,
    backup.tables.map(({ table }) => table),
  );
  for (const table of backup.tables) {
    await engine.replaceRows(session, table);
    const found = await engine.checksum(session, table.table);
    if (found.rows !== table.rows || found.checksum !== table.checksum) {
      throw new BackupError(
        'BACKUP_DAMAGED',
        `${table.table} did not come out as it was: ${table.rows} rows with checksum ${table.checksum} were backed up, ` +
          `${found.rows} with ${found.checksum} restored. The copy carril.${table.copy} was changed; nothing was kept`,
      );
    }
    onTable(table);
  }
  await rearm();
}

function differences(before: readonly BackupColumn[], now: readonly BackupColumn[]): string[] {
  const types = new Map(now.map(({ name, type }) => [name, type]));
  const known = new Set(before.map(({ name }) => name));
  const found = before.flatMap(({ name, type }) => {
    const other = types.get(name);
    if (other === undefined) return [`the column ${name} is gone`];
    return other === type ? [] : [`the column ${name} was ${type} and is ${other}`];
  });
  found.push(...now.filter(({ name }) => !known.has(name)).map(({ name }) => `the column ${name} is new`));
  const sameOrder = now.every(({ name }, i) => before[i]?.name === name);
  if (found.length === 0 && !sameOrder) found.push('its columns stand in another order');
  return found;
}
