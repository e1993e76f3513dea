import { randomBytes } from 'node:crypto';

import { ProcedureError } from '../../engine/index.js';
import type { ConnectionTarget, Engine } from '../../engine/index.js';
import { createDatabase, dropDatabase, quoteName, withMaintenance } from './commands/db/targets.js';
import { CommandError } from './errors.js';
import { openDatabase } from './open-database.js';

/** What it is for; its database's name says so. */
export type Purpose = 'drift' | 'bench';

/** Another one that was begun longer ago, and that nobody is connected to, was left by a run that was killed. */
const staleSeconds = 600;

/**
 * Creates an empty database beside the target's, with its collation, runs `work` in it and drops it, however `work` ends.
 * @throws CommandError saying what to do, when the login may not create a database
 */
export async function withScratchDatabase<T>(
  target: ConnectionTarget,
  live: Engine,
  work: (scratch: Engine, where: ConnectionTarget) => Promise<T>,
  purpose: Purpose = 'drift',
): Promise<T> {
  const name = `carril_${purpose}_${Math.floor(Date.now() / 1000).toString(36)}_${randomBytes(5).toString('hex')}`;
  const collation = live.dialect === 'sqlserver' ? await sqlServerCollation(live) : undefined;
  await allowed(target, live, purpose, async (admin) => {
    await dropStale(admin, purpose);
    await createScratch(admin, name, collation);
  });
  try {
    const where = { ...target, database: name };
    const scratch = await openDatabase(where, { appName: 'carril scratch', poolMax: 4 });
    try {
      return await work(scratch, where);
    } finally {
      await scratch.close();
    }
  } finally {
    await withMaintenance(target, (admin) => dropDatabase(admin, name));
  }
}

async function allowed(
  target: ConnectionTarget,
  live: Engine,
  purpose: Purpose,
  work: (admin: Engine) => Promise<void>,
): Promise<void> {
  try {
    await withMaintenance(target, work);
  } catch (error) {
    if (!(error instanceof ProcedureError) || !['PERMISSION', 'LOGIN'].includes(error.code)) throw error;
    throw mayNot(live, error, purpose);
  }
}

/** The way out for a login that may not build what it wants to compare with, or to measure. */
export function mayNot(live: Engine, error: Error, purpose: Purpose = 'drift'): CommandError {
  const grant =
    live.dialect === 'postgres'
      ? 'ALTER ROLE … CREATEDB, and GRANT carril_dba TO it'
      : 'membership in dbcreator, or GRANT CREATE ANY DATABASE in master';
  if (purpose === 'bench') {
    return new CommandError(
      `what is measured runs in a scratch database beside this one, and this login may not create it (${error.message}): let it do ` +
        `that (${grant}), or take a server of your own, such as embedded:`,
      'PERMISSION',
    );
  }
  return new CommandError(
    'what the migrations add up to is found by applying them in a scratch database beside this one, and this login may not do ' +
      `that (${error.message}). Have somebody who may write it down once, \`carril migrate drift --manifest FILE\`, and ` +
      `compare with \`carril migrate drift --against FILE\`; or let this login do it: ${grant}`,
    'PERMISSION',
  );
}

/** In SQL Server a database's collation is its columns'; on Azure SQL the smallest one, as it is billed by the hour. */
async function createScratch(admin: Engine, name: string, collation: string | undefined): Promise<void> {
  if (collation === undefined) {
    await createDatabase(admin, name);
    return;
  }
  const [row] = await admin.query("SELECT CAST(SERVERPROPERTY('EngineEdition') AS int) AS edicion");
  const size = Number(row?.['edicion']) === 5 ? " (EDITION = 'Basic', SERVICE_OBJECTIVE = 'Basic')" : '';
  if (!/^\w+$/.test(collation)) throw new Error(`unexpected name of a collation: ${collation}`);
  await admin.batch(`CREATE DATABASE ${quoteName(admin, name)} COLLATE ${collation}${size}`, {
    timeoutMs: 0,
  });
}

async function sqlServerCollation(live: Engine): Promise<string> {
  const [row] = await live.query(
    "SELECT CAST(DATABASEPROPERTYEX(DB_NAME(), 'Collation') AS nvarchar(128)) AS intercalacion",
  );
  return String(row?.['intercalacion']);
}

async function dropStale(admin: Engine, purpose: Purpose): Promise<void> {
  const prefix = `carril_${purpose}_`;
  const rows = await admin.query(
    admin.dialect === 'sqlserver'
      ? `SELECT d.name AS name FROM sys.databases AS d WHERE LEFT(d.name, ${prefix.length}) = N'${prefix}'`
      : `SELECT datname::text AS name FROM pg_catalog.pg_database WHERE starts_with(datname::text, '${prefix}')`,
  );
  const now = Date.now() / 1000;
  for (const row of rows) {
    const name = String(row['name']);
    const seconds = /^carril_[a-z]+_([0-9a-z]+)_[0-9a-f]{10}$/.exec(name)?.[1];
    if (seconds === undefined || now - Number.parseInt(seconds, 36) < staleSeconds) continue;
    // without force: the server refuses while a slow run is still connected to it, or when it is another login's
    await admin.batch(`DROP DATABASE ${quoteName(admin, name)}`).catch(() => undefined);
  }
}
