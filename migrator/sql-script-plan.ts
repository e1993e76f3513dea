import { UsageError } from '../engine/index.js';
import type { Dialect, Engine } from '../engine/index.js';
import type { GrantFiles } from './grants.js';
import { readJournal } from './journal.js';
import { readMigrations } from './migration-files.js';
import type { Migration } from './migration-files.js';
import { discrepancies, levelOf, padded, planDown, planUp, refuseDiscrepancies } from './plan.js';
import { readProcedures } from './procedure-files.js';
import type { ProcedureFile } from './procedure-files.js';
import { runsOutsideTransaction } from './script-header.js';

/** What a script that runs without carril does, in its order. */
export interface SqlScriptPlan {
  readonly dialect: Dialect;
  readonly direction: 'up' | 'down';
  readonly from: number;
  readonly to: number;
  /** What the journal must say before: these and no others, with these checksums. */
  readonly expected: readonly Migration[];
  readonly steps: readonly { readonly migration: Migration; readonly outOfOrder: boolean }[];
  /** The procedures of level `to`, in the order in which they can be created; none on the way down. */
  readonly procedures: readonly ProcedureFile[];
  /** The files whose grants it ends with, as `up` does: those of level `to`; undefined on the way down. */
  readonly grants: GrantFiles | undefined;
  /** Every procedure file's name in that order: what is dropped is dropped in the opposite one. */
  readonly order: readonly string[];
  /** carril's, for the journal. */
  readonly version: string;
}

export interface SqlScriptFolders {
  readonly migrationsDirs: readonly string[];
  readonly proceduresDirs: readonly string[];
  readonly version: string;
}

/** From one level to another, for a database that nobody looks at now. @throws UsageError on a number that no migration has */
export function planSqlScript(
  dialect: Dialect,
  folders: SqlScriptFolders,
  range: { readonly from: number; readonly to?: number | undefined },
): SqlScriptPlan {
  const files = readMigrations(folders.migrationsDirs, dialect);
  const { from } = range;
  const to = range.to ?? highest(files);
  for (const [option, number] of [
    ['--from', from],
    ['--to', to],
  ] as const) {
    if (number !== 0 && !files.some((file) => file.number === number)) {
      throw new UsageError(`${option} ${number}: no migration has the number ${padded(number)}`);
    }
  }
  const expected = files.filter(({ number }) => number <= from);
  const direction = to < from ? 'down' : 'up';
  const between = files.filter(({ number }) => number > Math.min(from, to) && number <= Math.max(from, to));
  const steps = direction === 'up' ? between : between.reverse();
  return complete(dialect, folders, { direction, from, to, expected, steps });
}

/** From where a database stands now; lower numbers that came late included, as `up` would. */
export async function planSqlScriptFor(
  engine: Engine,
  folders: SqlScriptFolders,
  request: { readonly to?: number | undefined },
): Promise<SqlScriptPlan> {
  const { dialect } = engine;
  const files = readMigrations(folders.migrationsDirs, dialect);
  const { migrations: applied } = await readJournal(engine);
  refuseDiscrepancies(discrepancies(files, applied));
  const from = levelOf(applied);
  const standing = new Set(applied.map(({ number }) => number));
  const expected = files.filter(({ number }) => standing.has(number));
  if (request.to !== undefined && request.to < from) {
    const steps = planDown(files, applied, request.to);
    return complete(dialect, folders, { direction: 'down', from, to: request.to, expected, steps });
  }
  const steps = planUp(files, applied, request, folders.version);
  const to = request.to ?? Math.max(from, highest(files));
  return complete(dialect, folders, { direction: 'up', from, to, expected, steps });
}

function complete(
  dialect: Dialect,
  folders: SqlScriptFolders,
  plan: Pick<SqlScriptPlan, 'direction' | 'from' | 'to' | 'expected'> & {
    readonly steps: readonly Migration[];
  },
): SqlScriptPlan {
  for (const migration of plan.steps) {
    const file = migration[plan.direction];
    if (runsOutsideTransaction(file)) {
      const before = plan.direction === 'up' ? 'the one before it' : padded(migration.number);
      throw new UsageError(
        `${file.shown} runs outside a transaction: only carril remembers at which of its statements it stopped. ` +
          `Make the script up to ${before} with --to, and run this one with carril migrate ${plan.direction}`,
      );
    }
  }
  const files = readProcedures(folders.proceduresDirs, dialect);
  const procedures = plan.direction === 'up' ? files.filter(({ since }) => since <= plan.to) : [];
  const migrations = [...plan.expected, ...plan.steps].sort((a, b) => a.number - b.number);
  return {
    dialect,
    ...plan,
    steps: plan.steps.map((migration) => ({
      migration,
      outOfOrder: plan.direction === 'up' && migration.number < plan.from,
    })),
    procedures,
    grants: plan.direction === 'up' ? { migrations, procedures } : undefined,
    order: files.map(({ name }) => name),
    version: folders.version,
  };
}

function highest(files: readonly Migration[]): number {
  return Math.max(0, ...files.map(({ number }) => number));
}
