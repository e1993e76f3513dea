import { setTimeout as sleep } from 'node:timers/promises';

import { ProcedureError } from '../engine/index.js';
import type { Engine, Session } from '../engine/index.js';
import { MigratorError, ScriptError } from './errors.js';
import type { OnProgress } from './events.js';
import type { Author } from './journal-author.js';
import type { Migration } from './migration-files.js';
import { batchesOf, limitLockWaits, runBatch } from './script.js';
import { tryScriptLock } from './session-lock.js';
import type { Batch } from './splitter.js';
import { checksumOf } from './sql-file.js';
import type { SqlFile } from './sql-file.js';
import { indexOf, isRepeatable, isSetting, needsTransaction } from './statement-kinds.js';
import { readSteps, writeStep } from './steps.js';
import type { Step } from './steps.js';

export interface OutsideContext {
  readonly engine: Engine;
  readonly author: Author;
  readonly lockTimeoutMs?: number | undefined;
  readonly signal: AbortSignal;
  readonly checkpoint: () => Promise<void>;
  readonly onProgress: OnProgress;
}

const pollMs = 200;

/**
 * Runs a script that cannot run in a transaction, statement by statement, each recorded before it begins and when it is
 * done, and goes on where an earlier run stopped. Its steps stay: they go with the row of the journal that says it is done.
 * @throws MigratorError `HALF_DONE` when the script changed on the way, or when nobody can tell how a statement ended
 */
export async function runOutside(
  context: OutsideContext,
  migration: Migration,
  part: 'up' | 'down',
): Promise<void> {
  const { engine, author, signal, onProgress } = context;
  const file = migration[part];
  const batches = batchesOf(file, engine.dialect);
  refuseTransactions(file, batches, engine);
  await engine.connection(async (session) => {
    await waitForOrphan(
      session,
      () => {
        onProgress({
          kind: 'step',
          phase: 'waiting',
          statement: 0,
          total: batches.length,
          name: migration.name,
        });
      },
      signal,
    );
    const steps = await stepsOf(engine, migration, part);
    refuseChanged(migration, file, batches, steps);
    await prepareSession(session, context.lockTimeoutMs);
    for (const [index, batch] of batches.entries()) {
      const statement = index + 1;
      const report = (phase: 'skipped' | 'cleaned' | 'done') => {
        onProgress({ kind: 'step', phase, statement, total: batches.length, name: migration.name });
      };
      if (isSetting(batch.text, engine.dialect)) {
        await runBatch(session, file, batch, statement, signal);
        continue;
      }
      const before = steps.get(statement);
      if (before?.state === 'done') {
        report('skipped');
        continue;
      }
      await context.checkpoint();
      const step = {
        number: migration.number,
        part,
        statement,
        checksum: file.checksum,
        statementChecksum: checksumOf(batch.text),
        text: batch.text,
      };
      const found = before === undefined ? 'again' : await settle(session, before, batch, file);
      if (found === 'cleaned') report('cleaned');
      if (found !== 'done') {
        await writeStep(engine, { ...step, state: 'begun' }, author);
        const began = performance.now();
        try {
          await runBatch(session, file, batch, statement, signal);
          await assertNoTransaction(session, file, batch, statement);
        } catch (error) {
          if (wasRefused(error)) await writeStep(engine, { ...step, state: 'failed' }, author);
          throw error;
        }
        const durationMs = Math.round(performance.now() - began);
        await writeStep(engine, { ...step, state: 'done', durationMs }, author);
      } else {
        await writeStep(engine, { ...step, state: 'done' }, author);
      }
      report('done');
    }
  });
}

async function stepsOf(
  engine: Engine,
  { number }: Migration,
  part: 'up' | 'down',
): Promise<Map<number, Step>> {
  const steps = await readSteps(engine);
  return new Map(
    steps
      .filter((step) => step.number === number && step.part === part)
      .map((step) => [step.statement, step]),
  );
}

/**
 * A migrator that was killed may have left its session at work on the server: what it is at counts, so it is waited for.
 */
async function waitForOrphan(session: Session, onWaiting: () => void, signal: AbortSignal): Promise<void> {
  for (let time = 0; !(await tryScriptLock(session)); time += 1) {
    if (time === 0) onWaiting();
    await sleep(pollMs, undefined, { signal });
  }
}

async function prepareSession(session: Session, lockTimeoutMs: number | undefined): Promise<void> {
  if (session.dialect === 'sqlserver') {
    await session.batch('SET XACT_ABORT ON;');
  } else {
    await session.query(
      `SELECT set_config(name, '0', false) FROM pg_catalog.pg_settings
        WHERE name IN ('transaction_timeout', 'statement_timeout')`,
    );
  }
  if (lockTimeoutMs !== undefined) await limitLockWaits(session, lockTimeoutMs, 'SESSION');
}

function refuseTransactions(file: SqlFile, batches: readonly Batch[], engine: Engine): void {
  for (const [index, batch] of batches.entries()) {
    const why = needsTransaction(batch.text, engine.dialect);
    if (why === undefined) continue;
    const statement = { number: index + 1, text: batch.text };
    throw new ScriptError(why, { file: file.shown, line: batch.line, column: batch.column ?? 1, statement });
  }
}

/** What was done stands for good, so the script that did it must be the one that goes on. */
function refuseChanged(
  migration: Migration,
  file: SqlFile,
  batches: readonly Batch[],
  steps: ReadonlyMap<number, Step>,
): void {
  const changed = [...steps.values()].find(({ checksum }) => checksum !== file.checksum);
  if (changed === undefined) return;
  const done = [...steps.values()].filter(({ state }) => state === 'done');
  const other = done.find(
    ({ statement, statementChecksum }) =>
      checksumOf(batches[statement - 1]?.text ?? '') !== statementChecksum,
  );
  const next = Math.max(0, ...done.map(({ statement }) => statement)) + 1;
  const repair = (at: number) =>
    `carril migrate repair --resume-at ${at} --migration ${migration.number} --reason …`;
  throw new MigratorError(
    'HALF_DONE',
    `${file.shown} was changed after ${done.length} of its statements had been run outside a transaction. ` +
      (other === undefined
        ? `Those are the same in the new text: put the old text back, or accept the new one and go on at statement ${next}: ${repair(next)}`
        : `Statement ${other.statement} is another now: put the old text back, or undo by hand what was done and begin anew: ${repair(1)}`),
  );
}

/** What became of a statement that an earlier run began: it is done, is to be run again, or left something that is gone now. */
async function settle(
  session: Session,
  before: Step,
  batch: Batch,
  file: SqlFile,
): Promise<'done' | 'again' | 'cleaned'> {
  const made = indexOf(batch.text, session.dialect);
  if (made !== undefined) {
    const found = await findIndex(session, made);
    if (found === undefined) return 'again';
    if (!found.valid) {
      await session.batch(`DROP INDEX CONCURRENTLY ${found.identity}`, { timeoutMs: 0 });
      return 'cleaned';
    }
    // one that the server refused to make is somebody else's
    return before.state === 'begun' ? 'done' : 'again';
  }
  if (before.state === 'failed' || isRepeatable(batch.text, session.dialect)) return 'again';
  const { number, statement } = before;
  throw new MigratorError(
    'HALF_DONE',
    `${file.shown}:${batch.line}: nobody knows whether statement ${statement} took effect, for the migrator was stopped while it ran. ` +
      `Look at the database, then say where to go on: carril migrate repair --resume-at ${statement + 1} --migration ${number} ` +
      `--reason … if it did, --resume-at ${statement} if it did not`,
  );
}

/** PostgreSQL leaves an invalid index when building one concurrently fails; SQL Server leaves none. */
async function findIndex(
  session: Session,
  { index, table }: { index: string; table: string },
): Promise<{ valid: boolean; identity: string } | undefined> {
  if (session.dialect === 'sqlserver') {
    const [row] = await session.query(
      `SELECT 1 AS n FROM sys.indexes AS i WHERE i.object_id = OBJECT_ID(@p0) AND QUOTENAME(i.name) = QUOTENAME(PARSENAME(@p1, 1))`,
      [table, index],
    );
    return row === undefined ? undefined : { valid: true, identity: index };
  }
  const [row] = await session.query(
    `SELECT i.indisvalid AND i.indisready AS valid, format('%I.%I', n.nspname, c.relname) AS identity
       FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE i.indrelid = to_regclass($1) AND c.relname = (parse_ident($2))[1]`,
    [table, index],
  );
  return row === undefined ? undefined : { valid: row['valid'] === true, identity: String(row['identity']) };
}

/** The server said no, so it knows how the statement ended; a lost connection or Ctrl-C does not say. */
function wasRefused(error: unknown): boolean {
  return (
    error instanceof ScriptError &&
    error.cause instanceof ProcedureError &&
    !['CONNECTION', 'TIMEOUT', 'CANCELLED'].includes(error.cause.code)
  );
}

/** SQL Server lets a batch end with its transaction open; the next one would be in it, and its record would lie. */
async function assertNoTransaction(
  session: Session,
  file: SqlFile,
  batch: Batch,
  number: number,
): Promise<void> {
  if (session.dialect !== 'sqlserver') return;
  const [row] = await session.query('SELECT @@TRANCOUNT AS n');
  if (Number(row?.['n']) === 0) return;
  throw new ScriptError(
    'this batch left a transaction open, which is rolled back: COMMIT it in the batch that began it',
    {
      file: file.shown,
      line: batch.line,
      column: batch.column ?? 1,
      statement: { number, text: batch.text },
    },
  );
}
