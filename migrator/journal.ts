import type { Knex } from 'knex';

import type { Row, Session } from '../engine/index.js';
import { builder, login, now, runQuery } from './builder.js';
import { hasJournal, journalSchema } from './journal-schema.js';

/** Who migrates, for the journal. */
export interface Author {
  /** The person at the machine; the database's login is recorded beside it. */
  readonly user: string;
  readonly host: string;
  /** carril's version. */
  readonly version: string;
}

/** A migration that stands in the database. */
export interface AppliedMigration {
  readonly number: number;
  readonly name: string;
  readonly checksums: { readonly up: string; readonly down: string; readonly verify: string };
  /** BASE: declared by a baseline; it was never run here and is never reverted. */
  readonly state: 'APLICADA' | 'BASE';
  /** A higher number stood already when it was applied. */
  readonly outOfOrder: boolean;
  readonly appliedAt: Date;
  readonly durationMs: number;
  readonly user: string;
  readonly login: string;
  readonly host: string;
  readonly version: string;
}

/** A procedure that the migrator put there. */
export interface AppliedProcedure {
  readonly name: string;
  readonly checksum: string;
  readonly since: number;
  readonly appliedAt: Date;
}

/** What the journal says of a database; empty where there is no journal yet. */
export interface JournalState {
  readonly migrations: readonly AppliedMigration[];
  readonly procedures: readonly AppliedProcedure[];
}

export async function readJournal(session: Session): Promise<JournalState> {
  if (!(await hasJournal(session))) return { migrations: [], procedures: [] };
  const migrations = await runQuery(session, table(session, 'Migraciones').select('*').orderBy('numero'));
  const procedures = await runQuery(session, table(session, 'Procedimientos').select('*').orderBy('nombre'));
  return { migrations: migrations.map(toMigration), procedures: procedures.map(toProcedure) };
}

/** To be called in the transaction that ran the script. */
export async function insertMigration(
  session: Session,
  migration: Pick<AppliedMigration, 'number' | 'name' | 'checksums' | 'state' | 'outOfOrder' | 'durationMs'>,
  author: Author,
): Promise<void> {
  const row = {
    numero: migration.number,
    nombre: migration.name,
    checksum: migration.checksums.up,
    checksum_down: migration.checksums.down,
    checksum_verify: migration.checksums.verify,
    estado: migration.state,
    fuera_de_orden: migration.outOfOrder,
    aplicada_en: now(session.dialect),
    duracion_ms: migration.durationMs,
    ...authorColumns(session, author),
  };
  await runQuery(session, table(session, 'Migraciones').insert(row));
}

/** To be called in the transaction that ran the down script. */
export async function deleteMigration(session: Session, number: number): Promise<void> {
  await runQuery(session, table(session, 'Migraciones').where({ numero: number }).delete());
}

/** Replaces the procedure's row; to be called in the transaction that created it. */
export async function writeProcedure(
  session: Session,
  procedure: Pick<AppliedProcedure, 'name' | 'checksum' | 'since'> & { readonly durationMs: number },
  author: Author,
): Promise<void> {
  await deleteProcedure(session, procedure.name);
  const row = {
    nombre: procedure.name,
    checksum: procedure.checksum,
    desde: procedure.since,
    aplicado_en: now(session.dialect),
    duracion_ms: procedure.durationMs,
    ...authorColumns(session, author),
  };
  await runQuery(session, table(session, 'Procedimientos').insert(row));
}

export async function deleteProcedure(session: Session, name: string): Promise<void> {
  const query = table(session, 'Procedimientos').whereRaw('lower(??) = ?', ['nombre', name.toLowerCase()]);
  await runQuery(session, query.delete());
}

function table(session: Session, name: string): Knex.QueryBuilder {
  return builder(session.dialect).withSchema(journalSchema).table(name);
}

function authorColumns(session: Session, author: Author): Record<string, string | Knex.Raw> {
  return {
    usuario: author.user.slice(0, 200),
    login: login(session.dialect),
    equipo: author.host.slice(0, 200),
    version: author.version.slice(0, 50),
  };
}

function toMigration(row: Row): AppliedMigration {
  return {
    number: Number(row['numero']),
    name: String(row['nombre']),
    checksums: {
      up: String(row['checksum']),
      down: String(row['checksum_down']),
      verify: String(row['checksum_verify']),
    },
    state: row['estado'] === 'BASE' ? 'BASE' : 'APLICADA',
    outOfOrder: row['fuera_de_orden'] === true,
    appliedAt: row['aplicada_en'] as Date,
    durationMs: Number(row['duracion_ms']),
    user: String(row['usuario']),
    login: String(row['login']),
    host: String(row['equipo']),
    version: String(row['version']),
  };
}

function toProcedure(row: Row): AppliedProcedure {
  return {
    name: String(row['nombre']),
    checksum: String(row['checksum']),
    since: Number(row['desde']),
    appliedAt: row['aplicado_en'] as Date,
  };
}
