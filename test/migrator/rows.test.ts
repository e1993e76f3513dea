/** Every migration up and down over tables that have rows: nothing is lost that no backup has. */
import type { Engine } from '../../engine/index.js';
import { createBackups, createMigrator } from '../../migrator/index.js';
import { addRows } from './fill.js';
import { emptyDatabase, newProject, onPostgres } from './support.js';
import { checksumOf, linesOf, readContents, without } from './table-rows.js';
import type { Contents, TableRow } from './table-rows.js';

/** Written through the view, or by nobody. */
const notWritten = new Set([
  'trabajo.lo_procesos',
  'public.lo_procesos_respaldo_019',
  'public.lo_procesos_rangos_019',
]);

/** What a down script takes away for good, without a backup; docs/dba.md says so, too. */
const goesForGood: readonly (readonly [RegExp, string])[] = [
  [
    /^logs\.backfill_/,
    '017: refused until the history is reverted, and then these tables say nothing any more',
  ],
  [/^trabajo\.lo_procesos$/, '019: its rows are those of the table again'],
  [/^public\.lo_procesos_respaldo_019$/, '019: it is the table again'],
];
/** What the database computes from other columns is not lost with its column. */
async function computedColumns(engine: Engine): Promise<ReadonlySet<string>> {
  const rows = await engine.query(
    `SELECT lower(n.nspname || '.' || c.relname || '.' || a.attname) AS name
     FROM pg_catalog.pg_attribute AS a
     INNER JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
     INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
     WHERE a.attgenerated <> '' AND NOT a.attisdropped`,
  );
  return new Set(rows.map(({ name }) => String(name)));
}

/** What a down script leaves behind for the next up. */
const staysBehind = new Set(['public.lo_procesos_rangos_019']);

/** Without the job and the chunks that 019 makes of LO_PROCESOS's rows: other ones each time, and compared as those rows. */
function ownRows(contents: Contents): Contents {
  const job = contents.get('trabajo.trabajos')?.rows.find(({ clave }) => clave === 'LO_PROCESOS')?.id_trabajo;
  if (job === undefined) return contents;
  const isOwn = (table: string, row: TableRow): boolean =>
    !/^trabajo\.(?:trabajos|chunks)$/.test(table) || row['id_trabajo'] !== job;
  return new Map(
    [...contents].map(([table, { columns, rows }]) => [
      table,
      { columns, rows: rows.filter((row) => isOwn(table, row)) },
    ]),
  );
}

onPostgres('each migration up, down and up again keeps every row', async (t) => {
  t.setTimeout(180_000);
  const { engine } = await emptyDatabase(t);
  // the procedures hold no rows, and are most of the time
  const { procedures } = newProject(t);
  const migrator = createMigrator(engine, { proceduresDirs: [procedures] });
  const backups = createBackups(engine);
  const numbers = (await migrator.status()).migrations.map(({ number }) => number);
  t.ok(numbers.length > 15);
  const read = async (): Promise<Contents> => ownRows(await readContents(engine));
  let seed = 1;
  const fill = async (): Promise<Contents> => {
    await addRows(engine, (seed += 1), notWritten);
    return await read();
  };

  for (const number of numbers) {
    const before = await read();
    await migrator.up({ to: number });
    const raised = await read();
    const lost = [...before].filter(([table, { columns, rows }]) => {
      const now = raised.get(table);
      return now === undefined || without(linesOf(rows, columns), linesOf(now.rows, columns)).length > 0;
    });
    t.same(
      lost.map(([table]) => table),
      [],
      `up ${number}: every row of before is there`,
    );

    await fill();
    const full = await fill();
    const empty = [...full].filter(([table, { rows }]) => rows.length === 0 && !staysBehind.has(table));
    t.same(
      empty.map(([table]) => table),
      [],
      `at ${number}: rows in all of ${full.size} tables`,
    );

    const computed = await computedColumns(engine);
    await migrator.down();
    const lowered = await read();
    const saved = (await backups.list()).find(({ name }) => name.startsWith(String(number).padStart(3, '0')));
    const inBackup = new Map(saved?.tables.map(({ table, rows }) => [table.toLowerCase(), Number(rows)]));
    t.same(
      [...lowered.keys()].filter((table) => !before.has(table) && !staysBehind.has(table)),
      [],
      `down ${number}: no table that was not there`,
    );
    for (const [table, { columns, rows }] of before) {
      // what was there, and what was written since, with the columns that there are
      const at = raised.get(table)?.rows ?? [];
      const added = without(linesOf(full.get(table)?.rows ?? [], columns), linesOf(at, columns));
      const expected = [...linesOf(rows, columns), ...added].sort();
      const found = linesOf(lowered.get(table)?.rows ?? [], lowered.get(table)?.columns ?? []);
      if (checksumOf(found) !== checksumOf(expected)) t.same(found, expected, `down ${number}: ${table}`);
      const gone = (full.get(table)?.columns ?? []).filter(
        (column) => !columns.includes(column) && !computed.has(`${table}.${column}`),
      );
      const isView = table === 'public.lo_procesos';
      if (gone.length > 0 && !isView)
        t.ok(
          (inBackup.get(table) ?? 0) >= (full.get(table)?.rows.length ?? 0),
          `down ${number}: ${table} loses ${gone.join()}, and has a backup`,
        );
    }
    for (const [table, { rows }] of full) {
      if (lowered.has(table) || goesForGood.some(([name]) => name.test(table))) continue;
      t.ok((inBackup.get(table) ?? 0) >= rows.length, `down ${number}: ${table} goes, and has a backup`);
    }

    await migrator.up({ to: number });
    if (saved !== undefined) {
      await backups.restore(saved.name);
      await backups.drop(saved.name);
    }
    const again = await read();
    for (const [table, { columns, rows }] of full) {
      if (
        goesForGood.some(([name]) => name.test(table)) &&
        saved?.tables.every((one) => one.table !== table) !== false
      )
        continue;
      const [want, have] = [linesOf(rows, columns), linesOf(again.get(table)?.rows ?? [], columns)];
      if (checksumOf(want) !== checksumOf(have)) t.same(have, want, `up ${number} again, restored: ${table}`);
    }
    t.pass(`${number}: compared by checksum, ${full.size} tables`);
  }
});
