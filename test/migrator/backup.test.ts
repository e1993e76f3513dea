/** Copies of tables: made before what destroys, listed, restored row by row, dropped. */
import t from 'tap';
import type { Test } from 'tap';

import type { Engine } from '../../engine/index.js';
import { catalogSnapshot, compareSnapshots, createBackups, createMigrator } from '../../migrator/index.js';
import { asRole, freshDatabase, runCarril, spawnCarril, waitUntilBlocked } from '../testing/index.js';
import { emptyDatabase, errorOf, newProject, onPostgres } from './support.js';

t.setTimeout(300_000);

/** Tables with what a restore could get wrong: identities, computed columns, keys between them, triggers, odd values. */
const tables = `
CREATE SCHEMA caso;
CREATE TABLE caso.Padre (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  nombre text,
  doble text GENERATED ALWAYS AS (nombre || nombre) STORED,
  peso double precision,
  cuando timestamptz,
  bytes bytea,
  datos jsonb,
  vacio text
);
CREATE TABLE caso.Hija (
  id serial PRIMARY KEY,
  padre bigint NOT NULL REFERENCES caso.Padre ON DELETE CASCADE,
  UNIQUE (id, padre)
);
CREATE TABLE caso.Nieta (hija int REFERENCES caso.Hija ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE caso.Diario (que text);
CREATE FUNCTION caso.anotar() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO caso.Diario VALUES (TG_OP); RETURN NULL; END $$;
CREATE TRIGGER anotar AFTER INSERT OR UPDATE OR DELETE ON caso.Padre FOR EACH ROW EXECUTE FUNCTION caso.anotar();
CREATE TRIGGER siempre AFTER DELETE ON caso.Padre FOR EACH ROW EXECUTE FUNCTION caso.anotar();
CREATE TRIGGER apagado AFTER DELETE ON caso.Padre FOR EACH ROW EXECUTE FUNCTION caso.anotar();
ALTER TABLE caso.Padre ENABLE ALWAYS TRIGGER siempre, DISABLE TRIGGER apagado;
INSERT INTO caso.Padre (nombre, peso, cuando, bytes, datos, vacio)
SELECT CASE WHEN n % 3 = 0 THEN NULL ELSE 'ñandú "' || n || E'\\n,' END, n / 3.0::double precision,
  timestamptz '2021-05-07 12:00Z' + n * interval '1.000001 s', decode(lpad(to_hex(n), 8, '0'), 'hex'),
  jsonb_build_object('n', n), CASE WHEN n % 2 = 0 THEN '' END
FROM generate_series(1, 500) AS n;
DELETE FROM caso.Padre WHERE id % 7 = 0;
INSERT INTO caso.Hija (padre) SELECT id FROM caso.Padre WHERE id % 2 = 0;
INSERT INTO caso.Nieta SELECT id FROM caso.Hija;
TRUNCATE caso.Diario;`;

/** Every row of a table as text, in no order that could hide a difference. */
async function rows(engine: Engine, table: string): Promise<unknown> {
  return await engine.query(`SELECT x::text AS fila FROM ${table} AS x ORDER BY 1`);
}

async function everything(engine: Engine): Promise<unknown> {
  const all: Record<string, unknown> = {};
  for (const table of ['caso.Padre', 'caso.Hija', 'caso.Nieta', 'caso.Diario'])
    all[table] = await rows(engine, table);
  return all;
}

onPostgres('create, damage, restore: every row is back, and nothing else has moved', async (t) => {
  const { engine } = await emptyDatabase(t);
  await engine.batch(tables);
  const backups = createBackups(engine, { user: 'ana', host: 'maquina', version: '0.9.0' });
  t.strictSame(await backups.list(), [], 'without a journal there are none');
  const before = await everything(engine);
  const catalog = await catalogSnapshot(engine);
  const backup = await backups.create(['caso.Padre', 'caso.Hija']);
  t.match(backup, { name: 'manual-1', user: 'ana', host: 'maquina', reason: 'carril backup create' });
  t.strictSame(
    backup.tables.map(({ table, rows: n, copy }) => [table, n, copy]),
    [
      ['caso.padre', 429n, 'respaldo_1_caso_padre'],
      ['caso.hija', 215n, 'respaldo_2_caso_hija'],
    ],
  );
  t.match(backup.tables[0]?.checksum, /^-?\d+(:-?\d+){3}$/);

  await engine.batch(`
    UPDATE caso.Padre SET nombre = 'otro' WHERE id < 100;
    DELETE FROM caso.Hija WHERE id > 200 AND id NOT IN (SELECT hija FROM caso.Nieta);
    INSERT INTO caso.Padre (nombre) VALUES ('nuevo'), ('nuevo');
    UPDATE caso.Padre SET peso = peso + 1 WHERE id % 2 = 1;
    TRUNCATE caso.Diario`);
  const restored = await backups.restore('manual-1');
  t.strictSame(restored.tables.length, 2);
  t.strictSame(await everything(engine), before, 'row by row, and no trigger has written');
  t.strictSame(
    compareSnapshots(catalog, await catalogSnapshot(engine)),
    [],
    'keys and triggers are what they were',
  );
  const [next] = await engine.query(`INSERT INTO caso.Padre (nombre) VALUES ('x') RETURNING id`);
  t.equal(next?.['id'], 503n, 'the counter does not go back');
  await engine.batch(`DELETE FROM caso.Padre WHERE nombre = 'x'; TRUNCATE caso.Diario`);

  await engine.batch(`DELETE FROM caso.Padre; ALTER TABLE caso.Padre ALTER id RESTART; TRUNCATE caso.Diario`);
  t.strictSame(await rows(engine, 'caso.Nieta'), []);
  await backups.restore('manual-1');
  const [later] = await engine.query(`INSERT INTO caso.Padre (nombre) VALUES ('x') RETURNING id`);
  t.equal(later?.['id'], 501n, 'nor does it give again what came back');
});

onPostgres('a restore that does not fit changes nothing and says why', async (t) => {
  const { engine } = await emptyDatabase(t);
  await engine.batch(tables);
  const backups = createBackups(engine);
  await backups.create(['caso.Padre', 'caso.Hija'], 'antes');
  t.match(await errorOf(backups.create(['caso.Padre'], 'antes')), {
    code: 'BACKUP_EXISTS',
    message: /a backup antes already/,
  });
  t.match(await errorOf(backups.restore('nada')), { code: 'BACKUP_NOT_FOUND', message: /no backup nada/ });
  t.match(await errorOf(backups.create(['caso.Nadie'])), {
    number: 50404,
    message: /no hay una tabla caso\.Nadie/,
  });
  for (const name of ['Padre', 'caso.Padre; DROP TABLE caso.Hija', "caso.P'"]) {
    t.match(await errorOf(backups.create([name])), { name: 'UsageError' });
  }
  t.match(await errorOf(backups.create(['caso.Padre', 'CASO.padre'])), { message: /named twice/ });

  const before = await everything(engine);
  const refuses = async (change: string, back: string, why: RegExp, code = 'BACKUP_DIFFERS') => {
    await engine.batch(change);
    const error = await errorOf(backups.restore('antes'));
    t.match(error.message, why);
    t.equal(error.code, code);
    await engine.batch(back);
    t.strictSame(await everything(engine), before);
  };
  await refuses(
    'ALTER TABLE caso.Hija ADD extra int',
    'ALTER TABLE caso.Hija DROP extra',
    /caso\.hija: the column extra is new/,
  );
  await refuses(
    'ALTER TABLE caso.Padre ALTER datos TYPE text; ALTER TABLE caso.Padre RENAME vacio TO lleno',
    'ALTER TABLE caso.Padre ALTER datos TYPE jsonb USING datos::jsonb; ALTER TABLE caso.Padre RENAME lleno TO vacio',
    /the column datos was jsonb and is text; caso\.padre: the column vacio is gone; caso\.padre: the column lleno is new/,
  );
  await refuses(
    'ALTER TABLE caso.Nieta RENAME TO otra; ALTER TABLE caso.Hija RENAME TO ida',
    'ALTER TABLE caso.ida RENAME TO Hija; ALTER TABLE caso.otra RENAME TO Nieta',
    /caso\.hija is not there/,
  );
  await refuses(
    "CREATE TABLE caso.copia AS TABLE carril.respaldo_1_caso_padre; UPDATE carril.respaldo_1_caso_padre SET nombre = 'retocado' WHERE id = 1",
    'TRUNCATE carril.respaldo_1_caso_padre; INSERT INTO carril.respaldo_1_caso_padre TABLE caso.copia; DROP TABLE caso.copia',
    /caso\.padre did not come out as it was: 429 rows with checksum .*, 429 with/,
    'BACKUP_DAMAGED',
  );
  // a swap that keeps the count, and rows that cancel each other out in a plain sum or exclusive or
  await refuses(
    'CREATE TABLE caso.copia AS TABLE carril.respaldo_2_caso_hija; UPDATE carril.respaldo_2_caso_hija SET padre = CASE id WHEN 1 THEN 4 ELSE 2 END WHERE id IN (1, 2)',
    'TRUNCATE carril.respaldo_2_caso_hija; INSERT INTO carril.respaldo_2_caso_hija TABLE caso.copia; DROP TABLE caso.copia',
    /caso\.hija did not come out as it was/,
    'BACKUP_DAMAGED',
  );
  await engine.batch(
    'ALTER TABLE caso.Nieta DROP CONSTRAINT nieta_hija_fkey; INSERT INTO caso.Nieta VALUES (9999)',
  );
  await engine.batch(
    'ALTER TABLE caso.Nieta ADD CONSTRAINT nieta_hija_fkey FOREIGN KEY (hija) REFERENCES caso.Hija NOT VALID',
  );
  await backups.restore('antes');
  t.strictSame(
    await engine.query(`SELECT convalidated FROM pg_constraint WHERE conname = 'nieta_hija_fkey'`),
    [{ convalidated: false }],
    'a key that was not validated stays so',
  );

  t.match(await backups.drop('antes'), { name: 'antes' });
  t.strictSame(await backups.list(), []);
  t.strictSame(await engine.query(`SELECT relname FROM pg_class WHERE relname LIKE 'respaldo\\_%\\_%'`), []);
});

onPostgres('a header makes up and down copy first, in the same transaction', async (t) => {
  const { engine } = await emptyDatabase(t);
  const project = newProject(t);
  project.migration(
    '001_tabla',
    'CREATE TABLE public.t (a int, b text); CREATE TABLE public.v (a int);',
    '-- carril: respaldo public.T, public.v\nDROP TABLE public.t, public.v;',
  );
  project.migration(
    '002_quita',
    '-- carril: respaldo public.t\nALTER TABLE public.t DROP b;\nDELETE FROM public.t WHERE a > 1;',
    'ALTER TABLE public.t ADD b text;',
  );
  const migrator = project.migrator(engine, { user: 'ana' });
  const backups = createBackups(engine);
  await migrator.up({ to: 1 });
  await engine.batch(`INSERT INTO public.t VALUES (1, 'uno'), (2, NULL), (2, NULL)`);
  await migrator.up();
  t.match(await backups.list(), [
    {
      name: '002_quita.up',
      reason: '002_quita.up.sql',
      user: 'ana',
      tables: [{ table: 'public.t', rows: 3n }],
    },
  ]);
  t.match((await errorOf(backups.restore('002_quita.up'))).message, /public\.t: the column b is gone/);
  await migrator.down();
  await backups.restore('002_quita.up');
  t.strictSame(await engine.query('SELECT * FROM public.t ORDER BY a'), [
    { a: 1, b: 'uno' },
    { a: 2, b: null },
    { a: 2, b: null },
  ]);
  await migrator.up();
  await migrator.down({ to: 0 });
  t.strictSame(
    (await backups.list()).map(({ name, tables: all }) => [name, all.map(({ table }) => table)]),
    [
      ['002_quita.up', ['public.t']],
      ['002_quita.up-2', ['public.t']],
      ['001_tabla.down', ['public.t']],
    ],
    'a second one has another name, and an empty table is not copied',
  );

  project.migration(
    '001_tabla',
    'CREATE TABLE public.t (a int);',
    '-- carril: respaldo public.t\nDROP TABLE public.t;\nSELECT 1/0;',
  );
  project.remove('migrations/002_quita.up.sql');
  project.remove('migrations/002_quita.down.sql');
  project.remove('migrations/002_quita.verify.sql');
  await migrator.up();
  await engine.batch('INSERT INTO public.t VALUES (1)');
  await t.rejects(migrator.down(), /division by zero/);
  t.equal((await backups.list()).length, 3, 'what did not happen left no copy');
  project.migration(
    '001_tabla',
    'CREATE TABLE public.t (a int);',
    '-- carril: respaldo t\nDROP TABLE public.t;',
  );
  await engine.batch(`UPDATE carril.migraciones SET checksum_down = 'x'`);
  await engine.batch('DROP TABLE public.t; DELETE FROM carril.migraciones');
  await migrator.up();
  t.match(
    (await errorOf(migrator.down())).message,
    /001_tabla\.down\.sql: "-- carril: respaldo t" must name tables with their schema/,
  );
});

onPostgres("the package's own migrations lose nothing on the way down", async (t) => {
  const { engine } = await freshDatabase(t, { connect: { poolMax: 6 } });
  const migrator = createMigrator(engine);
  const backups = createBackups(engine);
  const levels = (await migrator.status()).migrations.map(({ number }) => number);
  await engine.batch(`
    INSERT INTO dimensionales.BD_Funds (ID_Fund, FundShortName, Portfolio_Geneva, Active, Incluir_En_Cubo)
    VALUES (1, 'UNO', 'P1', true, true);
    INSERT INTO logs.Ajustes (Ajuste, ID_Fund, Valor) VALUES ('DE_LA_CASA', NULL, '7');
    INSERT INTO logs.Procesos (ID_Proceso, FechaReporte, Usuario, Arquitectura, TotalFondos)
    VALUES (900001, '2021-05-07', 'ana', 'JERARQUICA', 1);
    INSERT INTO logs.Ejecuciones (ID_Ejecucion, ID_Proceso, ID_Fund, FechaReporte, Estado, Usuario, TotalFondos, FondosExitosos,
      FondosFallidos, FondosOmitidos)
    VALUES (900002, 900001, 1, '2021-05-07', 'COMPLETADO', 'ana', 1, 1, 0, 0)`);
  const watched = [
    'dimensionales.BD_Funds',
    'logs.Ajustes',
    'logs.Procesos',
    'logs.Ejecuciones',
    'logs.Servicios',
    'logs.Servicio_Procedimientos',
  ];
  const before: Record<string, unknown> = {};
  for (const table of watched) before[table] = await rows(engine, table);
  await migrator.down({ to: 0 });
  await migrator.up();
  t.equal((await migrator.status()).level, levels.at(-1));
  const byTable = new Map<string, string>(
    (await backups.list()).flatMap(({ name, tables: all }) =>
      all.map(({ table, columns }) => [`${table} ${columns.length}`, name] as const),
    ),
  );
  for (const table of watched) {
    const [{ n } = { n: 0 }] = await engine.query(
      `SELECT count(*)::int AS n FROM information_schema.columns WHERE table_schema || '.' || table_name = lower($1)`,
      [table],
    );
    const name = byTable.get(`${table.toLowerCase()} ${String(n)}`);
    t.type(name, 'string', `${table} was copied with all its columns`);
  }
  // parents first: a key from a restored table to another is checked
  for (const name of [
    ...['002_dimensionales.down', '014_ids_y_ajustes.down', '018_trabajos_y_chunks.down'],
    '023_servicios.down',
  ])
    await backups.restore(name);
  for (const table of watched) t.strictSame(await rows(engine, table), before[table], table);
});

onPostgres('carril_dba makes, restores and drops; a copy waits for writers and they for it', async (t) => {
  const db = await freshDatabase(t, { connect: { poolMax: 6 } });
  const dba = await asRole(db, 'carril_dba');
  await db.engine.batch(`INSERT INTO logs.Ajustes (Ajuste, ID_Fund, Valor) VALUES ('X', NULL, '1')`);
  const backups = createBackups(dba);
  await backups.create(['logs.Ajustes'], 'mia');
  await db.engine.batch(`DELETE FROM logs.Ajustes WHERE Ajuste = 'X'`);
  await backups.restore('mia');
  t.strictSame(await db.engine.query(`SELECT valor FROM logs.Ajustes WHERE Ajuste = 'X'`), [{ valor: '1' }]);
  await backups.drop('mia');

  const reader = await asRole(db, 'carril_lector');
  await t.rejects(createBackups(reader).create(['logs.Ajustes']), { code: 'PERMISSION' });

  let made: Promise<unknown> = Promise.resolve();
  await db.engine.transaction(async (session) => {
    await session.batch(`UPDATE logs.Ajustes SET Valor = '2' WHERE Ajuste = 'X'`);
    made = backups.create(['logs.Ajustes'], 'tarde');
    // not on the transaction's own session: it sees the others as they were at its first look
    await waitUntilBlocked(db.engine);
  });
  await made;
  t.strictSame(
    await db.engine.query(
      `SELECT valor FROM carril.${(await backups.list()).find(({ name }) => name === 'tarde')?.tables[0]?.copy ?? ''} WHERE Ajuste = 'X'`,
    ),
    [{ valor: '2' }],
    'it has what was committed before it',
  );
});

void t.test(
  'the command',
  { skip: process.env['CARRIL_TEST_MSSQL'] === undefined ? false : 'PostgreSQL' },
  async (t: Test) => {
    const db = await freshDatabase(t);
    const carril = (...args: string[]) => runCarril(['backup', ...args], { env: db.env });
    t.match(await carril('list'), { code: 0, stdout: /has no backups/, stderr: '' });
    const made = await carril(
      'create',
      'logs.Servicios',
      'logs.Servicio_Procedimientos',
      '--name',
      'antes',
      '--json',
    );
    t.match(made, { code: 0, stderr: '' });
    t.match(JSON.parse(made.stdout), {
      name: 'antes',
      rows: /^\d+$/,
      tables: [
        { table: 'logs.servicios', copy: /^carril\.respaldo_1_/ },
        { table: 'logs.servicio_procedimientos' },
      ],
    });
    t.match(await carril('list'), {
      code: 0,
      stdout: /antes .*logs\.servicios, logs\.servicio_procedimientos/,
    });
    await db.engine.batch('DELETE FROM logs.Servicio_Procedimientos');
    t.match(await carril('restore', 'antes'), {
      code: 0,
      stdout: /restored logs\.servicios\n[\s\S]*checksums as they were/,
    });
    t.match(await carril('restore', 'otra'), {
      code: 1,
      stdout: '',
      stderr: /no backup otra: carril backup list/,
    });
    t.match(JSON.parse((await carril('restore', 'otra', '--json')).stderr), {
      error: { code: 'BACKUP_NOT_FOUND' },
    });
    t.match(await carril('create', 'servicios'), { code: 2, stderr: /must be a table with its schema/ });
    t.match(await carril('create'), { code: 2 });
    t.match(await carril('drop', 'antes', '--json'), { code: 0, stdout: /"name": "antes"/ });
    for (const one of ['list', 'create', 'restore', 'drop']) {
      t.match(await carril(one, '--help'), { code: 0, stdout: /Examples:\n/ });
    }

    await db.engine.transaction(async (session) => {
      await session.batch('LOCK TABLE logs.Servicios IN ROW EXCLUSIVE MODE');
      const running = spawnCarril(['backup', 'create', 'logs.Servicios'], { env: db.env });
      // not on the transaction's own session: it sees the others as they were at its first look
      await waitUntilBlocked(db.engine);
      running.kill('SIGINT');
      t.match(await running.done, { code: 130, stderr: /interrupted: everything was rolled back/ });
    });
    t.match(JSON.parse((await carril('list', '--json')).stdout), { backups: [] });
  },
);
