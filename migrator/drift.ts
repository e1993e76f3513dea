/** Drift: what a database is, held against what its applied migrations and procedures add up to. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { UsageError } from '../engine/index.js';
import type { Dialect, Engine, Session } from '../engine/index.js';
import { catalogSnapshot } from './catalog.js';
import type { Snapshot } from './catalog.js';
import { compareWithExpected, expectedCatalog, fileNameOf, homeOf } from './drift-compare.js';
import type { DriftDifference } from './drift-compare.js';
import type { OnProgress } from './events.js';
import { createMigrator } from './index.js';
import { readJournal } from './journal.js';
import type { AppliedMigration, JournalState } from './journal.js';
import type { Manifest, MigrationMark } from './manifest.js';
import { readMigrations } from './migration-files.js';
import type { Migration } from './migration-files.js';
import { discrepancies, levelOf, padded, refuseDiscrepancies } from './plan.js';
import { keyOf, readProcedures } from './procedure-files.js';

export type { DriftDifference } from './drift-compare.js';
export { lineDiff } from './line-diff.js';
export { readManifest, writeManifest } from './manifest.js';
export type { Manifest } from './manifest.js';

export interface DriftFolders {
  readonly migrationsDirs: readonly string[];
  readonly proceduresDirs: readonly string[];
}

export interface DriftReport {
  readonly database: string;
  readonly dialect: Dialect;
  /** The highest migration of the database, and of what it is compared with. */
  readonly level: number;
  readonly expectedLevel: number;
  readonly schemas: readonly string[];
  /** How many objects were expected. */
  readonly objects: number;
  readonly differences: readonly DriftDifference[];
  /** Procedures of which nobody can say what they should be here, and why. */
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
  /** What may make the comparison say less, or more, than is true. */
  readonly warnings: readonly string[];
}

/** How many migrations and procedures `buildManifest` will apply, for a progress bar. */
export async function countSteps(live: Engine, folders: DriftFolders): Promise<number> {
  const { migrations } = await readJournal(live);
  const level = levelOf(migrations);
  const procedures = readProcedures(folders.proceduresDirs, live.dialect);
  return migrations.length + procedures.filter(({ since }) => since <= level).length;
}

/**
 * Applies in an empty database what the journal of the live one says was applied there, in the same order, and reads its
 * catalog.
 * @param scratch an empty database of the same server, with room for three connections
 * @throws MigratorError when a file is no longer the one that was applied
 */
export async function buildManifest(
  live: Engine,
  scratch: Engine,
  folders: DriftFolders,
  options: { readonly signal?: AbortSignal | undefined; readonly onProgress?: OnProgress | undefined } = {},
): Promise<Manifest> {
  const { dialect } = live;
  const { migrations } = await readJournal(live);
  const files = readMigrations(folders.migrationsDirs, dialect);
  refuseDiscrepancies(discrepancies(files, migrations));
  const empty = await catalogSnapshot(scratch);
  const stage = mkdtempSync(join(tmpdir(), 'carril-drift-'));
  try {
    const runs = ascendingRuns(migrations);
    for (const [i, run] of runs.entries()) {
      for (const { number } of run) copyTo(stage, files, number);
      // a procedure may need any of them
      const proceduresDirs = i === runs.length - 1 ? folders.proceduresDirs : [];
      await createMigrator(scratch, { migrationsDirs: [stage], proceduresDirs, ...options }).up({
        outOfOrder: true,
      });
    }
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
  const logins = await loginOf(scratch);
  const { objects, schemas } = expectedCatalog(
    withoutLogins(empty, logins),
    withoutLogins(await catalogSnapshot(scratch), logins),
  );
  const { procedures } = await readJournal(scratch);
  return {
    dialect,
    server: await serverVersion(scratch),
    level: levelOf(migrations),
    migrations: inOrder(migrations).map(({ name, checksums }) => ({ name, checksums })),
    procedures: procedures.map(({ name, checksum }) => ({ name, checksum })),
    schemas,
    objects,
  };
}

/**
 * Reads the live catalog and compares it with the manifest; changes nothing.
 * @throws UsageError when the manifest is another engine's
 */
export async function findDrift(live: Engine, manifest: Manifest): Promise<DriftReport> {
  if (manifest.dialect !== live.dialect) {
    throw new UsageError(
      `the manifest is of a ${manifest.dialect} database, and ${live.description} is ${live.dialect}`,
    );
  }
  const journal = await readJournal(live);
  const logins = new Set([...journal.migrations.map(({ login }) => login), ...(await loginOf(live))]);
  const found = withoutLogins(await catalogSnapshot(live), logins);
  const { both, expectedOnly } = procedureGaps(manifest, journal);
  const pending = new Set(expectedOnly.map(({ name }) => keyOf(name)));
  const unknown = new Set(both.map(({ name }) => keyOf(name)));
  const expected = {
    schemas: manifest.schemas,
    objects: manifest.objects.filter(
      (one) => !pending.has(fileNameOf(homeOf(one))) && !pending.has(fileNameOf(one.name)),
    ),
  };
  const differences = compareWithExpected(expected, found, (home) => unknown.has(fileNameOf(home)));
  return {
    database: live.description,
    dialect: live.dialect,
    level: levelOf(journal.migrations),
    expectedLevel: manifest.level,
    schemas: manifest.schemas,
    objects: manifest.objects.length,
    differences: [...journalDifferences(manifest.migrations, journal.migrations), ...differences],
    leftOut: [...both, ...expectedOnly],
    warnings: await warningsFor(live, manifest),
  };
}

/** As they were applied: a number that came late was applied to what higher ones had left. */
function inOrder(migrations: readonly AppliedMigration[]): AppliedMigration[] {
  return [...migrations].sort((a, b) => a.appliedAt.getTime() - b.appliedAt.getTime() || a.number - b.number);
}

/** `up` applies what it finds by number: what came late comes in a run of its own. */
function ascendingRuns(migrations: readonly AppliedMigration[]): AppliedMigration[][] {
  const runs: AppliedMigration[][] = [];
  let highest = Number.POSITIVE_INFINITY;
  for (const migration of inOrder(migrations)) {
    if (migration.number < highest) runs.push([]);
    runs.at(-1)?.push(migration);
    highest = migration.number;
  }
  return runs;
}

function copyTo(folder: string, files: readonly Migration[], number: number): void {
  const file = files.find((one) => one.number === number);
  if (file === undefined) return;
  for (const part of ['up', 'down', 'verify'] as const) {
    writeFileSync(join(folder, `${file.name}.${part}.sql`), file[part].text);
  }
}

function journalDifferences(
  expected: readonly MigrationMark[],
  applied: readonly AppliedMigration[],
): DriftDifference[] {
  const [want, have] = [expected, applied].map(
    (marks) => new Map(marks.map(({ name, checksums }) => [name, marked(checksums)])),
  );
  return [...new Set([...(want?.keys() ?? []), ...(have?.keys() ?? [])])].sort().flatMap((name) => {
    const [left, right] = [want?.get(name), have?.get(name)];
    if (left === right) return [];
    const state = left === undefined ? 'extra' : right === undefined ? 'missing' : 'different';
    return [{ kind: 'migration', name, state, expected: left, found: right, parts: {} }];
  });
}

function marked({ up, down, verify }: MigrationMark['checksums']): string {
  return `up ${up}\ndown ${down}\nverify ${verify}`;
}

interface Gap {
  readonly name: string;
  readonly reason: string;
}

/** Procedures whose file is not the one that was applied: what they should be, here and now, nothing says. */
function procedureGaps(manifest: Manifest, journal: JournalState): { both: Gap[]; expectedOnly: Gap[] } {
  const applied = new Map(journal.procedures.map((row) => [keyOf(row.name), row]));
  const expected = new Map(manifest.procedures.map((mark) => [keyOf(mark.name), mark]));
  const changed = manifest.procedures.filter(({ name, checksum }) => {
    const row = applied.get(keyOf(name));
    return row !== undefined && row.checksum !== checksum;
  });
  const gone = journal.procedures.filter(({ name }) => !expected.has(keyOf(name)));
  const pending = manifest.procedures.filter(({ name }) => !applied.has(keyOf(name)));
  return {
    both: [
      ...changed.map(({ name }) => ({ name, reason: 'its file is another one than was applied' })),
      ...gone.map(({ name }) => ({ name, reason: 'it was applied from a file that is not there' })),
    ],
    expectedOnly: pending.map(({ name }) => ({ name, reason: 'its file was not applied yet' })),
  };
}

/** Who applied a migration owns what it does not give to somebody: not the same login in both databases. */
function withoutLogins(snapshot: Snapshot, logins: ReadonlySet<string>): Snapshot {
  if (logins.size === 0) return snapshot;
  const names = [...logins].map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  const pattern = new RegExp(`\\b(owner|to|by) (?:${names})(?=\\s|$)`, 'g');
  const rewrite = (definition: string): string => {
    const [first = '', ...rest] = definition.split('\n');
    return [first.replaceAll(pattern, '$1 <who migrates>'), ...rest].join('\n');
  };
  const owned = /^(?:schema|table|view|function|sequence)$| grant$/;
  return snapshot.map((one) =>
    owned.test(one.kind) ? { ...one, definition: rewrite(one.definition) } : one,
  );
}

async function loginOf(session: Session): Promise<Set<string>> {
  // in SQL Server everything is dbo's
  if (session.dialect === 'sqlserver') return new Set();
  const [row] = await session.query('SELECT session_user::text AS login');
  return new Set([String(row?.['login'])]);
}

async function serverVersion(session: Session): Promise<string> {
  const [row] = await session.query(
    session.dialect === 'postgres'
      ? "SELECT current_setting('server_version') AS version"
      : "SELECT CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(50)) AS version",
  );
  return String(row?.['version']);
}

async function warningsFor(live: Engine, manifest: Manifest): Promise<string[]> {
  const warnings: string[] = [];
  const version = await serverVersion(live);
  if (majorOf(version) !== majorOf(manifest.server)) {
    warnings.push(
      `the manifest is of server version ${manifest.server}, this one is ${version}: the two may write the same definition ` +
        'differently',
    );
  }
  if (live.dialect === 'sqlserver') {
    const [row] = await live.query(
      "SELECT HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'VIEW DEFINITION') AS permitido",
    );
    if (Number(row?.['permitido']) !== 1) {
      warnings.push(
        'this login does not see all definitions, so what is only hidden from it is called missing: ' +
          'GRANT VIEW DEFINITION TO it, or to carril_dba',
      );
    }
  }
  return warnings;
}

function majorOf(version: string): string {
  return version.split('.', 1)[0] ?? version;
}

/** For messages: `without migrations`, `at 022`. */
export function levelText(level: number): string {
  return level === 0 ? 'without migrations' : `at ${padded(level)}`;
}
