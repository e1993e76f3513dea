import type { Dialect, Session } from '../engine/index.js';
import { goneProcedures } from './apply-procedures.js';
import { openFailures, readFailures } from './failures.js';
import type { Failure } from './failures.js';
import { differenceOf, findForeign } from './foreign-objects.js';
import { backupTables } from './backup-header.js';
import { compareGrants } from './grants.js';
import type { GrantDifference } from './grants.js';
import { footprintOf } from './footprint.js';
import type { Footprint, TableAccess } from './footprint.js';
import { readHistory } from './history.js';
import { readJournal } from './journal.js';
import type { AppliedProcedure } from './journal.js';
import type { Migration } from './migration-files.js';
import { readFiles } from './migrator.js';
import type { Settings } from './migrator.js';
import { batchesFor } from './online-index.js';
import { discrepancies, levelOf, planUp, refuseDiscrepancies } from './plan.js';
import type { UpRequest } from './plan.js';
import { readPrevious } from './previous-objects.js';
import type { PreviousObject } from './previous-objects.js';
import { keyOf } from './procedure-files.js';
import type { ProcedureFile } from './procedure-files.js';
import { runsOutsideTransaction } from './script-header.js';
import { batchesOf } from './script.js';
import type { Batch } from './splitter.js';
import { doneOf, readSteps, refuseHalfDone } from './steps.js';
import { rowEstimates } from './table-statistics.js';

export interface PlannedTable extends TableAccess {
  /** By the catalog's statistics; undefined where it has none, or where the table is not there yet. */
  readonly rows: bigint | undefined;
}

export interface PlannedMigration {
  readonly number: number;
  readonly name: string;
  readonly file: string;
  /** Of PostgreSQL; of SQL Server the batches between two GO. */
  readonly statements: number;
  /** false: statement by statement, each for good. */
  readonly transaction: boolean;
  /** Of a script outside a transaction that was begun: how many of its statements are done. */
  readonly done: number;
  /** A higher number stands already. */
  readonly outOfOrder: boolean;
  readonly tables: readonly PlannedTable[];
  /** Those that `up` copies before the script runs; empty ones are not. */
  readonly backups: readonly string[];
  /** Where a script does what its text does not tell. */
  readonly unread: Footprint['unread'];
  /** How it failed the last time, where it did. */
  readonly failure: Failure | undefined;
}

export interface PlannedProcedure {
  readonly name: string;
  /** undefined: dropped, because it has none. */
  readonly file: string | undefined;
  /** foreign: there, and not in the journal: `up` stops until it is told to adopt or to replace it. */
  readonly action: 'create' | 'change' | 'drop' | 'release' | 'foreign';
  /** Of a foreign one, or of an adopted one whose file changed: how the file differs from what is there. */
  readonly difference: string | undefined;
}

export interface Preview {
  readonly database: string;
  readonly dialect: Dialect;
  readonly level: number;
  readonly migrations: readonly PlannedMigration[];
  readonly procedures: readonly PlannedProcedure[];
  /** Grants that were taken away or given by hand: `up` puts them right. */
  readonly grants: readonly GrantDifference[];
  /** Whether `up` would stop before it runs anything, for what is foreign. */
  readonly blocked: boolean;
}

/**
 * What `up` would do with the same request; reads only, and waits for nobody.
 * @throws MigratorError where `up` would refuse, but for foreign objects, which are shown
 */
export async function readPreview(settings: Settings, request: UpRequest): Promise<Preview> {
  const { engine, author } = settings;
  const { dialect } = engine;
  const files = readFiles(settings);
  const journal = await readJournal(engine);
  refuseDiscrepancies(discrepancies(files.migrations, journal.migrations));
  const steps = await readSteps(engine);
  refuseHalfDone(steps, 'up');
  const pending = planUp(files.migrations, journal.migrations, request, author.version);
  const level = levelOf(journal.migrations);
  const applied = new Set(journal.migrations.map(({ number }) => number));
  const failures = openFailures(await readFailures(engine), await readHistory(engine), applied);
  const rows = await rowEstimates(engine);
  const pendingBatches = new Map<number, readonly Batch[]>();
  for (const { number, up } of pending)
    pendingBatches.set(number, await batchesFor(engine, batchesOf(up, dialect)));
  const migrations = pendingTables(pending, dialect, rows, pendingBatches).map(
    ({ migration, tables, unread }): PlannedMigration => ({
      number: migration.number,
      name: migration.name,
      file: migration.up.shown,
      statements: batchesOf(migration.up, dialect).length,
      transaction: !runsOutsideTransaction(migration.up),
      done: doneOf(steps, migration, 'up'),
      outOfOrder: migration.number < level,
      tables,
      backups: backupTables(migration.up),
      unread,
      failure: failures.find(({ part, number }) => part === 'up' && number === migration.number),
    }),
  );
  const target = Math.max(level, ...pending.map(({ number }) => number));
  const wanted = files.procedures.filter(({ since }) => since <= target);
  const procedures = await plannedProcedures(engine, wanted, journal.procedures);
  const blocked = procedures.some(({ action }) => action === 'foreign');
  const grants = (await compareGrants(engine, files)).differences;
  return { database: engine.description, dialect, level, migrations, procedures, grants, blocked };
}

/**
 * The tables of each script. What is neither in the catalog nor made by a script before is a view, a name that was misread,
 * or missing: it is no table whose lock somebody could wait for.
 */
function pendingTables(
  pending: readonly Migration[],
  dialect: Dialect,
  rows: ReadonlyMap<string, bigint | undefined>,
  batches: ReadonlyMap<number, readonly Batch[]>,
): { migration: Migration; tables: PlannedTable[]; unread: Footprint['unread'] }[] {
  const known = new Map(rows);
  return pending.map((migration) => {
    const { tables, unread } = footprintOf(batches.get(migration.number) ?? [], dialect);
    const planned = tables.flatMap((table): PlannedTable[] => {
      const key = (table.before ?? table.name).toLowerCase();
      if (table.access !== 'create' && !known.has(key)) return [];
      return [{ ...table, rows: known.get(key) }];
    });
    for (const { name, before, rows: count } of planned)
      known.set(name.toLowerCase(), before === undefined ? known.get(name.toLowerCase()) : count);
    return { migration, tables: planned, unread };
  });
}

async function plannedProcedures(
  session: Session,
  wanted: readonly ProcedureFile[],
  applied: readonly AppliedProcedure[],
): Promise<PlannedProcedure[]> {
  const previous = await readPrevious(session);
  const foreign = new Set((await findForeign(session, wanted, applied)).map(({ file }) => keyOf(file.name)));
  const checksums = new Map(applied.map(({ name, checksum }) => [keyOf(name), checksum]));
  const gone = goneProcedures(wanted, applied).map(({ name }): PlannedProcedure => {
    const action = isAdopted(previous, name) ? 'release' : 'drop';
    return { name, file: undefined, action, difference: undefined };
  });
  const planned: PlannedProcedure[] = [];
  for (const file of wanted) {
    const { name } = file;
    const checksum = checksums.get(keyOf(name));
    if (checksum === file.file.checksum) continue;
    const isForeign = foreign.has(keyOf(name));
    const difference = isForeign || isAdopted(previous, name) ? await differenceOf(session, file) : undefined;
    const action = isForeign ? 'foreign' : checksum === undefined ? 'create' : 'change';
    planned.push({ name, file: file.file.shown, action, difference });
  }
  return [...gone, ...planned];
}

function isAdopted(previous: ReadonlyMap<string, PreviousObject>, name: string): boolean {
  return previous.get(keyOf(name))?.action === 'adopted';
}
