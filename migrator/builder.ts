import knex from 'knex';
import type { Knex } from 'knex';

import type { Dialect, Row, Session, SqlValue } from '../engine/index.js';

const builders = new Map<Dialect, Knex>();

/**
 * knex as a writer of SQL, without a connection: our engine runs what it writes. Names are given as T-SQL spells them;
 * PostgreSQL's are written in lower case, as unquoted ones would be.
 */
export function builder(dialect: Dialect): Knex {
  let made = builders.get(dialect);
  if (made === undefined) {
    made =
      dialect === 'sqlserver'
        ? knex({ client: 'mssql' })
        : knex({ client: 'pg', wrapIdentifier: (name, original) => original(name.toLowerCase()) });
    builders.set(dialect, made);
  }
  return made;
}

/** Runs what knex built: one statement, its values as parameters. */
export async function runQuery(session: Session, query: Knex.QueryBuilder): Promise<Row[]> {
  const { sql, bindings } = query.toSQL().toNative();
  return await session.query(sql, bindings as readonly SqlValue[]);
}

/** Runs what knex's schema builder built: DDL, without values. */
export async function runSchema(session: Session, schema: Knex.SchemaBuilder): Promise<void> {
  for (const { sql, bindings } of schema.toSQL() as unknown as { sql: string; bindings?: unknown[] }[]) {
    if (bindings !== undefined && bindings.length > 0) throw new Error(`DDL with values: ${sql}`);
    await session.batch(sql);
  }
}

/** The server's own clock, as an expression for `insert`. */
export function now(dialect: Dialect): Knex.Raw {
  return builder(dialect).raw(dialect === 'sqlserver' ? 'SYSUTCDATETIME()' : 'clock_timestamp()');
}

/** Who is logged in, as the server has it. */
export function login(dialect: Dialect): Knex.Raw {
  return builder(dialect).raw(dialect === 'sqlserver' ? 'ORIGINAL_LOGIN()' : 'session_user');
}
