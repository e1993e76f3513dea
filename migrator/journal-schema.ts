import type { Knex } from 'knex';

import { ProcedureError } from '../engine/index.js';
import type { Dialect, Engine, Session } from '../engine/index.js';
import { builder, now, runQuery, runSchema } from './builder.js';
import { MigratorError } from './errors.js';

/** The schema of the journal's tables. They are the migrator's own: no migration makes, changes or drops them. */
export const journalSchema = 'carril';

/** Raised when the tables change; kept in carril.Base under `diario`. */
export const journalVersion = '1';

type Define = (
  table: Knex.CreateTableBuilder,
  instant: (name: string) => Knex.ColumnBuilder,
  counter: (name: string) => Knex.ColumnBuilder,
) => void;

const who = (table: Knex.CreateTableBuilder): void => {
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
    who(table);
  },
  Procedimientos: (table, instant) => {
    table.string('nombre', 256).notNullable().primary({ constraintName: 'PK_Procedimientos' });
    table.specificType('checksum', 'char(64)').notNullable();
    table.integer('desde').notNullable();
    instant('aplicado_en').notNullable();
    table.integer('duracion_ms').notNullable();
    who(table);
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
  // one row a table that was copied; `copia` is its copy in this schema
  Respaldos: (table, instant) => {
    table.string('nombre', 100).notNullable();
    table.string('tabla', 256).notNullable();
    table.string('copia', 256).notNullable();
    table.bigInteger('filas').notNullable();
    table.string('suma', 200).notNullable();
    table.text('columnas').notNullable();
    table.string('motivo', 200).notNullable();
    instant('creado_en').notNullable();
    who(table);
    table.primary(['nombre', 'tabla'], { constraintName: 'PK_Respaldos' });
  },
  Base: (table, instant) => {
    table.string('clave', 100).notNullable().primary({ constraintName: 'PK_Base' });
    table.string('valor', 2000).nullable();
    instant('cambiado_en').notNullable();
  },
  // what was done to migrations and procedures, one row an event, written in the transaction that did it
  Historia: (table, instant, counter) => {
    counter('id').notNullable().primary({ constraintName: 'PK_Historia' });
    table.string('suceso', 20).notNullable();
    table.string('clase', 20).notNullable();
    table.integer('numero').nullable();
    table.string('nombre', 256).notNullable();
    table.specificType('checksum', 'char(64)').nullable();
    table.integer('duracion_ms').notNullable();
    table.string('motivo', 2000).nullable();
    instant('en').notNullable();
    who(table);
  },
  // what failed, written on another connection than the one whose transaction was rolled back
  Fallos: (table, instant, counter) => {
    counter('id').notNullable().primary({ constraintName: 'PK_Fallos' });
    table.string('guion', 400).notNullable();
    table.specificType('checksum', 'char(64)').notNullable();
    table.string('parte', 20).notNullable();
    table.integer('numero').nullable();
    table.string('nombre', 256).notNullable();
    table.integer('sentencia').nullable();
    table.string('texto', 400).nullable();
    table.integer('linea').nullable();
    table.integer('columna').nullable();
    table.integer('error_numero').notNullable();
    table.string('error_estado', 5).nullable();
    table.string('mensaje', 4000).notNullable();
    table.integer('duracion_ms').notNullable();
    instant('en').notNullable();
    who(table);
  },
  // how far a script got that runs outside a transaction: one row a statement; estado EMPEZADA or TERMINADA
  Pasos: (table, instant) => {
    table.integer('numero').notNullable();
    table.string('parte', 10).notNullable();
    table.integer('sentencia').notNullable();
    table.string('estado', 20).notNullable();
    table.specificType('checksum', 'char(64)').notNullable();
    table.specificType('checksum_sentencia', 'char(64)').notNullable();
    table.string('texto', 400).notNullable();
    instant('en').notNullable();
    table.integer('duracion_ms').notNullable();
    who(table);
    table.primary(['numero', 'parte', 'sentencia'], { constraintName: 'PK_Pasos' });
  },
  // objects that were there before carril: accion ADOPTADA (left as it is) or REEMPLAZADA; open until cerrado_en
  Objetos_Previos: (table, instant, counter) => {
    counter('id').notNullable().primary({ constraintName: 'PK_Objetos_Previos' });
    table.string('nombre', 256).notNullable();
    table.string('accion', 20).notNullable();
    table.integer('desde').notNullable();
    table.text('guion').notNullable();
    table.specificType('checksum', 'char(64)').notNullable();
    instant('guardado_en').notNullable();
    instant('cerrado_en').nullable();
    who(table);
  },
};

/** Whether those of the journal's tables are there: an older carril, whose journal is read all the same, made fewer. */
export async function hasTables(session: Session, names: readonly string[]): Promise<boolean> {
  const missing = new Set(await missingTables(session));
  return !names.some((name) => missing.has(name));
}

/** Whether a migrator has been at work in the database. */
export async function hasJournal(session: Session): Promise<boolean> {
  return await hasTables(session, ['Migraciones']);
}

/**
 * Creates the journal's schema and tables where they are missing. Safe beside others that do the same.
 * @throws MigratorError when a newer carril has changed the tables
 */
export async function ensureJournal(engine: Engine): Promise<void> {
  for (let attempt = 1; (await missingTables(engine)).length > 0; attempt += 1) {
    try {
      await engine.transaction(async (session) => {
        await create(session, await missingTables(session));
      });
    } catch (error) {
      if (attempt === 5 || !madeByAnother(error)) throw explained(error);
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

/** The journal grows with carril's versions, and who migrates day by day need not be allowed to create in its schema. */
function explained(error: unknown): unknown {
  if (!(error instanceof ProcedureError) || error.code !== 'PERMISSION') return error;
  return new MigratorError(
    'JOURNAL_INCOMPLETE',
    `this login may not create the tables that carril keeps its journal in (schema ${journalSchema}): ${error.message}. ` +
      "Run `carril migrate up` once as the database's owner; from then on carril_dba is enough",
    { cause: error },
  );
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
  for (const name of missing) await runSchema(session, definition(dialect, name));
  if (missing.includes('Base')) {
    const row = { clave: 'diario', valor: journalVersion, cambiado_en: now(dialect) };
    await runQuery(session, knex.withSchema(journalSchema).table('Base').insert(row));
  }
  if (missing.includes('Historia') && !missing.includes('Migraciones')) await session.batch(carriedOver);
  if (dialect === 'postgres') await session.batch(grants(missing));
}

function definition(dialect: Dialect, name: string): Knex.SchemaBuilder {
  return builder(dialect)
    .schema.withSchema(journalSchema)
    .createTable(name, (table) => {
      tables[name]?.(
        table,
        (column) => table.specificType(column, instantType(dialect)),
        (column) => table.specificType(column, counterType(dialect)),
      );
    });
}

/** What an older carril applied, as far as its journal tells. */
const carriedOver = `INSERT INTO ${journalSchema}.Historia
    (suceso, clase, numero, nombre, checksum, duracion_ms, en, usuario, login, equipo, version)
  SELECT m.estado, 'MIGRACION', m.numero, m.nombre, m.checksum, m.duracion_ms, m.aplicada_en, m.usuario, m.login,
    m.equipo, m.version
  FROM ${journalSchema}.Migraciones AS m
  ORDER BY m.aplicada_en, m.numero;`;

/** 001 lets carril_dba write the tables of its day; SQL Server's grant is on the schema and needs no more. */
function grants(names: readonly string[]): string {
  const list = names.map((name) => `${journalSchema}.${name.toLowerCase()}`).join(', ');
  return `DO $permisos$ BEGIN
    IF to_regrole('carril_dba') IS NOT NULL AND has_schema_privilege('carril_dba', '${journalSchema}', 'USAGE') THEN
      GRANT SELECT, INSERT, UPDATE, DELETE ON ${list} TO carril_dba;
    END IF;
  END $permisos$;`;
}

/** What `ensureJournal` would run for each table, for a script that runs without carril. */
export function journalDdl(
  dialect: Dialect,
): { readonly table: string; readonly statements: readonly string[] }[] {
  return Object.keys(tables).map((name) => {
    const made = (definition(dialect, name).toSQL() as unknown as { sql: string }[]).map(({ sql }) => sql);
    if (name === 'Historia') made.push(carriedOver);
    if (dialect === 'postgres') made.push(grants([name]));
    return { table: name, statements: made.map((sql) => sql.replace(/;$/, '')) };
  });
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

/** An identity: unlike a serial's sequence, PostgreSQL asks for no permission on it. */
function counterType(dialect: Dialect): string {
  return dialect === 'sqlserver' ? 'bigint IDENTITY(1, 1)' : 'bigint GENERATED ALWAYS AS IDENTITY';
}
