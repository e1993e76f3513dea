import { UsageError } from '../engine/index.js';
import { MigratorError } from './errors.js';
import type { AppliedMigration } from './journal.js';
import type { Migration } from './migration-files.js';

/** An applied migration whose files are no longer those that were applied. */
export interface Discrepancy {
  readonly kind: 'changed' | 'vanished';
  readonly number: number;
  readonly name: string;
  readonly message: string;
}

/** Compares the journal with the files, by number. umzug would not: it hides applied migrations without a file. */
export function discrepancies(
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
): Discrepancy[] {
  const byNumber = new Map(migrations.map((migration) => [migration.number, migration]));
  return applied.flatMap((row) => compare(row, byNumber.get(row.number)));
}

function compare(row: AppliedMigration, file: Migration | undefined): Discrepancy[] {
  const { number, name } = row;
  if (file === undefined) {
    const message = `${name} was applied, but its files are gone: put ${name}.up.sql, .down.sql and .verify.sql back`;
    return [{ kind: 'vanished', number, name, message }];
  }
  if (file.name !== name) {
    const message = `${name} was applied, but its number now belongs to ${file.up.shown}: give that its old name back, or another number`;
    return [{ kind: 'vanished', number, name, message }];
  }
  return (['up', 'down', 'verify'] as const)
    .filter((part) => file[part].checksum !== row.checksums[part])
    .map((part) => ({
      kind: 'changed',
      number,
      name,
      message: `${file[part].shown} was changed after ${name} had been applied: restore it, and put the change into a migration of its own`,
    }));
}

/** @throws MigratorError that names every changed or vanished file */
export function refuseDiscrepancies(found: readonly Discrepancy[]): void {
  const [first] = found;
  if (first === undefined) return;
  const messages = found.map((one) => one.message);
  throw new MigratorError(
    first.kind === 'changed' ? 'FILE_CHANGED' : 'FILE_VANISHED',
    messages.length === 1 ? (messages[0] ?? '') : `nothing was run:\n  ${messages.join('\n  ')}`,
  );
}

export interface UpRequest {
  /** The highest number to apply; all when left out. */
  readonly to?: number | undefined;
  /** Applies a number below one that stands already, after the first release. */
  readonly outOfOrder?: boolean | undefined;
}

/**
 * What `up` would run, in order. Before carril's first release (version 1.0.0) a missing lower number is simply filled
 * in; after it, only when asked for. Either way the journal marks it.
 * @throws UsageError on a number that is not there; MigratorError `OUT_OF_ORDER`
 */
export function planUp(
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
  request: UpRequest,
  version: string,
): Migration[] {
  const to = request.to ?? Number.POSITIVE_INFINITY;
  const highest = Math.max(0, ...migrations.map(({ number }) => number));
  if (request.to !== undefined && request.to > highest) {
    throw new UsageError(`--to ${request.to}: the highest migration is ${padded(highest)}`);
  }
  const done = new Set(applied.map(({ number }) => number));
  const pending = migrations.filter(({ number }) => number <= to && !done.has(number));
  const level = levelOf(applied);
  const late = pending.filter(({ number }) => number < level);
  if (late.length > 0 && isReleased(version) && request.outOfOrder !== true) {
    throw new MigratorError(
      'OUT_OF_ORDER',
      `${late.map(({ up }) => up.shown).join(', ')}: lower than ${padded(level)}, which is applied already; ` +
        'run it all the same with --out-of-order, or give it a higher number',
    );
  }
  return pending;
}

/**
 * What `down` would revert, highest number first: one migration, or all above `to`.
 * @throws MigratorError `BELOW_BASELINE`
 */
export function planDown(
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
  to: number | undefined,
): Migration[] {
  const level = levelOf(applied);
  if (level === 0) return [];
  const target = to ?? level - 1;
  const above = applied.filter(({ number }) => number > target);
  const base = above.find(({ state }) => state === 'BASE');
  if (base !== undefined) {
    const floor = Math.max(...applied.filter(({ state }) => state === 'BASE').map(({ number }) => number));
    throw new MigratorError(
      'BELOW_BASELINE',
      `the baseline of this database is ${padded(floor)}: what was there before carril is not carril's to revert` +
        (level > floor ? ` (lowest: --to ${floor})` : ''),
    );
  }
  const byNumber = new Map(migrations.map((migration) => [migration.number, migration]));
  return above
    .map(({ number }) => byNumber.get(number))
    .filter((migration) => migration !== undefined)
    .sort((a, b) => b.number - a.number);
}

/** The highest applied number, 0 for none. */
export function levelOf(applied: readonly AppliedMigration[]): number {
  return Math.max(0, ...applied.map(({ number }) => number));
}

export function padded(number: number): string {
  return String(number).padStart(3, '0');
}

function isReleased(version: string): boolean {
  return !version.startsWith('0.');
}
