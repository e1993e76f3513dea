import { randomBytes } from 'node:crypto';

import { connect } from '../../engine/index.js';
import type { ConnectionTarget, Engine } from '../../engine/index.js';
import { beforeClose } from './database.js';
import type { TestDatabase } from './database.js';
import { testServer } from './server.js';
import { waitUntil } from './wait.js';

/** The roles that the migrations make. */
export type Role = 'carril_app' | 'carril_carga' | 'carril_lector' | 'carril_dba';

/**
 * An engine logged in as a login made for it, which has that role and nothing else: what the role may not do, it may not
 * either. Closed, and its login dropped, when the database is closed.
 * @param role null: a login without any role
 */
export async function asRole(db: TestDatabase, role: Role | null): Promise<Engine> {
  const login = `carril_t_${randomBytes(6).toString('hex')}`;
  const password = `${randomBytes(18).toString('base64url')}aA1!`;
  const { engine: owner, dialect } = db;
  const server = await testServer();
  await owner.batch(
    dialect === 'sqlserver' ? createLogin(login, password, role) : createRole(login, password, role),
  );
  const engine = await connect(withLogin(server.direct(db.name), login, password), {
    appName: 'carril test',
    poolMax: 4,
  });
  beforeClose(db, async () => {
    await engine.close();
    if (dialect === 'sqlserver') await sessionsEnded(owner, login);
    await owner.batch(
      dialect === 'sqlserver'
        ? `DROP USER ${login}; DROP LOGIN ${login};`
        : `DROP OWNED BY ${login}; DROP ROLE ${login};`,
    );
  });
  return engine;
}

function createRole(login: string, password: string, role: Role | null): string {
  return `CREATE ROLE ${login} LOGIN PASSWORD '${password}'${role === null ? '' : ` IN ROLE ${role}`};`;
}

function createLogin(login: string, password: string, role: Role | null): string {
  return (
    `CREATE LOGIN ${login} WITH PASSWORD = N'${password}'; CREATE USER ${login} FOR LOGIN ${login};` +
    (role === null ? '' : ` ALTER ROLE ${role} ADD MEMBER ${login};`)
  );
}

/** A login that is logged in cannot be dropped, and closing a connection does not wait for the server. */
async function sessionsEnded(owner: Engine, login: string): Promise<void> {
  await waitUntil(`the sessions of ${login} have ended`, async () => {
    const [row] = await owner.query('SELECT COUNT(*) AS n FROM sys.dm_exec_sessions WHERE login_name = @p0', [
      login,
    ]);
    return Number(row?.['n']) === 0;
  });
}

function withLogin(target: ConnectionTarget, user: string, password: string): ConnectionTarget {
  if (target.kind === 'postgres') return { ...target, user, password };
  if (target.kind === 'sqlserver') return { ...target, authentication: { type: 'default', user, password } };
  throw new Error('an embedded target has one login: use the direct one');
}
