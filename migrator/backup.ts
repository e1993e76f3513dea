import { UsageError } from '../engine/index.js';
import type { Engine, Session } from '../engine/index.js';
import { BackupError } from './backup-error.js';
import { backupTables, isTableName } from './backup-header.js';
import { deleteBackup, readBackups } from './backup-journal.js';
import type { Backup, BackupTable } from './backup-journal.js';
import { postgresBackup } from './backup-postgres.js';
import type { BackupRequest } from './backup-request.js';
import { restoreTables } from './backup-restore.js';
import { sqlserverBackup } from './backup-sqlserver.js';
import type { Author } from './journal.js';
import { journalSchema } from './journal-schema.js';
import { withLock } from './lock.js';
import type { LockHolder } from './holder.js';
import { prepareTransaction } from './script.js';
import type { SqlFile } from './sql-file.js';

export interface BackupSettings {
  readonly engine: Engine;
  readonly author: Author;
  /** How long to wait for another migrator. */
  readonly waitMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onWaiting?: ((holder: LockHolder | undefined) => void) | undefined;
  /** Told of each table that is copied or restored. */
  readonly onTable?: ((table: string) => void) | undefined;
}

/** The text that copies tables, to be run in a transaction: the migrator's, or that of a script without carril. */
export function backupSql(dialect: Engine['dialect'], request: BackupRequest): string {
  return dialect === 'postgres' ? postgresBackup(request) : sqlserverBackup(request);
}

/** What a script's header asks to have copied, for `backupSql`; undefined when it asks for nothing. */
export function backupOf(
  file: SqlFile,
  script: { readonly name: string; readonly part: 'up' | 'down' },
  author: Pick<Author, 'version'> & Partial<Author>,
): BackupRequest | undefined {
  const tables = backupTables(file);
  if (tables.length === 0) return undefined;
  const name = `${script.name}.${script.part}`;
  const reason = `${name}.sql`;
  return {
    ...author,
    name: name.slice(0, 90),
    reason: reason.slice(0, 200),
    tables,
    exactName: false,
    destructive: true,
  };
}

/** Copies what the script's header names, in the transaction that will run it: either both happen or neither. */
export async function backupBefore(
  session: Session,
  file: SqlFile,
  script: { readonly name: string; readonly part: 'up' | 'down' },
  author: Author,
  signal?: AbortSignal,
): Promise<void> {
  const request = backupOf(file, script, author);
  if (request === undefined) return;
  await session.batch(
    backupSql(session.dialect, request),
    signal === undefined ? { timeoutMs: 0 } : { timeoutMs: 0, signal },
  );
}

/**
 * Copies tables in one transaction; readers go on, writers wait.
 * @throws BackupError `BACKUP_EXISTS`; UsageError on a name without a schema
 */
export async function createBackup(
  settings: BackupSettings,
  tables: readonly string[],
  name: string | undefined,
): Promise<Backup> {
  const { engine, author, signal } = settings;
  const wrong = tables.find((table) => !isTableName(table));
  if (wrong !== undefined)
    throw new UsageError(`"${wrong}" must be a table with its schema, as logs.Procesos`);
  const twice = tables.find(
    (table, i) => tables.findIndex((one) => one.toLowerCase() === table.toLowerCase()) < i,
  );
  if (twice !== undefined) throw new UsageError(`${twice} is named twice`);
  if (name !== undefined && (name === '' || name.length > 100)) {
    throw new UsageError('--name takes up to 100 characters');
  }
  return await locked(settings, async () => {
    const taken = new Set((await readBackups(engine)).map((backup) => backup.name));
    if (name !== undefined && taken.has(name)) {
      throw new BackupError(
        'BACKUP_EXISTS',
        `there is a backup ${name} already: give another --name, or drop that one`,
      );
    }
    let free = name ?? 'manual-1';
    for (let i = 2; taken.has(free); i += 1) free = `manual-${i}`;
    await engine.transaction(async (session) => {
      await prepareTransaction(session);
      for (const table of tables) {
        signal?.throwIfAborted();
        const request = {
          ...author,
          name: free,
          exactName: true,
          tables: [table],
          reason: 'carril backup create',
          destructive: false,
        };
        await session.batch(
          backupSql(engine.dialect, request),
          signal === undefined ? { timeoutMs: 0 } : { timeoutMs: 0, signal },
        );
        settings.onTable?.(table);
      }
    });
    return await theOne(engine, free);
  });
}

/** @throws BackupError when it does not fit or did not come out as it was: then nothing has changed */
export async function restoreBackup(settings: BackupSettings, name: string): Promise<Backup> {
  const { engine, onTable, signal } = settings;
  return await locked(settings, async () => {
    const backup = await theOne(engine, name);
    await engine.transaction(async (session) => {
      await prepareTransaction(session);
      await restoreTables(session, backup, ({ table }) => {
        onTable?.(table);
        signal?.throwIfAborted();
      });
    });
    return backup;
  });
}

export async function dropBackup(settings: BackupSettings, name: string): Promise<Backup> {
  const { engine } = settings;
  return await locked(settings, async () => {
    const backup = await theOne(engine, name);
    await engine.transaction(async (session) => {
      for (const { copy } of backup.tables) {
        const quoted =
          engine.dialect === 'postgres'
            ? `"${copy.replaceAll('"', '""')}"`
            : `[${copy.replaceAll(']', ']]')}]`;
        await session.batch(`DROP TABLE IF EXISTS ${journalSchema}.${quoted};`);
      }
      await deleteBackup(session, name);
    });
    return backup;
  });
}

export { readBackups };
export type { Backup, BackupTable };

async function theOne(engine: Engine, name: string): Promise<Backup> {
  const [backup] = await readBackups(engine, name);
  if (backup === undefined) {
    throw new BackupError(
      'BACKUP_NOT_FOUND',
      `there is no backup ${name}: carril backup list shows those there are`,
    );
  }
  return backup;
}

async function locked<T>(settings: BackupSettings, work: () => Promise<T>): Promise<T> {
  const { engine, author, waitMs, signal, onWaiting } = settings;
  return await withLock(engine, { timeoutMs: waitMs, author, signal, onWaiting }, work);
}
