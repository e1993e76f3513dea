import { connect } from '../../engine/index.js';
import type { ConnectionTarget, ConnectOptions, Dialect, Engine } from '../../engine/index.js';
import {
  createDatabase,
  dropDatabase,
  quoteName,
  withMaintenance,
} from '../../runner/cli/commands/db/targets.js';
import { newName, removeLeftovers } from './names.js';
import { testServer } from './server.js';
import { migrate, migratedTemplate } from './template.js';

/** The part of a test's context (tap, node:test's `t.after` aside) that the fixture uses. */
export interface TestContext {
  readonly teardown: (run: () => Promise<void>) => void;
}

export interface FreshOptions {
  /** With the package's migrations and procedures in it; true when left out. */
  readonly migrated?: boolean;
  /** Folders of a site's own migrations and procedures, applied besides. */
  readonly migrationsDirs?: readonly string[];
  readonly proceduresDirs?: readonly string[];
  /** Of `engine`. */
  readonly connect?: ConnectOptions;
}

/** A database of its own, dropped at the end of the test file. */
export interface TestDatabase {
  readonly name: string;
  readonly dialect: Dialect;
  /** Logged in as the database's owner. */
  readonly engine: Engine;
  /** For `CARRIL_DATABASE_URL` of a child process; it may hold a password. */
  readonly url: string;
  /** Environment of a child process (`spawnCarril`) that is to work on this database. */
  readonly env: { readonly CARRIL_DATABASE_URL: string; readonly CARRIL_HOME: string };
  /** For another `connect` to the same database. */
  readonly target: ConnectionTarget;
  /** Closes the engine, ends every session and drops the database. Called by the test's teardown; twice is once. */
  close(): Promise<void>;
}

const closers = new WeakMap<TestDatabase, (() => Promise<void>)[]>();

/** Has `close` called before the database is closed, last come first. */
export function beforeClose(db: TestDatabase, close: () => Promise<void>): void {
  closers.get(db)?.push(close);
}

/**
 * Makes a new database and opens it. On PostgreSQL it is a copy of one that is migrated once for all test files, so that
 * it takes a fraction of a second; on SQL Server each is migrated.
 * @param t the test or, at a file's top, `tap` itself: the database is dropped when it ends
 */
export async function freshDatabase(t?: TestContext, options: FreshOptions = {}): Promise<TestDatabase> {
  const server = await testServer();
  const name = newName('t');
  const migrated = options.migrated ?? true;
  const base = server.target(name);
  await withMaintenance(base, async (admin) => {
    await removeLeftovers(admin);
    if (migrated && admin.dialect === 'postgres') {
      const template = await migratedTemplate(admin, server, options);
      await admin.batch(`CREATE DATABASE ${quoteName(admin, name)} TEMPLATE ${quoteName(admin, template)}`);
    } else await createDatabase(admin, name);
  });
  const engine = await openMigrated(base, name, options);

  const env = server.env(name);
  let closed: Promise<void> | undefined;
  const db: TestDatabase = {
    name,
    dialect: engine.dialect,
    engine,
    url: env.CARRIL_DATABASE_URL,
    env,
    target: base,
    close: () => {
      closed ??= close(db);
      return closed;
    },
  };
  closers.set(db, []);
  t?.teardown(() => db.close());
  return db;
}

/** Leaves nothing behind when it fails: not the database, and no connection that keeps the test file from ending. */
async function openMigrated(base: ConnectionTarget, name: string, options: FreshOptions): Promise<Engine> {
  let engine: Engine | undefined;
  try {
    engine = await connect(base, { appName: 'carril test', ...options.connect });
    if (options.migrated !== false && engine.dialect === 'sqlserver') await migrate(engine, options);
    return engine;
  } catch (error) {
    await engine?.close();
    await withMaintenance(base, (admin) => dropDatabase(admin, name));
    throw error;
  }
}

async function close(db: TestDatabase): Promise<void> {
  for (const before of (closers.get(db) ?? []).toReversed()) await before();
  await db.engine.close();
  await withMaintenance(db.target, (admin) => dropDatabase(admin, db.name));
}
