import { UsageError } from '../engine/index.js';
import { MigratorError } from './errors.js';
import { recordEvent } from './history.js';
import { acceptChecksums, readJournal } from './journal.js';
import type { AppliedMigration } from './journal.js';
import type { Migration } from './migration-files.js';
import { readFiles, underLock } from './migrator.js';
import type { Settings } from './migrator.js';
import { padded } from './plan.js';
import { batchesOf } from './script.js';
import { checksumOf } from './sql-file.js';
import { isSetting } from './statement-kinds.js';
import { deleteSteps, readSteps, writeStep } from './steps.js';

export interface RepairRequest {
  /** Recorded in the journal. */
  readonly reason: string;
  /** Of this migration only. */
  readonly migration?: number | undefined;
  /** The statement, 1-based, at which its half-done script goes on; 1: from the beginning. */
  readonly resumeAt?: number | undefined;
}

export interface Repair {
  readonly number: number;
  readonly name: string;
  readonly action: 'accepted' | 'resumed';
  /** Which of up, down and verify had changed; the half-done one. */
  readonly parts: readonly ('up' | 'down' | 'verify')[];
}

const parts = ['up', 'down', 'verify'] as const;

/** @throws UsageError without a reason, or on a migration that is not there or not half done */
export async function runRepair(settings: Settings, request: RepairRequest): Promise<Repair[]> {
  const reason = request.reason.trim();
  if (reason === '') throw new UsageError('--reason: say why, for those who read the journal later');
  const { migrations } = readFiles(settings);
  return await underLock(settings, async (lock) => {
    await lock.assertHeld();
    return request.resumeAt === undefined
      ? await accept(settings, migrations, request.migration, reason)
      : await resume(settings, migrations, request.migration, request.resumeAt, reason);
  });
}

async function accept(
  { engine, author }: Settings,
  files: readonly Migration[],
  only: number | undefined,
  reason: string,
): Promise<Repair[]> {
  const { migrations } = await readJournal(engine);
  if (only !== undefined && !migrations.some(({ number }) => number === only)) {
    throw new UsageError(`--migration ${only}: it is not applied, so there is nothing to accept`);
  }
  const byNumber = new Map(files.map((file) => [file.number, file]));
  const changed = migrations.flatMap((row) => {
    const file = byNumber.get(row.number);
    if (file?.name !== row.name || (only !== undefined && row.number !== only)) return [];
    const differing = parts.filter((part) => file[part].checksum !== row.checksums[part]);
    return differing.length === 0 ? [] : [{ row, file, differing }];
  });
  await engine.transaction(async (session) => {
    for (const { row, file, differing } of changed) {
      const checksums = { up: file.up.checksum, down: file.down.checksum, verify: file.verify.checksum };
      const why = `${differing.join(', ')} (before: ${differing.map((part) => row.checksums[part]).join(', ')}): ${reason}`;
      await acceptChecksums(session, { number: row.number, name: row.name, checksums }, author, why);
    }
  });
  return changed.map(({ row, differing }) => repair(row, 'accepted', differing));
}

async function resume(
  { engine, author }: Settings,
  files: readonly Migration[],
  number: number | undefined,
  resumeAt: number,
  reason: string,
): Promise<Repair[]> {
  if (number === undefined) throw new UsageError('--resume-at goes with --migration NUMBER');
  const migration = files.find((file) => file.number === number);
  const step = (await readSteps(engine)).find((one) => one.number === number);
  if (migration === undefined || step === undefined) {
    throw new MigratorError(
      'HALF_DONE',
      `migration ${padded(number)} is not half done: there is nothing to resume`,
    );
  }
  const { part } = step;
  const file = migration[part];
  const batches = batchesOf(file, engine.dialect);
  if (resumeAt > batches.length + 1) {
    throw new UsageError(`--resume-at ${resumeAt}: ${file.shown} has ${batches.length} statements`);
  }
  await engine.transaction(async (session) => {
    await deleteSteps(session, number, part);
    for (const [index, { text }] of batches.slice(0, resumeAt - 1).entries()) {
      if (isSetting(text, engine.dialect)) continue;
      const done = {
        number,
        part,
        statement: index + 1,
        state: 'done' as const,
        checksum: file.checksum,
        statementChecksum: checksumOf(text),
        text,
      };
      await writeStep(session, done, author);
    }
    const why = `${part} goes on at statement ${resumeAt}: ${reason}`;
    const { name } = migration;
    await recordEvent(
      session,
      { event: 'restarted', kind: 'migration', number, name, checksum: file.checksum, reason: why },
      author,
    );
  });
  return [repair(migration, 'resumed', [part])];
}

function repair(
  { number, name }: Pick<AppliedMigration, 'number' | 'name'>,
  action: Repair['action'],
  which: Repair['parts'],
): Repair {
  return { number, name, action, parts: which };
}
