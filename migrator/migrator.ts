import { Umzug } from 'umzug';
import type { RunnableMigration } from 'umzug';

import type { Engine, Session } from '../engine/index.js';
import { dropProcedures, restoreReplaced, syncProcedures } from './apply-procedures.js';
import { backupBefore } from './backup.js';
import { MigratorError } from './errors.js';
import type { MigratorEvent, OnProgress, ProcedureChange } from './events.js';
import { recordFailure } from './failures.js';
import type { ScriptRun } from './failures.js';
import { decide, findForeign } from './foreign-objects.js';
import type { Choice } from './foreign-objects.js';
import { applyGrants, grantText } from './grants.js';
import type { GrantChange } from './grants.js';
import { deleteMigration, insertMigration, readJournal } from './journal.js';
import type { AppliedMigration, Author } from './journal.js';
import type { LockHolder } from './holder.js';
import { withLock } from './lock.js';
import type { HeldLock } from './lock.js';
import { readMigrations } from './migration-files.js';
import type { Migration } from './migration-files.js';
import { runOutside } from './outside-transaction.js';
import { discrepancies, levelOf, planDown, planUp, refuseDiscrepancies } from './plan.js';
import type { UpRequest } from './plan.js';
import { readPrevious } from './previous-objects.js';
import { readProcedures } from './procedure-files.js';
import type { ProcedureFile } from './procedure-files.js';
import { runsOutsideTransaction } from './script-header.js';
import { prepareTransaction, runScript } from './script.js';
import { deleteSteps, readSteps, refuseHalfDone } from './steps.js';

export interface MigrationRun {
  readonly number: number;
  readonly name: string;
  readonly durationMs: number;
}

export interface RunResult {
  /** In the order in which they were applied or reverted. */
  readonly migrations: readonly MigrationRun[];
  readonly procedures: readonly ProcedureChange[];
  /** Grants that `up` found missing or undeclared, and put right. */
  readonly grants: readonly GrantChange[];
  /** The highest applied number now, 0 for none. */
  readonly level: number;
}

export interface Settings {
  readonly engine: Engine;
  readonly migrationsDirs: readonly string[];
  readonly proceduresDirs: readonly string[];
  /** How long to wait for another migrator. */
  readonly waitMs: number;
  /** How long a script's statement may wait for a lock on a table; as the server has it when left out. */
  readonly lockTimeoutMs: number | undefined;
  readonly author: Author;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: OnProgress;
}

/** What `up` is asked for, with what to do about objects that are there and not in the journal. */
export interface ApplyRequest extends UpRequest {
  /** Keep those objects until their files change. */
  readonly adopt?: Choice | undefined;
  /** Save those objects and put the files in their place. */
  readonly replace?: Choice | undefined;
}

/** Applies what is pending, then the changed procedures. What succeeded before a failure stays. */
export async function runUp(settings: Settings, request: ApplyRequest): Promise<RunResult> {
  const files = readFiles(settings);
  return await locked(settings, async (work) => {
    const { engine, author, lockTimeoutMs } = settings;
    const before = await readJournal(engine);
    refuseDiscrepancies(discrepancies(files.migrations, before.migrations));
    refuseHalfDone(await readSteps(engine), 'up');
    const pending = planUp(files.migrations, before.migrations, request, author.version);
    const level = levelOf(before.migrations);
    const target = Math.max(level, ...pending.map(({ number }) => number));
    const wanted = files.procedures.filter(({ since }) => since <= target);
    const decisions = decide(await findForeign(engine, wanted, before.procedures), files.procedures, request);
    await flow(work, pending, before.migrations, 'up', async (migration, began) => {
      const { number, name, up, down, verify } = migration;
      const record = async (session: Session): Promise<void> => {
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
        await deleteSteps(session, number, 'up');
      };
      const backup = (session: Session): Promise<void> =>
        backupBefore(session, up, { name, part: 'up' }, author, work.signal);
      if (runsOutsideTransaction(up)) {
        // a retry would copy what is half changed
        if (!(await readSteps(engine)).some((step) => step.number === number && step.part === 'up')) {
          await engine.transaction(backup);
        }
        await runOutside({ ...settings, ...work }, migration, 'up');
        await engine.transaction(record);
        return;
      }
      await engine.transaction(async (session) => {
        await prepareTransaction(session, lockTimeoutMs);
        await backup(session);
        await runScript(session, up, work.signal);
        await record(session);
      });
    });
    const after = await readJournal(engine);
    await syncProcedures(
      { ...settings, ...work, decisions, onChange: work.onProcedure },
      files.procedures,
      after.procedures,
      levelOf(after.migrations),
    );
    for (const change of await applyGrants(engine, files, author, work.checkpoint, lockTimeoutMs)) {
      work.onGrant(change);
    }
    return levelOf(after.migrations);
  });
}

/** Reverts one migration, or all above `to`, each with the procedures that need it, in one transaction. */
export async function runDown(settings: Settings, to: number | undefined): Promise<RunResult> {
  const files = readFiles(settings);
  return await locked(settings, async (work) => {
    const { engine, author, lockTimeoutMs } = settings;
    const before = await readJournal(engine);
    refuseDiscrepancies(discrepancies(files.migrations, before.migrations));
    refuseHalfDone(await readSteps(engine), 'down');
    const reverted = planDown(files.migrations, before.migrations, to);
    const previous = await readPrevious(engine);
    let procedures = before.procedures;
    await flow(work, reverted, before.migrations, 'down', async (migration, began) => {
      const { number, name, down } = migration;
      const homeless = procedures.filter(({ since }) => since >= number);
      const changes: ProcedureChange[] = [];
      const drop = async (session: Session): Promise<void> => {
        changes.push(...(await dropProcedures(session, homeless, files.procedures, previous, author)));
      };
      const record = async (session: Session): Promise<void> => {
        // an earlier run may have dropped them already
        const back = [...previous.values()].filter(({ since }) => since >= number);
        changes.push(...(await restoreReplaced(session, back, previous, author)));
        await work.checkpoint();
        await deleteMigration(
          session,
          { number, name, checksum: down.checksum, durationMs: elapsed(began) },
          author,
        );
        await deleteSteps(session, number, 'down');
      };
      const backup = (session: Session): Promise<void> =>
        backupBefore(session, down, { name, part: 'down' }, author, work.signal);
      if (runsOutsideTransaction(down)) {
        const retried = (await readSteps(engine)).some(
          (step) => step.number === number && step.part === 'down',
        );
        await engine.transaction(async (session) => {
          await prepareTransaction(session, lockTimeoutMs);
          if (!retried) await backup(session);
          await drop(session);
        });
        await runOutside({ ...settings, ...work }, migration, 'down');
        await engine.transaction(record);
      } else {
        await engine.transaction(async (session) => {
          await prepareTransaction(session, lockTimeoutMs);
          await backup(session);
          await drop(session);
          await runScript(session, down, work.signal);
          await record(session);
        });
      }
      procedures = procedures.filter(({ since }) => since < number);
      for (const [key, { since }] of previous) if (since >= number) previous.delete(key);
      for (const change of changes) work.onProcedure(change);
    });
    return levelOf((await readJournal(engine)).migrations);
  });
}

export function readFiles(settings: Pick<Settings, 'engine' | 'migrationsDirs' | 'proceduresDirs'>): {
  migrations: Migration[];
  procedures: ProcedureFile[];
} {
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
  readonly onGrant: (change: GrantChange) => void;
  /** Runs one script; when it fails, that is recorded, unless somebody stopped it. */
  readonly recorded: <T>(run: ScriptRun, work: () => Promise<T>) => Promise<T>;
}

/** Runs `work` under the migrator's lock, without a record of its own. */
export async function underLock<T>(settings: Settings, work: (lock: HeldLock) => Promise<T>): Promise<T> {
  const { engine, author, signal, onProgress, waitMs } = settings;
  const onWaiting = (holder: LockHolder | undefined) => {
    onProgress({ kind: 'waiting', holder });
  };
  return await withLock(engine, { timeoutMs: waitMs, author, signal, onWaiting }, work);
}

async function locked(settings: Settings, run: (work: Work) => Promise<number>): Promise<RunResult> {
  const { engine, author, signal, onProgress } = settings;
  return await underLock(settings, async (lock) => {
    const migrations: MigrationRun[] = [];
    const procedures: ProcedureChange[] = [];
    const grants: GrantChange[] = [];
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
      onGrant: (change) => {
        grants.push(change);
        onProgress(grantEvent(change));
      },
      recorded: async (script, work) => {
        const began = performance.now();
        try {
          return await work();
        } catch (error) {
          if (signal?.aborted !== true) {
            await recordFailure(engine, script, error, elapsed(began), author).catch((second: unknown) => {
              // what failed first is what matters
              const message = `the failure could not be recorded in the journal: ${(second as Error).message}`;
              onProgress({ kind: 'warning', message });
            });
          }
          throw error;
        }
      },
    });
    return { migrations, procedures, grants, level };
  });
}

/** Also for `applyGrants` on its own. */
export function grantEvent(change: GrantChange): MigratorEvent {
  const { state, statement, failed } = change;
  const grant = grantText(change);
  if (failed === undefined)
    return { kind: 'grant', action: state === 'missing' ? 'granted' : 'revoked', grant };
  return {
    kind: 'warning',
    message: `${grant} is ${state === 'missing' ? 'missing' : 'more than the files grant'}, and this login cannot put it right (${failed}): have the owner run: ${statement}`,
  };
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
      const script = { part: direction, number, name, file: migration[direction] };
      await work.recorded(script, () => run(migration, began));
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
