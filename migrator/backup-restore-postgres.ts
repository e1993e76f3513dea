import type { Session } from '../engine/index.js';
import type { BackupColumn, BackupTable } from './backup-journal.js';
import { postgresSettings, postgresSums } from './backup-postgres.js';
import { journalSchema } from './journal-schema.js';

export async function lockTable(
  session: Session,
  table: string,
): Promise<readonly BackupColumn[] | undefined> {
  const name = await identity(session, table);
  if (name === undefined) return undefined;
  await session.batch(`LOCK TABLE ${name} IN ACCESS EXCLUSIVE MODE`);
  const rows = await session.query(
    `SELECT a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS type
       FROM pg_catalog.pg_attribute AS a
      WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    [name],
  );
  return rows.map((row) => ({ name: String(row['name']), type: String(row['type']) }));
}

export async function hasCopy(session: Session, copy: string): Promise<boolean> {
  return (await identity(session, `${journalSchema}.${copy}`)) !== undefined;
}

/**
 * Foreign keys that point to the tables are dropped and made again: deleting would cascade to rows that nobody backed up, and
 * making them again checks that those still have their parents. Only the owner's triggers are switched off, each back to what it was.
 */
export async function disarm(session: Session, tables: readonly string[]): Promise<() => Promise<void>> {
  const names: string[] = [];
  for (const table of tables) names.push((await identity(session, table)) ?? table);
  const keys = await session.query(
    `SELECT k.conrelid::regclass::text AS child, quote_ident(k.conname) AS name, pg_get_constraintdef(k.oid) AS definition
       FROM pg_catalog.pg_constraint AS k
      WHERE k.contype = 'f' AND k.conparentid = 0 AND k.confrelid = ANY ($1::text[]::regclass[]) ORDER BY 1, 2`,
    [textArray(names)],
  );
  const triggers = await session.query(
    `SELECT t.tgrelid::regclass::text AS of, quote_ident(t.tgname) AS name, t.tgenabled::text AS state
       FROM pg_catalog.pg_trigger AS t
      WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND t.tgrelid = ANY ($1::text[]::regclass[]) ORDER BY 1, 2`,
    [textArray(names)],
  );
  for (const key of keys) {
    await session.batch(`ALTER TABLE ${String(key['child'])} DROP CONSTRAINT ${String(key['name'])}`);
  }
  for (const trigger of triggers) {
    await session.batch(`ALTER TABLE ${String(trigger['of'])} DISABLE TRIGGER ${String(trigger['name'])}`);
  }
  return async () => {
    // a deferred check would otherwise stand in the way of ALTER TABLE
    await session.batch('SET CONSTRAINTS ALL IMMEDIATE');
    for (const trigger of triggers) {
      const how = { A: 'ENABLE ALWAYS', R: 'ENABLE REPLICA' }[String(trigger['state'])] ?? 'ENABLE';
      await session.batch(`ALTER TABLE ${String(trigger['of'])} ${how} TRIGGER ${String(trigger['name'])}`);
    }
    for (const key of keys) {
      await session.batch(
        `ALTER TABLE ${String(key['child'])} ADD CONSTRAINT ${String(key['name'])} ${String(key['definition'])}`,
      );
    }
  };
}

export async function replaceRows(session: Session, { table, copy }: BackupTable): Promise<void> {
  const name = (await identity(session, table)) ?? table;
  const from = (await identity(session, `${journalSchema}.${copy}`)) ?? copy;
  const columns = await written(session, name);
  await session.batch(`DELETE FROM ${name}`, { timeoutMs: 0 });
  await session.batch(
    `INSERT INTO ${name} (${columns}) OVERRIDING SYSTEM VALUE SELECT ${columns} FROM ${from}`,
    { timeoutMs: 0 },
  );
  // the counter never goes back: what it gave is in use elsewhere, in logs and on paper
  await session.batch(
    `DO $contadores$
     DECLARE
       v_columna record;
       v_maximo bigint;
       v_contador bigint;
     BEGIN
       FOR v_columna IN
         SELECT quote_ident(a.attname) AS nombre, pg_get_serial_sequence('${name.replaceAll("'", "''")}', a.attname) AS secuencia
         FROM pg_catalog.pg_attribute AS a
         WHERE a.attrelid = '${name.replaceAll("'", "''")}'::regclass AND a.attnum > 0 AND NOT a.attisdropped
           AND pg_get_serial_sequence('${name.replaceAll("'", "''")}', a.attname) IS NOT NULL
       LOOP
         EXECUTE format('SELECT max(%s) FROM %s', v_columna.nombre, '${name.replaceAll("'", "''")}') INTO v_maximo;
         EXECUTE format('SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM %s', v_columna.secuencia) INTO v_contador;
         IF v_maximo > v_contador THEN
           PERFORM setval(v_columna.secuencia, v_maximo);
         END IF;
       END LOOP;
     END
     $contadores$`,
  );
}

export async function checksum(session: Session, table: string): Promise<{ rows: bigint; checksum: string }> {
  const name = (await identity(session, table)) ?? table;
  await session.query(`SELECT ${postgresSettings}`);
  const [row] = await session.query(
    `SELECT count(*) AS rows, ${postgresSums} AS checksum
       FROM (SELECT sha256(convert_to(ROW(${await written(session, name)})::text, 'UTF8')) AS h FROM ${name}) AS x`,
    [],
    { timeoutMs: 0 },
  );
  return { rows: BigInt(String(row?.['rows'])), checksum: String(row?.['checksum']) };
}

/** Every column but those that are computed. */
async function written(session: Session, name: string): Promise<string> {
  const [row] = await session.query(
    `SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns FROM pg_catalog.pg_attribute AS a
      WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''`,
    [name],
  );
  return String(row?.['columns']);
}

/** Quoted, with its schema; undefined when there is no such table. */
async function identity(session: Session, table: string): Promise<string | undefined> {
  const at = table.indexOf('.');
  const [row] = await session.query(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_catalog.pg_class AS c
       JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p')`,
    [table.slice(0, at), table.slice(at + 1)],
  );
  return row === undefined ? undefined : String(row['name']);
}

function textArray(items: readonly string[]): string {
  return `{${items.map((item) => `"${item.replaceAll(/["\\]/g, String.raw`\$&`)}"`).join(',')}}`;
}
