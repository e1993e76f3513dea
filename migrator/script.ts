import { ProcedureError } from '../engine/index.js';
import type { Dialect, Session } from '../engine/index.js';
import { MigratorError, ScriptError } from './errors.js';
import { batchesFor } from './online-index.js';
import { SplitError, splitBatches } from './splitter.js';
import type { Batch } from './splitter.js';
import type { SqlFile } from './sql-file.js';
import { splitStatements } from './statements-postgres.js';

/** A script's round trips: what GO separates in T-SQL, the statements in PostgreSQL. */
export function batchesOf(file: SqlFile, dialect: Dialect): readonly Batch[] {
  try {
    return dialect === 'postgres' ? splitStatements(file.text) : splitBatches(file.text);
  } catch (error) {
    if (!(error instanceof SplitError)) throw error;
    throw new ScriptError(error.message, { file: file.shown, line: error.line, column: error.column });
  }
}

/**
 * Runs a script in the session's transaction and leaves the session as the login's own again, so that the journal is
 * written by whom it belongs to.
 * @throws ScriptError that names file, line and column
 */
export async function runScript(session: Session, file: SqlFile, signal?: AbortSignal): Promise<void> {
  const { dialect } = session;
  const batches = batchesOf(file, dialect);
  const transaction = await transactionMark(session);
  for (const [index, batch] of batches.entries()) await runBatch(session, file, batch, index + 1, signal);
  if ((await transactionMark(session).catch(nothing)) !== transaction) {
    throw new ScriptError(
      'the script ended the transaction that carril runs it in (COMMIT or ROLLBACK?): what it did before may stand. ' +
        'Look at the database, take the statement out and run it again',
      { file: file.shown },
    );
  }
  if (dialect === 'postgres') await session.batch('RESET ROLE');
}

/**
 * Runs one batch of a script, as often as its GO says.
 * @param number which one it is, 1-based
 * @throws ScriptError that names file, line and column
 */
export async function runBatch(
  session: Session,
  file: SqlFile,
  batch: Batch,
  number: number,
  signal?: AbortSignal,
): Promise<void> {
  const [{ text } = batch] = await batchesFor(session, [batch]);
  for (let time = 0; time < batch.count; time += 1) {
    signal?.throwIfAborted();
    try {
      // a script may run for hours: only Ctrl-C and the server end it
      await session.batch(text, signal === undefined ? { timeoutMs: 0 } : { timeoutMs: 0, signal });
    } catch (error) {
      throw located(error, file, batch, number, signal);
    }
  }
}

/**
 * Prepares a transaction for scripts: whatever limits the session has for short work do not hold here.
 * @param lockTimeoutMs how long a statement may wait for a lock on a table or row; as the server has it when left out
 */
export async function prepareTransaction(session: Session, lockTimeoutMs?: number): Promise<void> {
  if (session.dialect === 'sqlserver') {
    await session.batch('SET XACT_ABORT ON;');
  } else {
    await session.query(
      `SELECT set_config(name, '0', true) FROM pg_catalog.pg_settings
        WHERE name IN ('transaction_timeout', 'statement_timeout')`,
    );
  }
  if (lockTimeoutMs !== undefined) await limitLockWaits(session, lockTimeoutMs, 'LOCAL');
}

/** @param scope PostgreSQL's: the transaction or the session; SQL Server knows the session only, which is reset after use */
export async function limitLockWaits(
  session: Session,
  lockTimeoutMs: number,
  scope: 'LOCAL' | 'SESSION',
): Promise<void> {
  // for PostgreSQL 0 means for ever, for SQL Server not at all
  await session.batch(
    session.dialect === 'sqlserver'
      ? `SET LOCK_TIMEOUT ${lockTimeoutMs};`
      : `SET ${scope} lock_timeout = ${Math.max(1, lockTimeoutMs)}`,
  );
}

/** Tells one transaction from the next. */
async function transactionMark(session: Session): Promise<string> {
  const [row] = await session.query(
    session.dialect === 'postgres' ? 'SELECT pg_current_xact_id()::text AS n' : 'SELECT @@TRANCOUNT AS n',
  );
  return String(row?.['n']);
}

function located(
  error: unknown,
  file: SqlFile,
  batch: Batch,
  number: number,
  signal: AbortSignal | undefined,
): unknown {
  // the reason for aborting (Ctrl-C, the lost lock) says more than that a statement was cancelled
  if (signal?.aborted === true) return signal.reason instanceof MigratorError ? signal.reason : error;
  if (!(error instanceof ProcedureError)) return error;
  const { procedure } = error;
  const elsewhere = procedure !== undefined && !defines(batch.text, procedure);
  const message =
    elsewhere && error.line !== undefined
      ? `${error.message} (${procedure}, its line ${error.line})`
      : error.message;
  const start = batch.column ?? 1;
  const inFile = elsewhere ? undefined : error.line;
  // without a place of its own (PostgreSQL gives one to what it cannot parse or resolve only): where the batch begins
  const line = batch.line + (inFile ?? 1) - 1;
  const column = inFile === undefined ? start : inFile === 1 ? shifted(error.column, start) : error.column;
  const advice =
    error.code === 'LOCK_TIMEOUT' && error.number < 50_000
      ? '. Somebody else uses what this statement needs: try again in a quieter moment, or wait longer (--lock-timeout)'
      : '';
  const statement = { number, text: batch.text };
  return new ScriptError(
    `${message}${advice}`,
    { file: file.shown, line, column, statement },
    { cause: error },
  );
}

/** The batch's first line may begin in the middle of the file's. */
function shifted(column: number | undefined, start: number): number | undefined {
  return column === undefined ? undefined : column + start - 1;
}

/** SQL Server counts lines from the CREATE's batch when it names the procedure that is being created, else from that procedure's own. */
function defines(text: string, procedure: string): boolean {
  const name = /\w+$/.exec(procedure.replaceAll(/[[\]"]/g, ''))?.[0];
  if (name === undefined) return false;
  return new RegExp(
    `\\b(?:CREATE|ALTER)\\s+(?:OR\\s+(?:ALTER|REPLACE)\\s+)?(?:PROC|PROCEDURE|FUNCTION|VIEW|TRIGGER)\\s+[\\w.[\\]"]*\\b${name}\\b`,
    'i',
  ).test(text);
}

function nothing(): undefined {
  return undefined;
}
