import { Umzug } from 'umzug';
import type { RunnableMigration } from 'umzug';

import type { Engine } from '../engine/index.js';
import { dropProcedures, syncProcedures } from './apply-procedures.js';
import { MigratorError } from './errors.js';
import type { OnProgress, ProcedureChange } from './events.js';
import { deleteMigration, insertMigration, readJournal } from './journal.js';
import type { AppliedMigration, Author } from './journal.js';
import { withLock } from './lock.js';
import type { HeldLock } from './lock.js';
import { readMigrations } from './migration-files.js';
import type { Migration } from './migration-files.js';
import { discrepancies, levelOf, planDown, planUp, refuseDiscrepancies } from './plan.js';
import type { UpRequest } from './plan.js';
import { readProcedures } from './procedure-files.js';
import type { ProcedureFile } from './procedure-files.js';
import { prepareTransaction, runScript } from './script.js';

export interface MigrationRun {
  readonly number: number;
  readonly name: string;
  readonly durationMs: number;
}

export interface RunResult {
  /** In the order in which they were applied or reverted. */
  readonly migrations: readonly MigrationRun[];
  readonly procedures: readonly ProcedureChange[];
  /** The highest applied number now, 0 for none. */
  readonly level: number;
}

export interface Settings {
  readonly engine: Engine;
  readonly migrationsDirs: readonly string[];
  readonly proceduresDirs: readonly string[];
  readonly lockTimeoutMs: number;
  readonly author: Author;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: OnProgress;
}

/** Applies what is pending, then the changed procedures. What succeeded before a failure stays. */
export async function runUp(settings: Settings, request: UpRequest): Promise<RunResult> {
  const files = readFiles(settings);
  return await locked(settings, async (work) => {
    const { engine, author } = settings;
    const before = await readJournal(engine);
    refuseDiscrepancies(discrepancies(files.migrations, before.migrations));
    const pending = planUp(files.migrations, before.migrations, request, author.version);
    const level = levelOf(before.migrations);
    await flow(work, pending, before.migrations, 'up', async (migration, began) => {
      await engine.transaction(async (session) => {
        await prepareTransaction(session);
        await runScript(session, migration.up, work.signal);
        const { number, name, up, down, verify } = migration;
        const checksums = { up: up.checksum, down: down.checksum, verify: verify.checksum };
        const durationMs = elapsed(began);
        const row = {
          number,
          name,
          checksums,
          durationMs,
          outOfOrder: number < level,
          state: 'APLICADA' as const,
        };
        await work.checkpoint();
        await insertMigration(session, row, author);
      });
    });
    const after = await readJournal(engine);
    await syncProcedures(
      { engine, author, signal: work.signal, checkpoint: work.checkpoint, onChange: work.onProcedure },
      files.procedures,
      after.procedures,
      levelOf(after.migrations),
    );
    return levelOf(after.migrations);
  });
}

/** Reverts one migration, or all above `to`, each with the procedures that need it, in one transaction. */
export async function runDown(settings: Settings, to: number | undefined): Promise<RunResult> {
  const files = readFiles(settings);
  return await locked(settings, async (work) => {
    const { engine } = settings;
    const before = await readJournal(engine);
    refuseDiscrepancies(discrepancies(files.migrations, before.migrations));
    const reverted = planDown(files.migrations, before.migrations, to);
    let procedures = before.procedures;
    await flow(work, reverted, before.migrations, 'down', async (migration) => {
      const { number } = migration;
      const homeless = procedures.filter(({ since }) => since >= number);
      await engine.transaction(async (session) => {
        await prepareTransaction(session);
        await dropProcedures(session, homeless, files.procedures);
        await runScript(session, migration.down, work.signal);
        await work.checkpoint();
        await deleteMigration(session, number);
      });
      procedures = procedures.filter(({ since }) => since < number);
      for (const { name } of homeless) work.onProcedure({ name, action: 'dropped' });
    });
    return levelOf((await readJournal(engine)).migrations);
  });
}

function readFiles(settings: Settings): { migrations: Migration[]; procedures: ProcedureFile[] } {
  const { dialect } = settings.engine;
  return {
    migrations: readMigrations(settings.migrationsDirs, dialect),
    procedures: readProcedures(settings.proceduresDirs, dialect),
  };
}

interface Work {
  readonly signal: AbortSignal;
  /** Stops when Ctrl-C was pressed or the lock is lost. */
  readonly checkpoint: () => Promise<void>;
  readonly onMigration: (run: MigrationRun, direction: 'up' | 'down', phase: 'start' | 'done') => void;
  readonly onProcedure: (change: ProcedureChange) => void;
}

async function locked(settings: Settings, run: (work: Work) => Promise<number>): Promise<RunResult> {
  const { engine, author, signal, onProgress, lockTimeoutMs } = settings;
  const onWaiting = (holder: Parameters<NonNullable<Parameters<typeof withLock>[1]['onWaiting']>>[0]) => {
    onProgress({ kind: 'waiting', holder });
  };
  return await withLock(engine, { timeoutMs: lockTimeoutMs, author, signal, onWaiting }, async (lock) => {
    const migrations: MigrationRun[] = [];
    const procedures: ProcedureChange[] = [];
    const level = await run({
      signal: signal === undefined ? lock.signal : AbortSignal.any([signal, lock.signal]),
      checkpoint: () => checkpoint(signal, lock),
      onMigration: (one, direction, phase) => {
        if (phase === 'done') migrations.push(one);
        onProgress({ kind: 'migration', direction, phase, ...one });
      },
      onProcedure: (change) => {
        procedures.push(change);
        onProgress({ kind: 'procedure', ...change });
      },
    });
    return { migrations, procedures, level };
  });
}

async function checkpoint(signal: AbortSignal | undefined, lock: HeldLock): Promise<void> {
  if (signal?.aborted === true) {
    throw new MigratorError(
      'INTERRUPTED',
      'interrupted: what was finished before stays, nothing else was done',
      {
        cause: signal.reason,
      },
    );
  }
  await lock.assertHeld();
}

/**
 * umzug runs the migrations one after another and stops at the first that fails. Its storage writes nothing: each row of
 * the journal is written in the transaction of its script.
 */
async function flow(
  work: Work,
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
  direction: 'up' | 'down',
  run: (migration: Migration, began: number) => Promise<void>,
): Promise<void> {
  const names = migrations.map(({ name }) => name);
  const runnable = migrations.map((migration): RunnableMigration<object> => {
    const { number, name } = migration;
    const once = async () => {
      await work.checkpoint();
      const began = performance.now();
      work.onMigration({ number, name, durationMs: 0 }, direction, 'start');
      await run(migration, began);
      work.onMigration({ number, name, durationMs: elapsed(began) }, direction, 'done');
    };
    return { name, path: migration[direction].path, up: once, down: once };
  });
  const umzug = new Umzug({
    migrations: runnable,
    logger: undefined,
    storage: {
      executed: () => Promise.resolve(applied.map(({ name }) => name)),
      logMigration: () => Promise.resolve(),
      unlogMigration: () => Promise.resolve(),
    },
  });
  try {
    await (direction === 'up' ? umzug.up({ migrations: names }) : umzug.down({ migrations: names }));
  } catch (error) {
    // umzug wraps: the script's own error says file, line and column
    throw error instanceof Error && error.name === 'MigrationError' ? error.cause : error;
  }
}

function elapsed(began: number): number {
  return Math.round(performance.now() - began);
}
