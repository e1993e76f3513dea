/** Applies, reverts and checks migrations and procedures, and keeps their journal in the database. */
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';

import { packageRoot } from '../engine/index.js';
import type { Dialect, Engine } from '../engine/index.js';
import { createBackup, dropBackup, readBackups, restoreBackup } from './backup.js';
import type { Backup } from './backup.js';
import { runBaseline } from './baseline.js';
import type { BaselineRequest, BaselineResult } from './baseline.js';
import { readChronicle } from './chronicle.js';
import type { ChronicleEntry } from './chronicle.js';
import type { OnProgress } from './events.js';
import type { LockHolder } from './holder.js';
import type { Author } from './journal.js';
import { withLock } from './lock.js';
import type { ApplyRequest, RunResult } from './migrator.js';
import { grantEvent, readFiles, runDown, runUp, underLock } from './migrator.js';
import type { UpRequest } from './plan.js';
import { applyGrants, compareGrants } from './grants.js';
import type { GrantChange, GrantReport } from './grants.js';
import { grantsScript } from './grants-script.js';
import { readMigrations } from './migration-files.js';
import { readPreview } from './preview.js';
import type { Preview } from './preview.js';
import { runRepair } from './repair.js';
import type { Repair, RepairRequest } from './repair.js';
import { readProcedures } from './procedure-files.js';
import { readStatus } from './status.js';
import type { Status } from './status.js';
import { runVerify } from './verify.js';
import type { Verification } from './verify.js';
import { packageVersion } from './version.js';

export { BackupError } from './backup-error.js';
export type { BackupCode } from './backup-error.js';
export type { Backup, BackupTable } from './backup.js';
export { catalogSnapshot, compareSnapshots } from './catalog.js';
export type { CatalogDifference, CatalogObject, Snapshot } from './catalog.js';
export { MigratorError, ScriptError } from './errors.js';
export type { MigratorCode } from './errors.js';
export type { MigratorEvent, OnProgress, ProcedureChange } from './events.js';
export { grantText } from './grants.js';
export type { GrantChange, GrantDenial, GrantDifference, GrantReport } from './grants.js';
export type { Grant } from './grants-declared.js';
export { describeHolder } from './holder.js';
export type { LockHolder } from './holder.js';
export { ensureJournal, hasJournal } from './journal-schema.js';
export type { BaselineRequest, BaselineResult } from './baseline.js';
export type { ChronicleEntry } from './chronicle.js';
export type { Failure } from './failures.js';
export type { TableAccess } from './footprint.js';
export type { ApplyRequest, MigrationRun, RunResult } from './migrator.js';
export { writeNewMigration } from './new-migration.js';
export type { PlannedMigration, PlannedProcedure, PlannedTable, Preview } from './preview.js';
export type { Repair, RepairRequest } from './repair.js';
export type { UpRequest } from './plan.js';
export { planSqlScript, planSqlScriptFor, sqlScript } from './sql-script.js';
export type { SqlScriptPlan } from './sql-script.js';
export type { MigrationStatus, ProcedureStatus, Status } from './status.js';
export type { Verification } from './verify.js';

export interface MigratorOptions {
  /** Folders of migrations, interleaved by number; the package's own when left out. */
  readonly migrationsDirs?: readonly string[] | undefined;
  /** Folders of procedures; the package's own when left out. What the journal knows and they lack is dropped. */
  readonly proceduresDirs?: readonly string[] | undefined;
  /** How long to wait for another migrator; 30 s when left out. */
  readonly waitMs?: number | undefined;
  /** How long a script's statement may wait for a lock on a table or row; as the server has it when left out. */
  readonly lockTimeoutMs?: number | undefined;
  readonly onProgress?: OnProgress | undefined;
  /** Stops between two migrations; within one the statement is cancelled and its transaction rolled back. */
  readonly signal?: AbortSignal | undefined;
  /** For the journal: carril's version, this machine's name, the user's name. */
  readonly version?: string | undefined;
  readonly host?: string | undefined;
  readonly user?: string | undefined;
}

export interface Migrator {
  /** What `up` would do; changes nothing. */
  plan(request?: UpRequest): Promise<Preview>;
  /** Applies pending migrations up to `to`, then the procedures that changed. */
  up(request?: ApplyRequest): Promise<RunResult>;
  /** Reverts the highest applied migration, or every one above `to` (0: all), never below a baseline. */
  down(request?: { readonly to?: number | undefined }): Promise<RunResult>;
  /** Reads only. */
  status(): Promise<Status>;
  /** Runs the verify script of every applied migration; changes nothing. */
  verify(): Promise<Verification[]>;
  /** Everything that was done and everything that failed, oldest first. */
  history(): Promise<ChronicleEntry[]>;
  /** Declares that the database has what 001 to `at` make, after their verify scripts have said so. */
  baseline(request: BaselineRequest): Promise<BaselineResult>;
  /** Who may do what by the files, and whether the database says the same; reads only. */
  grants(): Promise<GrantReport>;
  /** Gives back what is missing, takes away what no file grants: what `up` does at its end. */
  applyGrants(): Promise<GrantChange[]>;
  /** Accepts changed files, or says where a half-done script goes on. */
  repair(request: RepairRequest): Promise<Repair[]>;
}

/** @param engine a pool with room for three connections: one holds the lock, one works, one writes how far it got */
export function createMigrator(engine: Engine, options: MigratorOptions = {}): Migrator {
  const migrationsDirs = options.migrationsDirs ?? [packageFolder('migrations', engine)];
  const proceduresDirs = options.proceduresDirs ?? [packageFolder('procedures', engine)];
  const settings = {
    engine,
    migrationsDirs,
    proceduresDirs,
    waitMs: options.waitMs ?? 30_000,
    lockTimeoutMs: options.lockTimeoutMs,
    signal: options.signal,
    onProgress:
      options.onProgress ??
      (() => {
        // nobody listens
      }),
    author: authorOf(options),
  };
  return {
    plan: (request = {}) => readPreview(settings, request),
    up: (request = {}) => runUp(settings, request),
    down: (request = {}) => runDown(settings, request.to),
    status: () => readStatus(engine, migrationsDirs, proceduresDirs),
    verify: () => runVerify(engine, migrationsDirs, options.signal),
    history: () => readChronicle(engine),
    grants: () => compareGrants(engine, readFiles(settings)),
    applyGrants: () =>
      underLock(settings, async (lock) => {
        const changes = await applyGrants(engine, readFiles(settings), settings.author, () =>
          lock.assertHeld(),
        );
        for (const change of changes) settings.onProgress(grantEvent(change));
        return changes;
      }),
    baseline: (request) => runBaseline(settings, request),
    repair: (request) => runRepair(settings, request),
  };
}

/** Copies of tables inside the database, named in the journal. */
export interface Backups {
  list(): Promise<Backup[]>;
  /** One that is called `name`, or `manual-1` and so on. */
  create(tables: readonly string[], name?: string): Promise<Backup>;
  /** Replaces what its tables hold now. */
  restore(name: string): Promise<Backup>;
  drop(name: string): Promise<Backup>;
}

export interface BackupOptions extends Pick<MigratorOptions, 'signal' | 'version' | 'host' | 'user'> {
  /** How long to wait for another migrator; 30 s when left out. */
  readonly waitMs?: number | undefined;
  readonly onWaiting?: ((holder: LockHolder | undefined) => void) | undefined;
  /** Told of each table that is copied or restored. */
  readonly onTable?: ((table: string) => void) | undefined;
}

/** @param engine a pool with room for two connections at least */
export function createBackups(engine: Engine, options: BackupOptions = {}): Backups {
  const settings = {
    engine,
    author: authorOf(options),
    waitMs: options.waitMs ?? 30_000,
    signal: options.signal,
    onWaiting: options.onWaiting,
    onTable: options.onTable,
  };
  return {
    list: () => readBackups(engine),
    create: (tables, name) => createBackup(settings, tables, name),
    restore: (name) => restoreBackup(settings, name),
    drop: (name) => dropBackup(settings, name),
  };
}

/**
 * Runs `work` under the migrator's lock, as a long change of rows that no migration may run beside; `what` is said to
 * whoever waits for it.
 * @throws ProcedureError `LOCK_TIMEOUT` naming the holder
 */
export async function asOnlyMigrator<T>(
  engine: Engine,
  options: Pick<BackupOptions, 'waitMs' | 'signal' | 'onWaiting'> & { readonly what: string },
  work: (lost: AbortSignal) => Promise<T>,
): Promise<T> {
  const { what, waitMs, signal, onWaiting } = options;
  const author = authorOf({});
  const named = { ...author, user: `${author.user} (${what})` };
  return await withLock(
    engine,
    { timeoutMs: waitMs ?? 30_000, author: named, signal, onWaiting },
    async (lock) => {
      const result = await work(lock.signal);
      lock.signal.throwIfAborted();
      return result;
    },
  );
}

function authorOf(options: Pick<MigratorOptions, 'version' | 'host' | 'user'>): Author {
  return {
    user: options.user ?? systemUser(),
    host: options.host ?? hostname(),
    version: options.version ?? packageVersion(),
  };
}

/** The package's own folder of `migrations` or `procedures` for the engine's dialect. */
export function packageFolder(room: 'migrations' | 'procedures', engine: Pick<Engine, 'dialect'>): string {
  return join(packageRoot(), room, engine.dialect);
}

/** The package's own folders and a site's migrations, for a script that runs without carril. */
export function migrationFolders(
  dialect: Dialect,
  siteMigrations: readonly string[],
): { migrationsDirs: string[]; proceduresDirs: string[]; version: string } {
  return {
    migrationsDirs: [packageFolder('migrations', { dialect }), ...siteMigrations],
    proceduresDirs: [packageFolder('procedures', { dialect })],
    version: packageVersion(),
  };
}

/** Every grant of the package's own files, and of a site's migrations, as one script that may be run again and again. */
export function permissionsScript(dialect: Dialect, siteMigrations: readonly string[] = []): string {
  const { migrationsDirs, proceduresDirs } = migrationFolders(dialect, siteMigrations);
  return grantsScript(dialect, {
    migrations: readMigrations(migrationsDirs, dialect),
    procedures: readProcedures(proceduresDirs, dialect),
  });
}

function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    // a user id without a name, as containers have them
    return `uid ${String(process.getuid?.() ?? '?')}`;
  }
}
