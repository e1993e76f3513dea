import { randomBytes } from 'node:crypto';
import { connect, parseUrl } from '../../engine/index.js';
import type { ConnectionTarget, ConnectOptions, Dialect, Engine } from '../../engine/index.js';
import { acquireEmbedded } from '../../engine/embedded/index.js';
import type { PostgresTarget, SqlServerTarget } from '../../engine/index.js';
import { createDatabase, dropDatabase } from '../../runner/cli/commands/db/targets.js';
import { testHome } from '../testing/server.js';

/** A new database on one engine, to be dropped by `close`. */
export interface EngineDatabase {
  readonly dialect: Dialect;
  readonly target: PostgresTarget | SqlServerTarget;
  open(options?: ConnectOptions & { target?: ConnectionTarget }): Promise<Engine>;
  close(): Promise<void>;
}

/** The engines to test: the embedded one always, SQL Server where `CARRIL_TEST_MSSQL` holds its URL. */
export async function engineDatabases(): Promise<EngineDatabase[]> {
  const databases = [await embeddedDatabase()];
  const url = process.env['CARRIL_TEST_MSSQL'];
  if (url !== undefined && url !== '') databases.push(await sqlServerDatabase(url));
  return databases;
}

/** Whether SQL Server is played by Babelfish, which differs here and there. */
export async function isBabelfish(engine: Engine): Promise<boolean> {
  if (engine.dialect !== 'sqlserver') return false;
  const [row] = await engine.query(
    "SELECT CAST(SERVERPROPERTY('BabelfishVersion') AS nvarchar(100)) AS Version",
  );
  return row?.['Version'] !== null;
}

async function embeddedDatabase(): Promise<EngineDatabase> {
  const server = await acquireEmbedded({ home: testHome() });
  const database = await created(server.target);
  return { ...database, close: () => database.close().finally(() => server.release()) };
}

async function sqlServerDatabase(url: string): Promise<EngineDatabase> {
  const target = parseUrl(url, { fromCommandLine: false });
  if (target.kind !== 'sqlserver') throw new Error('CARRIL_TEST_MSSQL takes a mssql:// URL');
  return created({ ...target, database: 'master' });
}

async function created(server: PostgresTarget | SqlServerTarget): Promise<EngineDatabase> {
  const name = `prueba_motor_${randomBytes(5).toString('hex')}`;
  const admin = await connect(server, { poolMax: 1 });
  await createDatabase(admin, name);
  const target = { ...server, database: name };
  const opened: Engine[] = [];
  return {
    dialect: admin.dialect,
    target,
    async open({ target: other = target, ...options } = {}) {
      const engine = await connect(other, options);
      opened.push(engine);
      return engine;
    },
    async close() {
      await Promise.all(opened.map((engine) => engine.close()));
      // the server may not have seen yet that the connections are closed
      await dropDatabase(admin, name);
      await admin.close();
    },
  };
}
