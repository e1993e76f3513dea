import type { Session, SqlValue } from '../engine/index.js';
import { builder, now, runQuery } from './builder.js';
import { hasTables, journalSchema } from './journal-schema.js';
import type { Author } from './journal.js';

/** Who holds the migrator's lock, from the row it left in carril.Bloqueo. */
export interface LockHolder {
  readonly user: string;
  readonly host: string;
  /** Of the operating system, on that host. */
  readonly pid: number;
  /** The server's number of the session that holds the lock. */
  readonly session: number;
  readonly since: Date;
  readonly version: string;
}

export async function readHolder(session: Session): Promise<LockHolder | undefined> {
  if (!(await hasTables(session, ['Bloqueo']))) return undefined;
  const knex = builder(session.dialect);
  const [row] = await runQuery(
    session,
    knex.withSchema(journalSchema).table('Bloqueo').select('*').orderBy('desde', 'desc'),
  );
  if (row === undefined) return undefined;
  return {
    user: String(row['poseedor']),
    host: String(row['host']),
    pid: Number(row['pid']),
    session: Number(row['sesion']),
    since: row['desde'] as Date,
    version: String(row['version']),
  };
}

/** Replaces whatever row a killed holder left. */
export async function writeHolder(
  session: Session,
  holder: { readonly token: string; readonly session: number } & Author,
): Promise<void> {
  const knex = builder(session.dialect);
  await runQuery(session, knex.withSchema(journalSchema).table('Bloqueo').delete());
  const row: Record<string, SqlValue | ReturnType<typeof now>> = {
    ficha: holder.token,
    poseedor: holder.user.slice(0, 200),
    host: holder.host.slice(0, 200),
    pid: process.pid,
    sesion: holder.session,
    desde: now(session.dialect),
    version: holder.version.slice(0, 50),
  };
  await runQuery(session, knex.withSchema(journalSchema).table('Bloqueo').insert(row));
}

export async function clearHolder(session: Session, token: string): Promise<void> {
  const knex = builder(session.dialect);
  await runQuery(session, knex.withSchema(journalSchema).table('Bloqueo').where({ ficha: token }).delete());
}

/** `ana@host7, process 4711, since 2026-11-22T08:00:00.000Z`, for messages. */
export function describeHolder(holder: LockHolder): string {
  return `${holder.user}@${holder.host}, process ${holder.pid}, since ${holder.since.toISOString()}`;
}
