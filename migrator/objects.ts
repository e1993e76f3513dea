import type { Session } from '../engine/index.js';
import * as postgresText from './definition-postgres.js';
import * as sqlserverText from './definition-sqlserver.js';
import * as postgres from './objects-postgres.js';
import * as sqlserver from './objects-sqlserver.js';

/** A procedure, function, view or trigger in the database. */
export interface DatabaseObject {
  /** Tells it from another of the same name: PostgreSQL's class and oid, SQL Server's object id. */
  readonly id: string;
  /** `PROCEDURE`, `FUNCTION`, `VIEW`…: the word for DROP. */
  readonly kind: string;
  /** What DROP needs, quoted. */
  readonly identity: string;
}

/** What depends on an object, for the question whether it is ours to drop and make again. */
export interface Dependent {
  /** `schema.name` of a procedure, view or trigger; undefined for anything else (a default, an index, a policy). */
  readonly name: string | undefined;
  readonly description: string;
}

/** Every object of that `schema.name`: in PostgreSQL also all the functions that share it. */
export async function objectsNamed(session: Session, name: string): Promise<DatabaseObject[]> {
  return await (session.dialect === 'postgres' ? postgres : sqlserver).objectsNamed(session, name);
}

/** Every procedure, function, view and trigger: `schema.name` in lower case. */
export async function objectNames(session: Session): Promise<ReadonlySet<string>> {
  return new Set(await (session.dialect === 'postgres' ? postgres : sqlserver).objectNames(session));
}

/** A script that makes the object again, with owner and grants; undefined where the engine does not give its text. */
export async function definitionOf(session: Session, object: DatabaseObject): Promise<string | undefined> {
  return await (session.dialect === 'postgres' ? postgresText : sqlserverText).definitionOf(session, object);
}

/** What hangs on an object, directly or through others, as far as the engine records it. */
export async function dependentsOf(session: Session, object: DatabaseObject): Promise<Dependent[]> {
  // SQL Server binds late, and refuses by itself to drop what something schema-bound needs
  return session.dialect === 'postgres' ? await postgres.dependentsOf(session, object) : [];
}

/** Drops an object, in PostgreSQL with its dependents, which the caller has looked at; silent when it is gone already. */
export async function dropObject(session: Session, object: DatabaseObject): Promise<void> {
  await session.batch(
    `DROP ${object.kind} IF EXISTS ${object.identity}${session.dialect === 'postgres' ? ' CASCADE' : ''};`,
  );
}
