import type { Knex } from 'knex';

import { ProcedureError } from '../engine/index.js';
import type { Dialect, Engine, Session } from '../engine/index.js';
import { builder, now, runQuery, runSchema } from './builder.js';
import { MigratorError } from './errors.js';

/** The schema of the journal's tables. They are the migrator's own: no migration makes, changes or drops them. */
export const journalSchema = 'carril';

/** Raised when the tables change; kept in carril.Base under `diario`. */
const journalVersion = '1';

type Define = (table: Knex.CreateTableBuilder, instant: (name: string) => Knex.ColumnBuilder) => void;

const who: Define = (table) => {
  table.string('usuario', 200).notNullable();
  table.string('login', 200).notNullable();
  table.string('equipo', 200).notNullable();
  table.string('version', 50).notNullable();
};

const tables: Readonly<Record<string, Define>> = {
  // one row a migration that stands; estado BASE: declared by a baseline, not run
  Migraciones: (table, instant) => {
    table.integer('numero').notNullable().primary({ constraintName: 'PK_Migraciones' });
    table.string('nombre', 200).notNullable();
    table.specificType('checksum', 'char(64)').notNullable();
    table.specificType('checksum_down', 'char(64)').notNullable();
    table.specificType('checksum_verify', 'char(64)').notNullable();
    table.string('estado', 20).notNullable();
    table.boolean('fuera_de_orden').notNullable();
    instant('aplicada_en').notNullable();
    table.integer('duracion_ms').notNullable();
    who(table, instant);
  },
  Procedimientos: (table, instant) => {
    table.string('nombre', 256).notNullable().primary({ constraintName: 'PK_Procedimientos' });
    table.specificType('checksum', 'char(64)').notNullable();
    table.integer('desde').notNullable();
    instant('aplicado_en').notNullable();
    table.integer('duracion_ms').notNullable();
    who(table, instant);
  },
  // who holds the session lock; the lock decides, the row only names
  Bloqueo: (table, instant) => {
    table.string('ficha', 36).notNullable().primary({ constraintName: 'PK_Bloqueo' });
    table.string('poseedor', 200).notNullable();
    table.string('host', 200).notNullable();
    table.integer('pid').notNullable();
    table.integer('sesion').notNullable();
    instant('desde').notNullable();
    table.string('version', 50).notNullable();
  },
  Base: (table, instant) => {
    table.string('clave', 100).notNullable().primary({ constraintName: 'PK_Base' });
    table.string('valor', 2000).nullable();
    instant('cambiado_en').notNullable();
  },
};

/** Whether the journal's tables are there. */
export async function hasJournal(session: Session): Promise<boolean> {
  return (await missingTables(session)).length === 0;
}

/**
 * Creates the journal's schema and tables where they are missing. Safe beside others that do the same.
 * @throws MigratorError when a newer carril has changed the tables
 */
export async function ensureJournal(engine: Engine): Promise<void> {
  for (let attempt = 1; !(await hasJournal(engine)); attempt += 1) {
    try {
      await engine.transaction(async (session) => {
        await create(session, await missingTables(session));
      });
    } catch (error) {
      if (attempt === 5 || !madeByAnother(error)) throw error;
    }
  }
  const { dialect } = engine;
  const [row] = await runQuery(
    engine,
    builder(dialect).withSchema(journalSchema).table('Base').select('valor').where({ clave: 'diario' }),
  );
  if (Number(row?.['valor']) > Number(journalVersion)) {
    throw new MigratorError(
      'JOURNAL_NEWER',
      `a newer carril has migrated this database (journal version ${String(row?.['valor'])}): update carril`,
    );
  }
}

/** CREATE … IF NOT EXISTS fails too when two sessions create at once: what somebody else made is there at the next look. */
function madeByAnother(error: unknown): boolean {
  if (!(error instanceof ProcedureError)) return false;
  const { sqlState, number, retryable } = error;
  return (
    retryable ||
    ['42P06', '42P07', '42710', '23505'].includes(sqlState ?? '') ||
    [2714, 2759, 2627].includes(number)
  );
}

async function missingTables(session: Session): Promise<string[]> {
  const names = Object.keys(tables)
    .map((name) => `(N'${name}')`)
    .join(', ');
  // to_regclass would do, but for what a session remembers of names that were missing a moment ago
  const rows = await session.query(
    session.dialect === 'sqlserver'
      ? // by name: a look through sys.tables waits for the tables that another session is creating just now
        `SELECT v.name AS name FROM (VALUES ${names}) AS v (name)
          WHERE OBJECT_ID(CONCAT(N'${journalSchema}.', v.name), N'U') IS NOT NULL`
      : `SELECT c.relname::text AS name FROM pg_catalog.pg_class c
           JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname = '${journalSchema}' AND c.relkind = 'r'`,
  );
  const there = new Set(rows.map((row) => String(row['name']).toLowerCase()));
  return Object.keys(tables).filter((name) => !there.has(name.toLowerCase()));
}

async function create(session: Session, missing: readonly string[]): Promise<void> {
  const { dialect } = session;
  const knex = builder(dialect);
  // knex knows CREATE SCHEMA for PostgreSQL only
  if (!(await hasSchema(session))) await session.batch(`CREATE SCHEMA ${journalSchema}`);
  for (const name of missing) {
    const define = tables[name];
    const schema = knex.schema.withSchema(journalSchema).createTable(name, (table) => {
      define?.(table, (column) => table.specificType(column, instantType(dialect)));
    });
    await runSchema(session, schema);
  }
  if (missing.includes('Base')) {
    const row = { clave: 'diario', valor: journalVersion, cambiado_en: now(dialect) };
    await runQuery(session, knex.withSchema(journalSchema).table('Base').insert(row));
  }
}

async function hasSchema(session: Session): Promise<boolean> {
  const rows = await session.query(
    session.dialect === 'sqlserver'
      ? `SELECT 1 AS n FROM sys.schemas WHERE name = N'${journalSchema}'`
      : `SELECT 1 AS n FROM pg_catalog.pg_namespace WHERE nspname = '${journalSchema}'`,
  );
  return rows.length > 0;
}

function instantType(dialect: Dialect): string {
  return dialect === 'sqlserver' ? 'datetime2(3)' : 'timestamptz(3)';
}
