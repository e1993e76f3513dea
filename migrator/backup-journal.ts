import type { Row, Session } from '../engine/index.js';
import { builder, runQuery } from './builder.js';
import { journalSchema } from './journal-schema.js';

/** A column as it was when its table was copied. */
export interface BackupColumn {
  readonly name: string;
  /** As the engine's catalog has it; on SQL Server with length, precision and scale. */
  readonly type: string;
}

/** One table's copy. */
export interface BackupTable {
  /** `schema.table`, as the database spells it. */
  readonly table: string;
  /** In the journal's schema. */
  readonly copy: string;
  readonly rows: bigint;
  /** Order-independent, of every row. */
  readonly checksum: string;
  readonly columns: readonly BackupColumn[];
}

/** What was copied in one transaction. */
export interface Backup {
  readonly name: string;
  /** The script that it was made before, or that somebody asked for it. */
  readonly reason: string;
  readonly createdAt: Date;
  readonly user: string;
  readonly login: string;
  readonly host: string;
  readonly tables: readonly BackupTable[];
}

/** Oldest first; only the one of that name when given. */
export async function readBackups(session: Session, name?: string): Promise<Backup[]> {
  if (!(await hasBackups(session))) return [];
  const query = table(session)
    .select('*')
    .orderBy([{ column: 'creado_en' }, { column: 'copia' }]);
  const rows = await runQuery(session, name === undefined ? query : query.where({ nombre: name }));
  const backups = new Map<string, { first: Row; tables: BackupTable[] }>();
  for (const row of rows) {
    const key = String(row['nombre']);
    const entry = backups.get(key) ?? { first: row, tables: [] };
    entry.tables.push(toTable(row));
    backups.set(key, entry);
  }
  return [...backups].map(([key, { first, tables }]) => ({
    name: key,
    reason: String(first['motivo']),
    createdAt: first['creado_en'] as Date,
    user: String(first['usuario']),
    login: String(first['login']),
    host: String(first['equipo']),
    tables,
  }));
}

export async function deleteBackup(session: Session, name: string): Promise<void> {
  await runQuery(session, table(session).where({ nombre: name }).delete());
}

async function hasBackups(session: Session): Promise<boolean> {
  const [row] = await session.query(
    session.dialect === 'sqlserver'
      ? `SELECT OBJECT_ID(N'${journalSchema}.Respaldos', N'U') AS id`
      : `SELECT to_regclass('${journalSchema}.respaldos')::oid::bigint AS id`,
  );
  return row?.['id'] !== null && row?.['id'] !== undefined;
}

function table(session: Session) {
  return builder(session.dialect).withSchema(journalSchema).table('Respaldos');
}

function toTable(row: Row): BackupTable {
  const columns = JSON.parse(String(row['columnas'])) as { nombre: string; tipo: string }[];
  return {
    table: String(row['tabla']),
    copy: String(row['copia']),
    rows: BigInt(String(row['filas'])),
    checksum: String(row['suma']),
    columns: columns.map(({ nombre, tipo }) => ({ name: nombre, type: tipo })),
  };
}
