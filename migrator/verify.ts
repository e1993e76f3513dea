import { ProcedureError } from '../engine/index.js';
import type { Engine } from '../engine/index.js';
import { MigratorError } from './errors.js';
import { readJournal } from './journal.js';
import { readMigrations } from './migration-files.js';
import type { Migration } from './migration-files.js';
import { discrepancies } from './plan.js';
import { prepareTransaction, runScript } from './script.js';

export interface Verification {
  readonly number: number;
  readonly name: string;
  readonly ok: boolean;
  readonly durationMs: number;
  /** Why not: what the script found missing, or how it failed. */
  readonly message: string | undefined;
  /** 50422 when the script raised it; else the error's own number, 0 for none. */
  readonly errorNumber: number | undefined;
}

/** Thrown to leave a transaction without committing it. */
class Enough extends Error {}

/**
 * Runs the verify script of every applied migration, each in a transaction that is rolled back, and reports all of them.
 * An applied migration whose file changed or vanished fails.
 */
export async function runVerify(
  engine: Engine,
  migrationsDirs: readonly string[],
  signal?: AbortSignal,
): Promise<Verification[]> {
  const files = readMigrations(migrationsDirs, engine.dialect);
  const byNumber = new Map(files.map((file) => [file.number, file]));
  const { migrations } = await readJournal(engine);
  const found = discrepancies(files, migrations);
  const report: Verification[] = [];
  for (const { number, name } of migrations) {
    if (signal?.aborted === true) throw new MigratorError('INTERRUPTED', 'interrupted');
    const wrong = found.find((one) => one.number === number);
    const file = byNumber.get(number);
    const began = performance.now();
    let failure: { message: string; errorNumber: number } | undefined;
    if (wrong !== undefined || file === undefined) {
      failure = { message: wrong?.message ?? `${name} has no files`, errorNumber: 0 };
    } else {
      failure = await verifyOne(engine, file, signal);
    }
    report.push({
      number,
      name,
      ok: failure === undefined,
      durationMs: Math.round(performance.now() - began),
      message: failure?.message,
      errorNumber: failure?.errorNumber,
    });
  }
  return report;
}

/** Runs a verify script in a transaction that is rolled back; says what it found missing, or how it failed. */
export async function verifyOne(
  engine: Engine,
  migration: Migration,
  signal: AbortSignal | undefined,
): Promise<{ message: string; errorNumber: number } | undefined> {
  try {
    await engine.transaction(async (session) => {
      await prepareTransaction(session);
      if (session.dialect === 'postgres') await session.batch('SET TRANSACTION READ ONLY');
      await runScript(session, migration.verify, signal);
      throw new Enough();
    });
  } catch (error) {
    if (error instanceof Enough) return undefined;
    if (!(error instanceof MigratorError) || signal?.aborted === true) throw error;
    const errorNumber = error.cause instanceof ProcedureError ? error.cause.number : 0;
    return { message: error.message, errorNumber };
  }
  return undefined;
}
