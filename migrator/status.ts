import type { Dialect, Engine } from '../engine/index.js';
import { openFailures, readFailures } from './failures.js';
import type { Failure } from './failures.js';
import { readHistory } from './history.js';
import { readHolder } from './holder.js';
import type { LockHolder } from './holder.js';
import { readJournal } from './journal.js';
import type { AppliedMigration } from './journal.js';
import { readMigrations } from './migration-files.js';
import { discrepancies, levelOf } from './plan.js';
import { keyOf, readProcedures } from './procedure-files.js';
import { readSteps } from './steps.js';
import type { Step } from './steps.js';
import { isLockTaken } from './session-lock.js';

export interface MigrationStatus {
  readonly number: number;
  readonly name: string;
  /** changed, vanished: applied, but with other files than there are now; `up` and `down` refuse. */
  readonly state: 'applied' | 'baseline' | 'pending' | 'changed' | 'vanished';
  /** The up script, where there is one. */
  readonly file: string | undefined;
  readonly appliedAt: Date | undefined;
  readonly durationMs: number | undefined;
  readonly user: string | undefined;
  readonly login: string | undefined;
  readonly host: string | undefined;
  readonly version: string | undefined;
  readonly outOfOrder: boolean;
  /** What is wrong with it, one line a file. */
  readonly problems: readonly string[];
  /** Of a script that runs outside a transaction and was not finished: in which direction, and statements done. */
  readonly halfDone: { readonly part: 'up' | 'down'; readonly statements: number } | undefined;
}

export interface ProcedureStatus {
  readonly name: string;
  readonly since: number;
  /** pending: `up` will create it; waiting: once migration `since` is applied; vanished: `up` will drop it. */
  readonly state: 'applied' | 'changed' | 'pending' | 'waiting' | 'vanished';
  readonly file: string | undefined;
}

export interface Status {
  readonly database: string;
  readonly dialect: Dialect;
  /** The highest applied number, 0 for none. */
  readonly level: number;
  readonly migrations: readonly MigrationStatus[];
  readonly procedures: readonly ProcedureStatus[];
  /** The newest failure of each script that has not succeeded since. */
  readonly failures: readonly Failure[];
  /** The migrator that is at work now. */
  readonly lock: LockHolder | undefined;
}

/** Reads only; a database without a journal is one where everything is pending. */
export async function readStatus(
  engine: Engine,
  migrationsDirs: readonly string[],
  proceduresDirs: readonly string[],
): Promise<Status> {
  const files = readMigrations(migrationsDirs, engine.dialect);
  const procedureFiles = readProcedures(proceduresDirs, engine.dialect);
  const journal = await readJournal(engine);
  const level = levelOf(journal.migrations);
  const lock = (await isLockTaken(engine)) ? await readHolder(engine) : undefined;
  const found = discrepancies(files, journal.migrations);
  const steps = await readSteps(engine);
  const rows = new Map(journal.migrations.map((row) => [row.number, row]));
  const byNumber = new Map(files.map((file) => [file.number, file]));
  const numbers = [...new Set([...rows.keys(), ...byNumber.keys()])].sort((a, b) => a - b);
  const migrations = numbers.map((number): MigrationStatus => {
    const row = rows.get(number);
    const file = byNumber.get(number);
    const wrong = found.filter((one) => one.number === number);
    const state =
      wrong[0]?.kind ?? (row === undefined ? 'pending' : row.state === 'BASE' ? 'baseline' : 'applied');
    return {
      number,
      name: row?.name ?? file?.name ?? '',
      state,
      file: file?.up.shown,
      ...applied(row),
      problems: wrong.map((one) => one.message),
      halfDone: halfDone(steps.filter((step) => step.number === number)),
    };
  });
  const journaled = new Map(journal.procedures.map((row) => [keyOf(row.name), row]));
  const fileKeys = new Set(procedureFiles.map((file) => keyOf(file.name)));
  const procedures = [
    ...procedureFiles.map(({ name, since, file }): ProcedureStatus => {
      const row = journaled.get(keyOf(name));
      const known = row === undefined ? 'pending' : row.checksum === file.checksum ? 'applied' : 'changed';
      return { name, since, state: since > level ? 'waiting' : known, file: file.shown };
    }),
    ...journal.procedures
      .filter((row) => !fileKeys.has(keyOf(row.name)))
      .map(({ name, since }): ProcedureStatus => ({ name, since, state: 'vanished', file: undefined })),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
  const failures = openFailures(
    await readFailures(engine),
    await readHistory(engine),
    new Set(rows.keys()),
  ).filter(({ part, name, number }) =>
    part === 'procedure' ? fileKeys.has(keyOf(name)) : number !== undefined && byNumber.has(number),
  );
  return {
    database: engine.description,
    dialect: engine.dialect,
    level,
    migrations,
    procedures,
    failures,
    lock,
  };
}

function halfDone(steps: readonly Step[]): MigrationStatus['halfDone'] {
  const [first] = steps;
  if (first === undefined) return undefined;
  return { part: first.part, statements: steps.filter(({ state }) => state === 'done').length };
}

function applied(
  row: AppliedMigration | undefined,
): Pick<MigrationStatus, 'appliedAt' | 'durationMs' | 'user' | 'login' | 'host' | 'version' | 'outOfOrder'> {
  return {
    appliedAt: row?.appliedAt,
    durationMs: row?.durationMs,
    user: row?.user,
    login: row?.login,
    host: row?.host,
    version: row?.version,
    outOfOrder: row?.outOfOrder ?? false,
  };
}
