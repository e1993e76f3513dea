import { ProcedureError } from '../engine/index.js';
import type { Session } from '../engine/index.js';

/** One migrator at a time in a database: the name of the application lock; PostgreSQL hashes it to its 64-bit key. */
export const lockResource = 'carril:migrador';
/** Held by the session that runs a script outside a transaction: a killed migrator's may go on for a while. */
const scriptResource = 'carril:migrador:guion';
const keyFor = (name: string): string => `hashtextextended('${name}', 0)`;
const pgKey = keyFor(lockResource);
/** This database's locks on our key, in pg_locks' two halves. */
const pgHeld = `SELECT count(*)::int AS n FROM pg_catalog.pg_locks
  WHERE locktype = 'advisory' AND granted AND objsubid = 1
    AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
    AND ((classid::bigint << 32) | objid::bigint) = ${pgKey}`;

/**
 * Takes the lock for the session if nobody has it; never waits, so that the one who waits can be interrupted.
 * @throws ProcedureError when the server refuses for another reason than that somebody has it
 */
export async function tryLock(session: Session): Promise<boolean> {
  return await take(session, lockResource);
}

/** The same for the lock of the session that runs a script outside a transaction. */
export async function tryScriptLock(session: Session): Promise<boolean> {
  return await take(session, scriptResource);
}

async function take(session: Session, name: string): Promise<boolean> {
  if (session.dialect === 'postgres') {
    const [row] = await session.query(`SELECT pg_try_advisory_lock(${keyFor(name)}) AS taken`);
    return row?.['taken'] === true;
  }
  const [row] = await session.query(
    `DECLARE @codigo int;
     EXEC @codigo = sp_getapplock @Resource = N'${name}', @LockMode = N'Exclusive', @LockOwner = N'Session', @LockTimeout = 0;
     SELECT @codigo AS codigo;`,
  );
  const code = Number(row?.['codigo'] ?? Number.NaN);
  if (code === 0 || code === 1) return true;
  // -1 not in time, -3 chosen as a deadlock's victim: somebody has it, ask again
  if (code === -1 || code === -3) return false;
  throw new ProcedureError(
    code === -2
      ? 'taking the migrator lock was cancelled on the server'
      : `sp_getapplock answered ${code} for the migrator lock`,
    code === -2 ? { code: 'CANCELLED', number: 50499 } : { code: 'BAD_ARGUMENT', number: 50400 },
  );
}

/** Whether this very session holds the lock. */
export async function holdsLock(session: Session): Promise<boolean> {
  if (session.dialect === 'postgres') {
    const [row] = await session.query(`${pgHeld} AND pid = pg_backend_pid()`);
    return Number(row?.['n']) > 0;
  }
  const [row] = await session.query(`SELECT APPLOCK_MODE(N'public', N'${lockResource}', N'Session') AS modo`);
  return row?.['modo'] === 'Exclusive';
}

/** Whether any session holds the lock: tells a holder's row from one that a killed migrator left. */
export async function isLockTaken(session: Session): Promise<boolean> {
  if (session.dialect === 'postgres') {
    const [row] = await session.query(pgHeld);
    return Number(row?.['n']) > 0;
  }
  const [row] = await session.query(
    `SELECT APPLOCK_TEST(N'public', N'${lockResource}', N'Exclusive', N'Session') AS libre`,
  );
  return Number(row?.['libre']) === 0;
}

export async function unlock(session: Session): Promise<void> {
  await (session.dialect === 'postgres'
    ? session.query(`SELECT pg_advisory_unlock(${pgKey})`)
    : session.query(
        `DECLARE @codigo int; EXEC @codigo = sp_releaseapplock @Resource = N'${lockResource}', @LockOwner = N'Session';
         SELECT @codigo AS codigo;`,
      ));
}

/** The server's number of this session. */
export async function sessionNumber(session: Session): Promise<number> {
  const [row] = await session.query(
    session.dialect === 'postgres' ? 'SELECT pg_backend_pid() AS n' : 'SELECT @@SPID AS n',
  );
  return Number(row?.['n']);
}
