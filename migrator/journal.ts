import type { Knex } from 'knex';

import type { Row, Session } from '../engine/index.js';
import { builder, now, runQuery } from './builder.js';
import { recordEvent } from './history.js';
import type { EventName } from './history.js';
import { authorColumns } from './journal-author.js';
import type { Author } from './journal-author.js';
import { hasTables, journalSchema } from './journal-schema.js';

export type { Author } from './journal-author.js';

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
  if (!(await hasTables(session, ['Migraciones', 'Procedimientos'])))
    return { migrations: [], procedures: [] };
  const migrations = await runQuery(session, table(session, 'Migraciones').select('*').orderBy('numero'));
  const procedures = await runQuery(session, table(session, 'Procedimientos').select('*').orderBy('nombre'));
  return { migrations: migrations.map(toMigration), procedures: procedures.map(toProcedure) };
}

/** To be called in the transaction that ran the script. */
export async function insertMigration(
  session: Session,
  migration: Pick<AppliedMigration, 'number' | 'name' | 'checksums' | 'state' | 'outOfOrder' | 'durationMs'>,
  author: Author,
  reason?: string,
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
  const { number, name, checksums, durationMs, state } = migration;
  const event = state === 'BASE' ? 'baselined' : 'applied';
  await recordEvent(
    session,
    {
      event,
      kind: 'migration',
      number,
      name,
      checksum: checksums.up,
      durationMs,
      ...(reason === undefined ? {} : { reason }),
    },
    author,
  );
}

/** To be called in the transaction that ran the down script. */
export async function deleteMigration(
  session: Session,
  migration: Pick<AppliedMigration, 'number' | 'name' | 'durationMs'> & { readonly checksum: string },
  author: Author,
): Promise<void> {
  await runQuery(session, table(session, 'Migraciones').where({ numero: migration.number }).delete());
  await recordEvent(session, { event: 'reverted', kind: 'migration', ...migration }, author);
}

/** Makes the files as they are now those that were applied. */
export async function acceptChecksums(
  session: Session,
  migration: Pick<AppliedMigration, 'number' | 'name' | 'checksums'>,
  author: Author,
  reason: string,
): Promise<void> {
  const { number, name, checksums } = migration;
  const columns = {
    checksum: checksums.up,
    checksum_down: checksums.down,
    checksum_verify: checksums.verify,
  };
  await runQuery(session, table(session, 'Migraciones').where({ numero: number }).update(columns));
  await recordEvent(
    session,
    { event: 'repaired', kind: 'migration', number, name, checksum: checksums.up, reason },
    author,
  );
}

/** Replaces the procedure's row; to be called in the transaction that created it. */
export async function writeProcedure(
  session: Session,
  procedure: Pick<AppliedProcedure, 'name' | 'checksum' | 'since'> & { readonly durationMs: number },
  event: EventName,
  author: Author,
): Promise<void> {
  await deleteRow(session, procedure.name);
  const row = {
    nombre: procedure.name,
    checksum: procedure.checksum,
    desde: procedure.since,
    aplicado_en: now(session.dialect),
    duracion_ms: procedure.durationMs,
    ...authorColumns(session, author),
  };
  await runQuery(session, table(session, 'Procedimientos').insert(row));
  const { name, checksum, since: number, durationMs } = procedure;
  await recordEvent(session, { event, kind: 'procedure', number, name, checksum, durationMs }, author);
}

/** To be called in the transaction that dropped it, or let go of it. */
export async function deleteProcedure(
  session: Session,
  procedure: Pick<AppliedProcedure, 'name' | 'since'>,
  event: 'dropped' | 'released',
  author: Author,
): Promise<void> {
  await deleteRow(session, procedure.name);
  const { name, since: number } = procedure;
  await recordEvent(session, { event, kind: 'procedure', number, name }, author);
}

async function deleteRow(session: Session, name: string): Promise<void> {
  const query = table(session, 'Procedimientos').whereRaw('lower(??) = ?', ['nombre', name.toLowerCase()]);
  await runQuery(session, query.delete());
}

function table(session: Session, name: string): Knex.QueryBuilder {
  return builder(session.dialect).withSchema(journalSchema).table(name);
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
