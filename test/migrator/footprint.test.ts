/** Which tables a script touches, as read off its text; on PostgreSQL held against the locks that it really takes. */
import { join } from 'node:path';

import t from 'tap';

import { packageRoot } from '../../engine/index.js';
import type { Dialect, Session } from '../../engine/index.js';
import { footprintOf } from '../../migrator/footprint.js';
import type { Access, Footprint } from '../../migrator/footprint.js';
import { createMigrator } from '../../migrator/index.js';
import { readMigrations } from '../../migrator/migration-files.js';
import { batchesOf, prepareTransaction, runScript } from '../../migrator/script.js';
import { splitBatches } from '../../migrator/splitter.js';
import { splitStatements } from '../../migrator/statements-postgres.js';
import { emptyDatabase, onPostgres } from './support.js';

t.setTimeout(180_000);

function read(text: string, dialect: Dialect): Footprint {
  return footprintOf(dialect === 'postgres' ? splitStatements(text) : splitBatches(text), dialect);
}

function own(dialect: Dialect, number: number): Footprint {
  const migrations = readMigrations([join(packageRoot(), 'migrations')], dialect);
  const migration = migrations.find((one) => one.number === number);
  if (migration === undefined) throw new Error(`no migration ${number}`);
  return footprintOf(batchesOf(migration.up, dialect), dialect);
}

const short = ({ tables }: Footprint) => tables.map(({ name, access }) => `${access} ${name}`);

t.test('statements of both dialects', (t) => {
  const cases: [Dialect, string, string[]][] = [
    ['postgres', 'CREATE TABLE IF NOT EXISTS a.b (x int REFERENCES a.c (y))', ['create a.b', 'share a.c']],
    ['postgres', 'CREATE UNIQUE INDEX i ON a.b (x)', ['share a.b']],
    ['postgres', 'CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY A.B (x)', ['online a.b']],
    ['postgres', 'ALTER TABLE a.b VALIDATE CONSTRAINT k', ['online a.b']],
    [
      'postgres',
      'DROP TABLE IF EXISTS a.b, c; CREATE TABLE c (x int)',
      ['exclusive a.b', 'exclusive public.c'],
    ],
    ['postgres', 'TRUNCATE a.b, "C"."D e"', ['exclusive a.b', 'exclusive C.D e']],
    [
      'postgres',
      'INSERT INTO a.b SELECT 1 FROM a.c c, a.d AS d JOIN a.e USING (x)',
      ['rows a.b', 'read a.c', 'read a.d', 'read a.e'],
    ],
    ['postgres', 'INSERT INTO a.b VALUES (1) ON CONFLICT (x) DO UPDATE SET x = 2', ['rows a.b']],
    [
      'postgres',
      'WITH v (x) AS (SELECT x FROM a.b FOR UPDATE) DELETE FROM a.c USING v',
      ['read a.b', 'rows a.c'],
    ],
    [
      'postgres',
      `SELECT extract(day FROM now()), 'FROM a.z' -- FROM a.y\n FROM a.b WHERE x IS DISTINCT FROM y`,
      ['read a.b', 'read public.now'],
    ],
    ['postgres', 'DO $$ BEGIN IF true THEN UPDATE a.b SET x = 1; END IF; END $$', ['rows a.b']],
    ['postgres', 'CREATE FUNCTION a.f() RETURNS void LANGUAGE sql AS $$ DELETE FROM a.b $$', []],
    [
      'postgres',
      'CREATE TRIGGER t AFTER INSERT OR UPDATE ON a.b FOR EACH ROW EXECUTE FUNCTION a.f()',
      ['share a.b'],
    ],
    ['postgres', 'GRANT SELECT, UPDATE ON a.b TO x', []],
    ['postgres', 'LOCK TABLE a.b IN SHARE ROW EXCLUSIVE MODE', ['share a.b']],
    ['postgres', 'ALTER TABLE a.b RENAME TO c; UPDATE a.c SET x = 1', ['exclusive a.c']],
    ['sqlserver', 'CREATE TABLE [a].[b c] (x int); CREATE INDEX i ON [a].[b c] (x);', ['create a.b c']],
    ['sqlserver', 'CREATE NONCLUSTERED INDEX i ON a.b (x) WITH (ONLINE = ON);', ['online a.b']],
    ['sqlserver', 'CREATE UNIQUE CLUSTERED INDEX i ON a.b (x);', ['exclusive a.b']],
    ['sqlserver', 'CREATE INDEX i ON b (x)', ['share dbo.b']],
    [
      'sqlserver',
      'UPDATE TOP (2000) c SET x = 1 FROM a.b AS c INNER JOIN a.d d ON d.x = c.x;',
      ['rows a.b', 'read a.d'],
    ],
    ['sqlserver', 'DELETE FROM a.b WHERE EXISTS (SELECT 1 FROM sys.tables)', ['rows a.b']],
    ['sqlserver', 'INSERT INTO @t SELECT x FROM #t; INSERT a.b EXEC a.p', ['rows a.b']],
    [
      'sqlserver',
      'SELECT x INTO a.nueva FROM a.b WITH (TABLOCKX, HOLDLOCK)',
      ['create a.nueva', 'exclusive a.b'],
    ],
    ['sqlserver', 'CREATE OR ALTER PROCEDURE a.p AS DELETE FROM a.b', []],
    [
      'sqlserver',
      'ALTER TABLE a.b WITH CHECK ADD CONSTRAINT k FOREIGN KEY (x) REFERENCES a.c (x)',
      ['exclusive a.b', 'exclusive a.c'],
    ],
    ['sqlserver', `EXEC sp_rename N'dbo.a', N'b'; DELETE dbo.b`, ['exclusive dbo.b']],
    ['sqlserver', 'DROP INDEX i ON a.b; UPDATE STATISTICS a.c', ['exclusive a.b']],
    [
      'sqlserver',
      '/* DELETE FROM a.x */ MERGE INTO a.b AS d USING a.c AS s ON d.x = s.x WHEN MATCHED THEN UPDATE SET x = 1;',
      ['rows a.b'],
    ],
  ];
  for (const [dialect, sql, expected] of cases) {
    t.strictSame(
      short(read(sql, dialect)).filter((one) => one !== 'read public.now'),
      expected.filter((one) => one !== 'read public.now'),
      `${dialect}: ${sql}`,
    );
  }
  t.end();
});

t.test('what cannot be read is said to be unread', (t) => {
  t.strictSame(
    read(`SELECT 1;\nDO $$ BEGIN\n  EXECUTE format('DROP TABLE %I', x);\nEND $$;`, 'postgres').unread,
    [{ line: 3, what: 'SQL put together at run time' }],
  );
  t.match(read('SELECT logs.f(1);', 'postgres').unread, [{ what: 'a call of logs.f' }]);
  t.match(read('DROP INDEX a.i;', 'postgres').unread, [{ what: /DROP INDEX a\.i/ }]);
  t.strictSame(read('GO\nEXEC sp_executesql @x;\nGO\nEXEC @r = logs.sp_X @a = 1;', 'sqlserver').unread, [
    { line: 2, what: 'SQL put together at run time' },
    { line: 4, what: 'a call of logs.sp_X' },
  ]);
  t.end();
});

t.test("carril's own migrations, T-SQL", (t) => {
  t.strictSame(short(own('sqlserver', 13)), ['exclusive logs.Ejecuciones', 'exclusive logs.Procesos']);
  t.strictSame(
    short(own('sqlserver', 15)),
    ['IPA', 'CAPM', 'PosModRF', 'SONA', 'Derivados', 'UBS'].map((name) => `exclusive extract.${name}`),
  );
  t.match(own('sqlserver', 21).tables, [
    { name: 'trabajo.Chunks', access: 'exclusive', statements: ['ALTER TABLE', 'UPDATE', 'CREATE INDEX'] },
    { name: 'trabajo.Trabajos', access: 'exclusive' },
  ]);
  const { tables } = own('sqlserver', 19);
  t.match(
    tables.find(({ before }) => before === 'dbo.LO_PROCESOS'),
    { name: 'dbo.LO_PROCESOS_Respaldo_019', access: 'exclusive' },
  );
  t.ok(own('sqlserver', 14).unread.length > 0, 'its dynamic SQL');
  t.end();
});

const levels: readonly Access[] = ['read', 'rows', 'online', 'share', 'exclusive'];

onPostgres("carril's own migrations, PostgreSQL: what is read is what is locked", async (t) => {
  const { engine } = await emptyDatabase(t);
  const migrations = readMigrations([join(packageRoot(), 'migrations')], 'postgres');
  for (const migration of migrations) {
    const { tables, unread } = footprintOf(batchesOf(migration.up, 'postgres'), 'postgres');
    const locked = await engine
      .transaction(async (session) => {
        await prepareTransaction(session);
        const before = await tableNames(session);
        await runScript(session, migration.up);
        throw Object.assign(new Error('enough'), { locks: await locksOn(session, before) });
      })
      .catch((error: unknown) => {
        if (error instanceof Error && 'locks' in error) return error.locks as Map<string, Access>;
        throw error;
      });
    for (const [name, access] of locked) {
      if (access === 'read') continue;
      const found = tables.find((one) => one.name === name || one.before === name);
      const excused = found === undefined && unread.length > 0;
      t.ok(
        excused || (found !== undefined && levels.indexOf(found.access) >= levels.indexOf(access)),
        `${migration.name}: ${name} ${access}, read as ${found?.access ?? 'nothing'}`,
      );
    }
    for (const { name, before, access } of tables) {
      const real = locked.get(before ?? name) ?? locked.get(name);
      if (access === 'create' || access === 'read' || real === undefined) continue;
      t.equal(access, real, `${migration.name}: ${name} is no more than that`);
    }
    await createMigrator(engine).up({ to: migration.number });
  }
});

async function tableNames(session: Session): Promise<Map<string, string>> {
  const rows = await session.query(
    `SELECT c.oid::text AS oid, n.nspname || '.' || c.relname AS name FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'carril', 'pg_toast')`,
  );
  return new Map(rows.map((row) => [String(row['oid']), String(row['name'])]));
}

/** The strongest lock of this session on each of those tables. */
async function locksOn(session: Session, tables: ReadonlyMap<string, string>): Promise<Map<string, Access>> {
  const modes: Readonly<Record<string, Access>> = {
    AccessShareLock: 'read',
    RowShareLock: 'read',
    RowExclusiveLock: 'rows',
    ShareUpdateExclusiveLock: 'online',
    ShareLock: 'share',
    ShareRowExclusiveLock: 'share',
    ExclusiveLock: 'share',
    AccessExclusiveLock: 'exclusive',
  };
  const rows = await session.query(
    `SELECT relation::text AS oid, mode FROM pg_locks WHERE locktype = 'relation' AND pid = pg_backend_pid()`,
  );
  const strongest = new Map<string, Access>();
  for (const row of rows) {
    const name = tables.get(String(row['oid']));
    const access = modes[String(row['mode'])];
    if (name === undefined || access === undefined) continue;
    const known = strongest.get(name);
    if (known === undefined || levels.indexOf(access) > levels.indexOf(known)) strongest.set(name, access);
  }
  return strongest;
}
