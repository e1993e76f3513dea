/** Migration 019 on a table with rows and without: what the view keeps of it, and what `down` gives back. */
import t from 'tap';
import type { Test } from 'tap';

import type { Engine, Row } from '../../engine/index.js';
import { catalogSnapshot, compareSnapshots, createMigrator } from '../../migrator/index.js';
import type { Migrator } from '../../migrator/index.js';
import { logs } from '../../procedures/generated/index.js';
import { failsWith, sql } from '../leases/support.js';
import { asRole, testDialect } from '../testing/index.js';
import type { TestDatabase } from '../testing/index.js';
import { emptyDatabase, errorOf, onPostgres } from './support.js';

// on SQL Server every test applies every migration
t.setTimeout(900_000);
const postgres = testDialect() === 'postgres';
const { path: backup, schema } = postgres
  ? { path: 'public.LO_PROCESOS_Respaldo_019', schema: 'public' }
  : { path: 'dbo.LO_PROCESOS_Respaldo_019', schema: 'dbo' };

interface Site {
  readonly db: TestDatabase;
  readonly engine: Engine;
  readonly migrator: Migrator;
}

/** A database as it was before 019. */
async function before019(t: Test): Promise<Site> {
  const db = await emptyDatabase(t);
  const migrator = createMigrator(db.engine);
  await migrator.up({ to: 18 });
  return { db, engine: db.engine, migrator };
}

const day = new Date('2021-05-07T08:09:10.123Z');
const later = new Date('2021-05-07T08:09:10.124Z');
const long = 'ñ€'.repeat(2000);

/** What a site may have: NULLs, empty and blank texts, blanks at the end, unicode, the longest texts, milliseconds, a gap. */
const odd: readonly (readonly [string, string | null, Date, Date | null, string | null])[] = [
  ['filtro.py', 'ana', day, null, null],
  ['filtro.py ', 'ana ', day, later, ' con espacios al final   '],
  ['', '', day, later, ''],
  ['FILTRO.py', null, new Date('0001-01-01T00:00:00.000Z'), new Date('9999-12-31T23:59:59.999Z'), '\t\r\n'],
  ['proceso ñandú €', '日本', later, null, '😀 e\u0301 fin'],
  ['p'.repeat(200), 'u'.repeat(100), day, day, long],
];

async function insertOdd(engine: Engine): Promise<void> {
  for (const [proceso, usuario, inicio, fin, mensaje] of odd) {
    await sql(
      engine,
      'INSERT INTO LO_PROCESOS (proceso, usuario, fecha_inicio, fecha_fin, mensaje) VALUES (?, ?, ?, ?, ?)',
      [proceso, usuario, inicio, fin, mensaje],
    );
  }
  // a gap, and a counter that is ahead of the last row
  await sql(engine, "INSERT INTO LO_PROCESOS (proceso) VALUES ('se va'), ('se va'), ('queda'), ('se va')");
  await sql(engine, "DELETE FROM LO_PROCESOS WHERE proceso = 'se va'");
}

/** The table with everything that can be told of it: bytes of texts, counter, and whether it is the very same table. */
async function table(engine: Engine): Promise<{ rows: Row[]; table: Row | undefined }> {
  const rows = await sql(
    engine,
    postgres
      ? `SELECT id, convert_to(proceso, 'UTF8')::text AS proceso, convert_to(usuario, 'UTF8')::text AS usuario,
           fecha_inicio::text AS inicio, fecha_fin::text AS fin, convert_to(mensaje, 'UTF8')::text AS mensaje
         FROM public.LO_PROCESOS ORDER BY id`
      : `SELECT id, CONVERT(varchar(max), CONVERT(varbinary(8000), proceso), 1) AS proceso,
           CONVERT(varchar(max), CONVERT(varbinary(8000), usuario), 1) AS usuario,
           CONVERT(varchar(30), fecha_inicio, 126) AS inicio, CONVERT(varchar(30), fecha_fin, 126) AS fin,
           CONVERT(varchar(max), CONVERT(varbinary(8000), mensaje), 1) AS mensaje
         FROM dbo.LO_PROCESOS ORDER BY id`,
  );
  const [same] = await sql(
    engine,
    postgres
      ? `SELECT c.oid::text AS tabla, c.relfilenode::text AS archivo, s.last_value, s.is_called,
           (SELECT string_agg(r.ctid || '/' || r.xmin, ' ' ORDER BY r.id) FROM public.LO_PROCESOS AS r) AS versiones
         FROM pg_class AS c, public.lo_procesos_id_seq AS s WHERE c.oid = 'public.lo_procesos'::regclass`
      : `SELECT OBJECT_ID(N'dbo.LO_PROCESOS') AS tabla, CONVERT(bigint, i.last_value) AS contador
         FROM sys.identity_columns AS i WHERE i.object_id = OBJECT_ID(N'dbo.LO_PROCESOS')`,
  );
  return { rows, table: same };
}

const old = 'id, proceso, usuario, fecha_inicio, fecha_fin, mensaje';

async function oldColumns(engine: Engine): Promise<Row[]> {
  return sql(engine, `SELECT ${old} FROM LO_PROCESOS ORDER BY id`);
}

/** Inserts a row the way that a program before 019 does, and gives its id. */
async function insert(engine: Engine, proceso: string): Promise<bigint> {
  await sql(engine, 'INSERT INTO LO_PROCESOS (proceso) VALUES (?)', [proceso]);
  const [row] = await sql(engine, 'SELECT MAX(id) AS id FROM LO_PROCESOS WHERE proceso = ?', [proceso]);
  return BigInt(String(row?.['id']));
}

async function exists(engine: Engine, name: string): Promise<boolean> {
  const [row] = await sql(
    engine,
    postgres ? 'SELECT to_regclass(?)::text AS x' : 'SELECT OBJECT_ID(?) AS x',
    [`${schema}.${name}`],
  );
  return row?.['x'] !== null;
}

async function verified(t: Test, { migrator }: Site): Promise<void> {
  t.same(
    (await migrator.verify()).filter(({ ok }) => !ok),
    [],
    'every verify script, 007 and 018 among them',
  );
}

void t.test('up and down with nothing written between: the very same table, byte for byte', async (t) => {
  const site = await before019(t);
  const { engine, migrator } = site;
  await insertOdd(engine);
  const catalog = await catalogSnapshot(engine);
  const before = await table(engine);
  const rows = await oldColumns(engine);
  t.equal(before.rows.length, odd.length + 1);

  await migrator.up({ to: 19 });
  await verified(t, site);
  t.same(await oldColumns(engine), rows, 'the old columns through the view');
  t.same(
    (
      await sql(engine, 'SELECT estado, byte_inicio, byte_fin, ruta_archivo FROM LO_PROCESOS ORDER BY id')
    ).map(Object.values),
    [...odd.map(([, , , fin]) => (fin === null ? 'PENDIENTE' : 'COMPLETADO')), 'PENDIENTE'].map((estado) => [
      estado,
      null,
      null,
      null,
    ]),
  );
  const full = await catalogSnapshot(engine);

  await migrator.down();
  t.same(await table(engine), before);
  t.same(compareSnapshots(catalog, await catalogSnapshot(engine)), [], 'and nothing beside it');

  await migrator.up({ to: 19 });
  t.same(compareSnapshots(full, await catalogSnapshot(engine)), [], 'up again: the same schema');
  t.same(await oldColumns(engine), rows);
  await migrator.down();
  t.same(await table(engine), before, 'and down again: the same table');
});

void t.test('a table that was never used, and one that was emptied', async (t) => {
  const site = await before019(t);
  const { engine, migrator } = site;
  const unused = await table(engine);
  await migrator.up({ to: 19 });
  await verified(t, site);
  await migrator.down();
  t.same(await table(engine), unused);
  t.equal(await insert(engine, 'primera'), 1n, 'its first id is still to come');

  await sql(engine, "INSERT INTO LO_PROCESOS (proceso) VALUES ('b'), ('c')");
  await sql(engine, 'DELETE FROM LO_PROCESOS');
  const emptied = await table(engine);
  await migrator.up({ to: 19 });
  await migrator.down();
  t.same(await table(engine), emptied);

  await migrator.up({ to: 19 });
  t.equal(await insert(engine, 'cuarta'), 4n, 'ids that were given once are not given again');
  await sql(engine, 'DELETE FROM LO_PROCESOS');
  await migrator.down();
  t.equal(await insert(engine, 'quinta'), 5n, 'neither is one that only the view gave');
});

void t.test('what is written through the view is in the table after down', async (t) => {
  const site = await before019(t);
  const { engine, migrator } = site;
  await insertOdd(engine);
  const untouched = (await table(engine)).rows;
  await migrator.up({ to: 19 });

  // differences that a comparison by collation would not see
  await sql(engine, "UPDATE LO_PROCESOS SET proceso = 'filtro.PY' WHERE id = 1");
  await sql(engine, "UPDATE LO_PROCESOS SET usuario = 'ana  ' WHERE id = 2");
  await sql(engine, 'UPDATE LO_PROCESOS SET mensaje = NULL WHERE id = 3');
  await sql(engine, 'UPDATE LO_PROCESOS SET fecha_inicio = ? WHERE id = 4', [later]);
  await sql(engine, 'DELETE FROM LO_PROCESOS WHERE id = 5');
  await sql(engine, 'UPDATE LO_PROCESOS SET mensaje = ? WHERE id = 9', [`${long.slice(1)}x`]);
  // no change at all is none
  await sql(engine, "UPDATE LO_PROCESOS SET usuario = usuario, estado = 'COMPLETADO' WHERE id = 6");
  await sql(
    engine,
    'INSERT INTO LO_PROCESOS (proceso, usuario, fecha_inicio, fecha_fin, mensaje) VALUES (?, ?, ?, ?, ?), (?, ?, ?, ?, ?)',
    ['nueva 1 ', null, day, later, ' 😀 ', 'nueva 2', '', later, null, null],
  );
  await sql(engine, "INSERT INTO LO_PROCESOS (proceso) VALUES ('se va')");
  await sql(engine, "DELETE FROM LO_PROCESOS WHERE proceso = 'se va'");
  const rows = await oldColumns(engine);
  t.same(
    rows.map(({ id }) => id),
    [1n, 2n, 3n, 4n, 6n, 9n, 11n, 12n],
  );

  await migrator.down();
  const { rows: after } = await table(engine);
  t.same(await oldColumns(engine), rows);
  t.equal(rows[0]?.['proceso'], 'filtro.PY');
  t.equal(rows[1]?.['usuario'], 'ana  ');
  t.equal(rows[2]?.['mensaje'], null);
  t.same(rows[3]?.['fecha_inicio'], later);
  t.same(rows[4], { ...rows[4], proceso: 'p'.repeat(200), mensaje: long });
  t.equal(rows[5]?.['mensaje'], `${long.slice(1)}x`);
  t.same(
    after.find(({ id }) => id === 6n),
    untouched.find(({ id }) => id === 6n),
  );
  t.notOk(await exists(engine, 'LO_PROCESOS_Rangos_019'), 'the table had a place for everything');
  t.equal(await insert(engine, 'despues'), 14n, 'the counter is where the view left it');

  await migrator.up({ to: 19 });
  t.equal(await insert(engine, 'otra vez'), 15n);
});

void t.test('ranges and states outlive down and up', async (t) => {
  const site = await before019(t);
  const { engine, migrator } = site;
  await insertOdd(engine);
  await migrator.up({ to: 19 });
  const file = '/var/log/ñ app.log';
  const [a, b, c, d] = await Promise.all(
    [0n, 1n, 2n, 3n].map((n) =>
      logs.reservarChunk(engine, {
        rutaArchivo: file,
        byteInicio: n * 10n,
        byteFin: n * 10n + 10n,
        proceso: `p${n}`,
        usuario: 'ana',
      }),
    ),
  );
  if (a === undefined || b === undefined || c === undefined || d === undefined)
    throw new Error('four of them');
  await logs.liberarChunk(engine, { ...b, estado: 'ERROR', mensaje: 'disco lleno' });
  await sql(engine, "UPDATE LO_PROCESOS SET estado = 'CANCELADO' WHERE id = 1");
  const rows = await sql(engine, 'SELECT * FROM LO_PROCESOS ORDER BY id');

  await migrator.down();
  t.ok(await exists(engine, 'LO_PROCESOS_Rangos_019'), 'what has no column in the table is set aside');
  // programs go on with the table
  await sql(engine, 'UPDATE LO_PROCESOS SET fecha_fin = ? WHERE id = ?', [later, c.id]);
  await sql(engine, 'DELETE FROM LO_PROCESOS WHERE id = ?', [d.id]);

  await migrator.up({ to: 19 });
  t.notOk(await exists(engine, 'LO_PROCESOS_Rangos_019'));
  await verified(t, site);
  t.same(
    await sql(engine, 'SELECT * FROM LO_PROCESOS ORDER BY id'),
    rows
      .filter(({ id }) => id !== d.id)
      .map((row) => (row['id'] === c.id ? { ...row, fecha_fin: later, estado: 'COMPLETADO' } : row)),
    'and what was done since counts',
  );
  t.same(
    await logs.liberarChunk(engine, { ...b, estado: 'ERROR' }),
    { estado: 'ERROR' },
    'its token still is',
  );
  await failsWith(t, 50410, logs.liberarChunk(engine, { ...a, token: a.token + 1n }));
  t.same(await logs.liberarChunk(engine, a), { estado: 'COMPLETADO' }, 'as is one that was held meanwhile');
});

void t.test('4,500 rows, in batches, both ways', async (t) => {
  const site = await before019(t);
  const { engine, migrator } = site;
  const numbers = postgres
    ? 'SELECT g AS n FROM generate_series(1, 4500) AS g'
    : 'SELECT TOP (4500) ROW_NUMBER() OVER (ORDER BY (SELECT NULL)) AS n FROM sys.all_columns AS a CROSS JOIN sys.all_columns AS b';
  await sql(
    engine,
    `INSERT INTO LO_PROCESOS (proceso, mensaje) SELECT CONCAT('p', x.n), CONCAT('m', x.n) FROM (${numbers}) AS x`,
  );
  const before = await table(engine);
  await migrator.up({ to: 19 });
  const [count] = await sql(
    engine,
    `SELECT COUNT(*) AS n, COUNT(DISTINCT c.ID_Chunk) AS chunks, COUNT(DISTINCT c.Orden) AS ordenes
     FROM trabajo.Chunks AS c INNER JOIN trabajo.Lo_Procesos AS l ON l.ID_Chunk = c.ID_Chunk`,
  );
  t.same(Object.values(count ?? {}).map(Number), [4500, 4500, 4500]);
  await migrator.down();
  t.same(await table(engine), before);

  await migrator.up({ to: 19 });
  await sql(engine, 'DELETE FROM LO_PROCESOS WHERE id <= 2100');
  await sql(engine, "UPDATE LO_PROCESOS SET mensaje = CONCAT(mensaje, '!'), fecha_fin = fecha_inicio");
  await sql(
    engine,
    `INSERT INTO LO_PROCESOS (proceso, estado) SELECT CONCAT('q', x.n), 'COMPLETADO' FROM (${numbers}) AS x`,
  );
  const rows = await oldColumns(engine);
  t.equal(rows.length, 2400 + 4500);
  t.ok(rows.slice(0, 2400).every(({ id, mensaje }) => mensaje === `m${String(id)}!`));
  await migrator.down();
  t.same(await oldColumns(engine), rows);
  const [states] = await sql(engine, `SELECT COUNT(*) AS n FROM ${schema}.LO_PROCESOS_Rangos_019`);
  t.equal(Number(states?.['n']), 4500, 'finished without an end: that is set aside');
});

void t.test('down to nothing with rows in it', async (t) => {
  const { engine, migrator } = await before019(t);
  await insertOdd(engine);
  await migrator.up({ to: 19 });
  await sql(engine, "INSERT INTO LO_PROCESOS (proceso, estado) VALUES ('x', 'PROCESANDO')");
  await migrator.down({ to: 0 });
  t.notOk(await exists(engine, 'LO_PROCESOS'));
  await migrator.up({ to: 19 });
  t.same(await oldColumns(engine), []);
  t.notOk(await exists(engine, 'LO_PROCESOS_Rangos_019'), 'what was set aside had no rows to belong to');
});

void t.test('whoever could write the table can write the view, and nobody else', async (t) => {
  const { db, engine, migrator } = await before019(t);
  const writer = await asRole(db, null);
  const reader = await asRole(db, null);
  const stranger = await asRole(db, null);
  const nameOf = async (login: Engine): Promise<string> =>
    String(
      (await sql(login, postgres ? 'SELECT session_user::text AS x' : 'SELECT USER_NAME() AS x'))[0]?.['x'],
    );
  await engine.batch(
    `GRANT SELECT, INSERT, UPDATE, DELETE ON ${schema}.LO_PROCESOS TO ${await nameOf(writer)}`,
  );
  await engine.batch(`GRANT SELECT (id, proceso) ON ${schema}.LO_PROCESOS TO ${await nameOf(reader)}`);
  const before = await catalogSnapshot(engine);
  await migrator.up({ to: 19 });

  await sql(writer, "INSERT INTO LO_PROCESOS (proceso) VALUES ('uno'), ('dos')");
  await sql(writer, "UPDATE LO_PROCESOS SET estado = 'PROCESANDO', mensaje = 'x' WHERE proceso = 'uno'");
  await sql(writer, "UPDATE LO_PROCESOS SET fecha_fin = ? WHERE proceso = 'uno'", [later]);
  await sql(writer, "DELETE FROM LO_PROCESOS WHERE proceso = 'dos'");
  t.match(await sql(writer, 'SELECT * FROM LO_PROCESOS'), [{ id: 1n, proceso: 'uno', estado: 'COMPLETADO' }]);
  const denied = { code: 'PERMISSION' };
  await t.rejects(sql(writer, 'SELECT * FROM trabajo.Lo_Procesos'), denied);
  await t.rejects(sql(writer, 'SELECT * FROM trabajo.Chunks'), denied);
  t.same(await sql(reader, 'SELECT id, proceso FROM LO_PROCESOS'), [{ id: 1n, proceso: 'uno' }]);
  await t.rejects(sql(reader, 'SELECT mensaje FROM LO_PROCESOS'), denied);
  await t.rejects(sql(reader, "INSERT INTO LO_PROCESOS (proceso) VALUES ('tres')"), denied);
  await t.rejects(sql(stranger, 'SELECT * FROM LO_PROCESOS'), denied);

  await migrator.down();
  t.same(
    compareSnapshots(before, await catalogSnapshot(engine)).filter(
      ({ kind, name }) => kind.includes('grant') && !/rangos_019/i.test(name),
    ),
    [],
    'down leaves the permissions of before',
  );
  await sql(writer, "INSERT INTO LO_PROCESOS (proceso) VALUES ('tres')");
  t.match(await sql(writer, 'SELECT id, proceso FROM LO_PROCESOS ORDER BY id'), [{ id: 1n }, { id: 3n }]);
});

void t.test('a table with what a view would not keep is left alone', async (t) => {
  const { engine, migrator } = await before019(t);
  await insertOdd(engine);
  const table = `${schema}.LO_PROCESOS`;
  const bit = postgres ? 'boolean' : 'bit';
  const obstacles: [string, string, RegExp][] = [
    [
      `ALTER TABLE ${table} ADD maquina ${bit}`,
      `ALTER TABLE ${table} DROP COLUMN maquina`,
      /la columna maquina/,
    ],
    [
      `ALTER TABLE ${table} ADD CONSTRAINT CK_Sitio CHECK (id > 0)`,
      `ALTER TABLE ${table} DROP CONSTRAINT CK_Sitio`,
      /la restriccion ck_sitio/i,
    ],
    [
      `CREATE TABLE ${schema}.Sitio (id bigint CONSTRAINT FK_Sitio REFERENCES ${table} (id))`,
      `DROP TABLE ${schema}.Sitio`,
      /la clave foranea fk_sitio de sitio/i,
    ],
    [
      `CREATE UNIQUE INDEX UX_Sitio ON ${table} (fecha_inicio, id)`,
      postgres ? 'DROP INDEX public.UX_Sitio' : `DROP INDEX UX_Sitio ON ${table}`,
      /el indice unico ux_sitio/i,
    ],
    ...(postgres
      ? ([
          [`CREATE VIEW public.Sitio AS SELECT id FROM ${table}`, 'DROP VIEW public.Sitio', /la vista sitio/],
          [
            `CREATE TRIGGER tr_sitio BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
            `DROP TRIGGER tr_sitio ON ${table}`,
            /el disparador tr_sitio/,
          ],
          [
            `UPDATE ${table} SET id = -7 WHERE id = 1`,
            `UPDATE ${table} SET id = 1 WHERE id = -7`,
            /un id negativo/,
          ],
        ] as [string, string, RegExp][])
      : []),
  ];
  for (const [put, away, message] of obstacles) {
    await engine.batch(put);
    const error = await errorOf(migrator.up({ to: 19 }));
    t.match(error.message, message);
    t.match(error, { cause: { number: 50409 } });
    t.equal((await migrator.status()).level, 18);
    await engine.batch(away);
  }
  await migrator.up({ to: 19 });
  t.ok(await exists(engine, 'LO_PROCESOS_Respaldo_019'));
});

onPostgres("columns' defaults and lastval() are the table's", async (t) => {
  const { engine, migrator } = await before019(t);
  await engine.batch(`ALTER TABLE public.LO_PROCESOS ALTER COLUMN usuario SET DEFAULT 'de la ' || 'casa'`);
  await migrator.up({ to: 19 });
  await engine.connection(async (session) => {
    const inserted = await session.query(
      `INSERT INTO LO_PROCESOS (proceso) VALUES ('a'), ('b') RETURNING id, usuario, estado, fecha_inicio IS NOT NULL AS con_fecha`,
    );
    t.same(inserted, [
      { id: 1n, usuario: 'de la casa', estado: 'PENDIENTE', con_fecha: true },
      { id: 2n, usuario: 'de la casa', estado: 'PENDIENTE', con_fecha: true },
    ]);
    t.same(await session.query(`SELECT lastval() AS a, currval('lo_procesos_id_seq') AS b`), [
      { a: 2n, b: 2n },
    ]);
  });
  await t.rejects(
    engine.query(`INSERT INTO LO_PROCESOS (proceso, fecha_inicio) VALUES ('c', NULL)`),
    /fecha_inicio/,
    'a NULL that is written is one',
  );
  t.same(
    await engine.query(`INSERT INTO LO_PROCESOS (id, proceso) VALUES (1000, 'd') RETURNING id`),
    [{ id: 1000n }],
    'an id of one’s own, as before',
  );
  const taken = await errorOf(engine.query(`INSERT INTO LO_PROCESOS (id, proceso) VALUES (1000, 'e')`));
  t.match(taken.message, /pk_lo_procesos/);
  await migrator.down();
  t.same(await engine.query(`SELECT id FROM ${schema}.LO_PROCESOS ORDER BY id`), [
    { id: 1n },
    { id: 2n },
    { id: 1000n },
  ]);
  t.notOk(await exists(engine, backup.slice(schema.length + 1)));
});
