/** Indexes that are built while others write their table. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { planSqlScript, sqlScript, writeNewMigration } from '../../migrator/index.js';
import { footprintOf } from '../../migrator/footprint.js';
import { buildsOnline, onlineMark, withOnlineOption } from '../../migrator/online-index.js';
import { indexOf } from '../../migrator/statement-kinds.js';
import { splitBatches } from '../../migrator/splitter.js';
import { waitUntil } from '../testing/index.js';
import { emptyDatabase, newProject, onPostgres } from './support.js';

const marked = `CREATE NONCLUSTERED INDEX IX_x ON logs.Procesos (Usuario) INCLUDE (Estado) ${onlineMark};`;

t.test('the mark becomes the option where the edition allows it, and is a comment elsewhere', (t) => {
  const online = withOnlineOption(marked);
  t.equal(
    online,
    'CREATE NONCLUSTERED INDEX IX_x ON logs.Procesos (Usuario) INCLUDE (Estado) WITH (ONLINE = ON);',
  );
  const accessOf = (text: string) =>
    footprintOf(splitBatches(text), 'sqlserver').tables.map(({ access }) => access);
  t.same(accessOf(online), ['online'], 'plan says that nobody waits');
  t.same(accessOf(marked), ['share'], 'and without it that writers do');
  t.same(indexOf(marked, 'sqlserver'), indexOf(online, 'sqlserver'), 'a retry finds the index either way');
  t.same([1, 2, 3, 4, 5, 6, 8, 9, 11, 12].filter(buildsOnline), [3, 5, 8, 12]);
  t.end();
});

t.test('a script that runs without carril asks for the edition where it runs', (t) => {
  const project = newProject(t);
  project.migration('001_indice', marked);
  const folders = { migrationsDirs: [project.migrations], proceduresDirs: [], version: '0.0.0' };
  const script = [...sqlScript(planSqlScript('sqlserver', folders, { from: 0 }))].join('');
  t.match(
    script,
    /IF CONVERT\(int, SERVERPROPERTY\('EngineEdition'\)\) IN \(3, 5, 8, 12\)\n\s+SET @texto = REPLACE\(@texto, N'\/\* carril: en linea \*\/', N'WITH \(ONLINE = ON\)'\);\n\s+EXEC sys\.sp_executesql @texto;/,
  );
  t.end();
});

onPostgres('as the template of a new migration has it, nobody who writes waits for the index', async (t) => {
  const { engine } = await emptyDatabase(t);
  const project = newProject(t);
  const other = 'Tabla_Columna ON esquema.Tabla (Columna)';
  project.migration('001_tabla', 'CREATE SCHEMA esquema; CREATE TABLE esquema.Tabla (Columna int)');
  const [up] = writeNewMigration(join(project.root, 'nuevas'), 'indice', { number: 2 }).filter((path) =>
    /postgres.*up/.test(path),
  );
  const text = readFileSync(join(project.root, 'nuevas/postgres/002_indice.up.sql'), 'utf8');
  t.match(up, /002_indice\.up\.sql$/);
  const statement = text.split('\n').find((line) => line.includes(other)) ?? '';
  t.match(statement, /^-- CREATE INDEX CONCURRENTLY /);
  t.match(
    readFileSync(join(project.root, 'nuevas/sqlserver/002_indice.up.sql'), 'utf8'),
    `-- CREATE NONCLUSTERED INDEX IX_${other} ${onlineMark};`,
  );
  project.migration(
    '002_indice',
    `-- carril: sin transaccion\n${statement.slice(3)}`,
    '-- carril: sin transaccion\nDROP INDEX CONCURRENTLY esquema.IX_Tabla_Columna;',
  );
  const migrator = project.migrator(engine);
  await migrator.up({ to: 1 });

  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  let writer: Promise<void> | undefined;
  await new Promise<void>((held) => {
    writer = engine.transaction(async (session) => {
      await session.query('INSERT INTO esquema.Tabla VALUES (1)');
      held();
      await released;
    });
  });
  const built = migrator.up();
  await waitUntil('the index is being built', async () => {
    const [row] = await engine.query(
      "SELECT count(*)::integer AS n FROM pg_stat_progress_create_index WHERE phase LIKE 'waiting%'",
    );
    return Number(row?.['n']) > 0;
  });
  await engine.transaction(async (session) => {
    await session.batch("SET LOCAL lock_timeout = '2s'");
    await session.query('INSERT INTO esquema.Tabla VALUES (2)');
  });
  release();
  await writer;
  await built;
  const [index] = await engine.query(
    "SELECT i.indisvalid AS valid FROM pg_index AS i WHERE i.indexrelid = 'esquema.ix_tabla_columna'::regclass",
  );
  t.equal(index?.['valid'], true, 'a second writer wrote while it was built');
  await migrator.down();
});
