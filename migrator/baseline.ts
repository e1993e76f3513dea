import { UsageError } from '../engine/index.js';
import { MigratorError } from './errors.js';
import { insertMigration, readJournal } from './journal.js';
import type { Migration } from './migration-files.js';
import { readFiles, underLock } from './migrator.js';
import type { Settings } from './migrator.js';
import { padded } from './plan.js';
import { verifyOne } from './verify.js';

export interface BaselineRequest {
  /** The highest migration whose work is there already. */
  readonly at: number;
  /** Numbers that count though their verify script says that something is missing; it is recorded. */
  readonly accept?: readonly number[] | undefined;
}

export interface BaselineResult {
  readonly level: number;
  readonly migrations: readonly {
    readonly number: number;
    readonly name: string;
    readonly missing: string | undefined;
  }[];
}

/**
 * Enters 001 to `at` into the journal as there before carril: never run here, never reverted. Their verify scripts are
 * run first; nothing is entered when one of them fails.
 * @throws MigratorError `JOURNAL_NOT_EMPTY`, `NOT_VERIFIED`; UsageError on a number that is not there
 */
export async function runBaseline(settings: Settings, request: BaselineRequest): Promise<BaselineResult> {
  const { engine, author, signal } = settings;
  const { migrations } = readFiles(settings);
  const taken = chosen(migrations, request);
  const accepted = new Set(request.accept);
  return await underLock(settings, async (lock) => {
    const { migrations: rows } = await readJournal(engine);
    if (rows.length > 0) {
      throw new MigratorError(
        'JOURNAL_NOT_EMPTY',
        `the journal of ${engine.description} has ${rows.length} migrations already: a baseline is where carril begins. ` +
          '`carril migrate status` shows them',
      );
    }
    const checked: BaselineResult['migrations'][number][] = [];
    for (const migration of taken) {
      const { number, name } = migration;
      const failure = await verifyOne(engine, migration, signal);
      checked.push({ number, name, missing: failure?.message });
    }
    refuseMissing(checked.filter(({ number, missing }) => missing !== undefined && !accepted.has(number)));
    await lock.assertHeld();
    await engine.transaction(async (session) => {
      for (const { number, name, up, down, verify } of taken) {
        const checksums = { up: up.checksum, down: down.checksum, verify: verify.checksum };
        const row = { number, name, checksums, state: 'BASE' as const, outOfOrder: false, durationMs: 0 };
        const missing = checked.find((one) => one.number === number)?.missing;
        await insertMigration(
          session,
          row,
          author,
          missing === undefined ? undefined : `accepted: ${missing}`,
        );
      }
    });
    return { level: request.at, migrations: checked };
  });
}

function chosen(migrations: readonly Migration[], { at, accept = [] }: BaselineRequest): Migration[] {
  if (!migrations.some(({ number }) => number === at)) {
    const numbers = migrations.map(({ number }) => padded(number)).join(', ');
    throw new UsageError(`--at ${at}: there is no such migration; there are ${numbers}`);
  }
  const taken = migrations.filter(({ number }) => number <= at);
  const stray = accept.find((number) => !taken.some((one) => one.number === number));
  if (stray !== undefined)
    throw new UsageError(`--accept ${stray}: not among the migrations up to ${padded(at)}`);
  return taken;
}

function refuseMissing(missing: BaselineResult['migrations']): void {
  if (missing.length === 0) return;
  const lines = missing.map((one) => one.missing ?? '').join('\n  ');
  throw new MigratorError(
    'NOT_VERIFIED',
    `nothing was entered, for the database lacks what its baseline says is there:\n  ${lines}\n` +
      'Make it (the up scripts show how), choose a lower --at, or, where a later migration makes it or it is rightly otherwise ' +
      'here, take it as it is: --accept NUMBER',
  );
}
