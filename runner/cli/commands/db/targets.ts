import { setTimeout as sleep } from 'node:timers/promises';

import { ProcedureError, UsageError, describeTarget } from '../../../../engine/index.js';
import type { ConnectionTarget, EmbeddedTarget, Engine } from '../../../../engine/index.js';
import { defaultDatabase } from '../../../../engine/embedded/index.js';
import { openDatabase } from '../../open-database.js';

/** The database's name; an embedded one that is not named is the default one. */
export function databaseOf(target: ConnectionTarget): string {
  return target.kind === 'embedded' ? (target.database ?? defaultDatabase) : target.database;
}

/** The same server's own database, in which the others are created and dropped. */
export function maintenanceOf(target: ConnectionTarget): ConnectionTarget {
  return { ...target, database: target.kind === 'sqlserver' ? 'master' : 'postgres' };
}

/** @throws UsageError when the URL names another server than the embedded one */
export function embeddedOnly(target: ConnectionTarget, command: string): EmbeddedTarget {
  if (target.kind === 'embedded') return target;
  throw new UsageError(
    `${command} is for the embedded PostgreSQL, and the URL names ${describeTarget(target)}: ` +
      'that server is started and stopped by whoever runs it',
  );
}

/** Opens one connection to the server's own database, runs `work` and closes it. */
export async function withMaintenance<T>(
  target: ConnectionTarget,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const engine = await openDatabase(maintenanceOf(target), { appName: 'carril db', poolMax: 2 });
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}

/** As `withMaintenance`, trying again until `waitMs` have passed while the server is not there or not ready yet. */
export async function whenUp<T>(
  target: ConnectionTarget,
  waitMs: number,
  onWaiting: (error: Error) => void,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const deadline = performance.now() + waitMs;
  for (let told = false; ; told = true) {
    try {
      return await withMaintenance(target, work);
    } catch (error) {
      const left = deadline - performance.now();
      if (left <= 0 || !(error instanceof ProcedureError) || !isStarting(target, error)) throw error;
      if (!told) onWaiting(error);
      await sleep(Math.min(1_000, left));
    }
  }
}

/** A server that starts refuses connections, and SQL Server for a while also the logins that it has not read yet. */
function isStarting(target: ConnectionTarget, error: ProcedureError): boolean {
  if (error.code === 'CONNECTION' || error.code === 'TIMEOUT' || error.sqlState === '57P03') return true;
  return target.kind === 'sqlserver' && error.code === 'LOGIN';
}

/** A name for SQL text: a database's name cannot be a parameter of CREATE DATABASE. */
export function quoteName(engine: Engine, name: string): string {
  return engine.dialect === 'sqlserver'
    ? `[${name.replaceAll(']', ']]')}]`
    : `"${name.replaceAll('"', '""')}"`;
}

export async function databaseExists(engine: Engine, name: string): Promise<boolean> {
  const rows = await engine.query(
    engine.dialect === 'sqlserver'
      ? 'SELECT 1 AS n FROM sys.databases WHERE name = @p0'
      : 'SELECT 1 AS n FROM pg_catalog.pg_database WHERE datname = $1',
    [name],
  );
  return rows.length > 0;
}

/**
 * Creates a database, in SQL Server with row versioning (RCSI), so that readers and lanes do not wait for each other.
 * False when there is one of that name already.
 */
export async function createDatabase(engine: Engine, name: string): Promise<boolean> {
  if (await databaseExists(engine, name)) return false;
  const quoted = quoteName(engine, name);
  try {
    if (engine.dialect === 'postgres') {
      await engine.batch(`CREATE DATABASE ${quoted} TEMPLATE template0 ENCODING 'UTF8'`);
      return true;
    }
    await createSqlServerDatabase(engine, quoted);
  } catch (error) {
    // somebody else was first
    if (error instanceof ProcedureError && (error.sqlState === '42P04' || error.number === 1801))
      return false;
    throw error;
  }
  // Azure SQL has it on from the start
  if (!(await hasRowVersions(engine, name)))
    await engine.batch(`ALTER DATABASE ${quoted} SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE`);
  return true;
}

/** 1807: each new database is a copy of `model`, which one that is being made beside it holds. */
async function createSqlServerDatabase(engine: Engine, quoted: string): Promise<void> {
  for (let left = 60; ; left -= 1) {
    try {
      await engine.batch(`CREATE DATABASE ${quoted}`);
      return;
    } catch (error) {
      if (left === 0 || !(error instanceof ProcedureError) || error.number !== 1807) throw error;
      await sleep(250 + Math.random() * 500);
    }
  }
}

/** Drops a database and ends the sessions in it. */
export async function dropDatabase(engine: Engine, name: string): Promise<void> {
  if (!(await databaseExists(engine, name))) return;
  const quoted = quoteName(engine, name);
  if (engine.dialect === 'postgres') {
    await engine.batch(`DROP DATABASE ${quoted} WITH (FORCE)`);
    return;
  }
  try {
    await engine.batch(`DROP DATABASE ${quoted}`);
  } catch (error) {
    // 3702: somebody is in it
    if (!(error instanceof ProcedureError) || error.number !== 3702) throw error;
    await engine.batch(
      `ALTER DATABASE ${quoted} SET SINGLE_USER WITH ROLLBACK IMMEDIATE; DROP DATABASE ${quoted};`,
    );
  }
}

/** SQL Server: does it keep row versions for readers (READ_COMMITTED_SNAPSHOT)? PostgreSQL always does. */
export async function hasRowVersions(engine: Engine, name: string): Promise<boolean> {
  if (engine.dialect === 'postgres') return true;
  const [row] = await engine.query(
    'SELECT is_read_committed_snapshot_on AS rcsi FROM sys.databases WHERE name = @p0',
    [name],
  );
  return row?.['rcsi'] === true;
}
