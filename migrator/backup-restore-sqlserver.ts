import type { Session } from '../engine/index.js';
import type { BackupColumn, BackupTable } from './backup-journal.js';
import { sqlserverChecksum, sqlserverColumns, sqlserverWritten } from './backup-sqlserver.js';
import { journalSchema } from './journal-schema.js';
import { nText } from './sql-text.js';

export async function lockTable(
  session: Session,
  table: string,
): Promise<readonly BackupColumn[] | undefined> {
  if (!(await isTable(session, table))) return undefined;
  await session.batch(
    `DECLARE @filas bigint; SELECT @filas = COUNT_BIG(*) FROM ${quoted(table)} WITH (TABLOCKX, HOLDLOCK);`,
    { timeoutMs: 0 },
  );
  const [row] = await session.query(
    `DECLARE @objeto int = OBJECT_ID(@p0, N'U'); SELECT (${sqlserverColumns}) AS columnas;`,
    [table],
  );
  const columns = JSON.parse(String(row?.['columnas'])) as { nombre: string; tipo: string }[];
  return columns.map(({ nombre, tipo }) => ({ name: nombre, type: tipo }));
}

export async function hasCopy(session: Session, copy: string): Promise<boolean> {
  return await isTable(session, `${journalSchema}.${copy}`);
}

/**
 * Foreign keys that point to the tables are switched off and on again: deleting would cascade to rows that nobody backed up,
 * and switching a trusted one on WITH CHECK checks that those still have their parents. One that was not trusted is not
 * made so. Triggers that were on are off meanwhile.
 */
export async function disarm(session: Session, tables: readonly string[]): Promise<() => Promise<void>> {
  const ids = tables.map((table) => `OBJECT_ID(${nText(table)}, N'U')`).join(', ');
  const keys = await session.query(
    `SELECT QUOTENAME(OBJECT_SCHEMA_NAME(k.parent_object_id)) + N'.' + QUOTENAME(OBJECT_NAME(k.parent_object_id)) AS child,
            QUOTENAME(k.name) AS name, k.is_not_trusted AS untrusted
       FROM sys.foreign_keys AS k WHERE k.is_disabled = 0 AND k.referenced_object_id IN (${ids}) ORDER BY 1, 2`,
  );
  const triggers = await session.query(
    `SELECT QUOTENAME(OBJECT_SCHEMA_NAME(t.parent_id)) + N'.' + QUOTENAME(OBJECT_NAME(t.parent_id)) AS parent,
            QUOTENAME(t.name) AS name
       FROM sys.triggers AS t WHERE t.is_disabled = 0 AND t.parent_id IN (${ids}) ORDER BY 1, 2`,
  );
  for (const key of keys) {
    await session.batch(`ALTER TABLE ${String(key['child'])} NOCHECK CONSTRAINT ${String(key['name'])};`);
  }
  for (const trigger of triggers) {
    await session.batch(
      `ALTER TABLE ${String(trigger['parent'])} DISABLE TRIGGER ${String(trigger['name'])};`,
    );
  }
  return async () => {
    for (const trigger of triggers) {
      await session.batch(
        `ALTER TABLE ${String(trigger['parent'])} ENABLE TRIGGER ${String(trigger['name'])};`,
      );
    }
    for (const key of keys) {
      await session.batch(
        `ALTER TABLE ${String(key['child'])} WITH ${key['untrusted'] === true ? 'NOCHECK' : 'CHECK'} ` +
          `CHECK CONSTRAINT ${String(key['name'])};`,
        { timeoutMs: 0 },
      );
    }
  };
}

export async function replaceRows(session: Session, { table, copy }: BackupTable): Promise<void> {
  const [row] = await session.query(
    `SELECT STRING_AGG(CONVERT(nvarchar(max), QUOTENAME(c.name)), N', ') WITHIN GROUP (ORDER BY c.column_id) AS columnas,
            OBJECTPROPERTY(OBJECT_ID(@p0, N'U'), N'TableHasIdentity') AS identidad
       FROM sys.columns AS c WHERE c.object_id = OBJECT_ID(@p0, N'U') AND ${sqlserverWritten}`,
    [table],
  );
  const columns = String(row?.['columnas']);
  const identity = Number(row?.['identidad']) === 1;
  const name = quoted(table);
  await session.batch(`DELETE FROM ${name} WITH (TABLOCKX);`, { timeoutMs: 0 });
  // in one batch: the setting is the session's, and one table's at a time
  await session.batch(
    `${identity ? `SET IDENTITY_INSERT ${name} ON;\n` : ''}INSERT INTO ${name} WITH (TABLOCKX) (${columns})
SELECT ${columns} FROM ${quoted(`${journalSchema}.${copy}`)};${identity ? `\nSET IDENTITY_INSERT ${name} OFF;` : ''}`,
    { timeoutMs: 0 },
  );
}

export async function checksum(session: Session, table: string): Promise<{ rows: bigint; checksum: string }> {
  const [row] = await session.query(
    `DECLARE @objeto int = OBJECT_ID(@p0, N'U'), @de nvarchar(520) = ${nText(quoted(table))}, @lista nvarchar(max),
       @sql nvarchar(max), @filas bigint, @suma nvarchar(200);
     ${sqlserverChecksum('')}
     SELECT @filas AS filas, @suma AS suma;`,
    [table],
    { timeoutMs: 0 },
  );
  return { rows: BigInt(String(row?.['filas'])), checksum: String(row?.['suma']) };
}

async function isTable(session: Session, table: string): Promise<boolean> {
  const [row] = await session.query(`SELECT OBJECT_ID(@p0, N'U') AS id`, [table]);
  return row?.['id'] !== null && row?.['id'] !== undefined;
}

function quoted(table: string): string {
  const at = table.indexOf('.');
  return [table.slice(0, at), table.slice(at + 1)].map((part) => `[${part.replaceAll(']', ']]')}]`).join('.');
}
