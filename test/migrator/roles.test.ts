/** Each role of the database, logged in: what it is for, and what it must not do. */
import t from 'tap';
import type { Test } from 'tap';

import type { Engine } from '../../engine/index.js';
import { catalogSnapshot, compareSnapshots, createMigrator } from '../../migrator/index.js';
import { logs } from '../../procedures/generated/index.js';
import { asRole, freshDatabase } from '../testing/index.js';

t.setTimeout(180_000);
const db = await freshDatabase(t);
const denied = { code: 'PERMISSION' };

async function refuses(t: Test, engine: Engine, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await t.rejects(engine.query(statement), denied, statement);
}

t.test('carril_app calls entry procedures and touches no table', async (t) => {
  const app = await asRole(db, 'carril_app');
  t.strictSame(await logs.listarProcesos(app, {}), []);
  await refuses(t, app, [
    'SELECT * FROM logs.Procesos',
    'SELECT * FROM trabajo.Chunks',
    'DELETE FROM staging.IPA_Final',
    "INSERT INTO logs.Ajustes (Ajuste, Valor) VALUES ('ARQUITECTURA', 'LEGADO')",
    'SELECT * FROM carril.Migraciones',
  ]);
  await t.rejects(createMigrator(app).down(), 'it cannot migrate');
});

t.test('carril_carga reaches intake and trace tables only', async (t) => {
  const intake = await asRole(db, 'carril_carga');
  await refuses(t, intake, [
    'SELECT * FROM logs.Procesos',
    'DELETE FROM homol.IPA',
    'DELETE FROM extract.IPA',
    'SELECT * FROM carril.Migraciones',
  ]);
  await t.rejects(logs.finalizarProceso(intake, { idProceso: 1n }), denied);
});

t.test('carril_lector reads views and changes nothing', async (t) => {
  const reader = await asRole(db, 'carril_lector');
  t.strictSame(await reader.query('SELECT * FROM logs.vw_Procesos'), []);
  await refuses(t, reader, ['SELECT * FROM logs.Ajustes', 'DELETE FROM logs.Procesos']);
  await t.rejects(
    logs.inicializarProceso(reader, { fechaReporte: '2021-05-07' }),
    denied,
    'it starts no process',
  );
});

t.test('no role but carril_dba makes, changes or empties anything, or becomes another one', async (t) => {
  const common = [
    'CREATE TABLE logs.A_Mano (a int)',
    'CREATE TABLE trabajo.A_Mano (a int)',
    'CREATE TABLE carril.A_Mano (a int)',
    'CREATE SCHEMA a_mano',
    'ALTER TABLE logs.Procesos ADD a_mano int',
    'TRUNCATE TABLE logs.Procesos',
    'DROP TABLE homol.IPA',
    'DROP VIEW logs.vw_Procesos',
    'UPDATE logs.Ajustes SET Valor = NULL',
    'UPDATE homol.IPA SET Peso = 0',
    "INSERT INTO carril.Base (clave, valor, cambiado_en) VALUES ('desechable', '1', '2021-05-07')",
    'DELETE FROM carril.Migraciones',
  ];
  const own =
    db.dialect === 'postgres'
      ? [
          'SET ROLE carril_dueno',
          'SET ROLE carril_dba',
          'CREATE FUNCTION logs.a_mano() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
          'ALTER FUNCTION logs.sp_Listar_Procesos OWNER TO CURRENT_USER',
          "SELECT nextval('logs.seq_id')",
          'COPY logs.Procesos TO STDOUT',
          'CREATE ROLE a_mano',
          'CREATE DATABASE a_mano',
          "SELECT pg_read_file('/etc/hostname')",
        ]
      : [
          'CREATE PROCEDURE logs.A_Mano AS SELECT 1',
          'ALTER ROLE carril_dba ADD MEMBER carril_app',
          "EXECUTE AS USER = N'dbo'",
          'SELECT NEXT VALUE FOR logs.Seq_ID',
          'CREATE ROLE a_mano',
        ];
  for (const role of ['carril_app', 'carril_carga', 'carril_lector', null] as const) {
    const engine = await asRole(db, role);
    // SQL Server says of some that they do not exist, or that the user may not see them
    for (const statement of [...common, ...own]) {
      const said = db.dialect === 'postgres' ? denied : /./;
      await t.rejects(engine.batch(statement), said, `${role ?? 'nobody'}: ${statement}`);
    }
    await t.rejects(createMigrator(engine).up({ to: 1 }), `${role ?? 'nobody'} cannot migrate`);
  }
});

t.test('what each role may reach is what it is for, and nothing else', async (t) => {
  if (db.dialect !== 'postgres') {
    t.pass('has_table_privilege is PostgreSQL');
    return;
  }
  const reached = async (role: string): Promise<string[]> => {
    const rows = await db.engine.query(
      `SELECT format('%s %s.%s', p.name, n.nspname, c.relname) AS what
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace,
              unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p (name)
        WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
          AND has_schema_privilege($1, n.oid, 'USAGE') AND has_table_privilege($1, c.oid, p.name)
        ORDER BY 1`,
      [role],
    );
    return rows.map((row) => String(row['what']));
  };
  const functions = async (role: string): Promise<{ name: string; definer: boolean; fixed: boolean }[]> => {
    const rows = await db.engine.query(
      `SELECT format('%s.%s', n.nspname, p.proname) AS name, p.prosecdef AS definer,
              coalesce(array_to_string(p.proconfig, ' ') LIKE '%search_path=%', false) AS fixed
         FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
          AND has_schema_privilege($1, n.oid, 'USAGE') AND has_function_privilege($1, p.oid, 'EXECUTE')
        ORDER BY 1`,
      [role],
    );
    return rows.map((row) => ({
      name: String(row['name']),
      definer: row['definer'] === true,
      fixed: row['fixed'] === true,
    }));
  };
  const ours = ({ name }: { name: string }) => !name.startsWith('public.');

  t.same(await reached('carril_app'), []);
  const callable = (await functions('carril_app')).filter(ours);
  t.ok(callable.length > 20);
  t.same(
    callable.filter(({ definer, fixed }) => !definer || !fixed),
    [],
    'entry procedures only: they run as their owner, with a search_path of their own',
  );
  t.same(
    callable.filter(({ name }) => /^(?:extract|staging)\./.test(name)),
    [],
    'no step',
  );

  t.same(await reached('carril_carga'), [
    ...['capm', 'derivados', 'ipa', 'posmodrf', 'sona', 'ubs'].map((name) => `INSERT homol.${name}`),
    'INSERT logs.trace_records',
  ]);
  t.same((await functions('carril_carga')).filter(ours), []);

  const read = await reached('carril_lector');
  t.ok(read.length > 5);
  t.same(
    read.filter((what) => !/^SELECT (?:\w+\.vw_\w+|public\.lo_procesos)$/.test(what)),
    [],
    'views, and of them only to read',
  );
  const listing = (await functions('carril_lector')).filter(ours).map(({ name }) => name);
  t.same(
    listing.filter(
      (name) =>
        !/^\w+\.sp_(?:Backfill_)?(?:Listar|Estado|Resultados|Resumen|Informe|Buscar|Alertas|Trabajos|Traza_(?!Purgar)|Arquitectura_|Revisar_|Medir_)/i.test(
          name,
        ),
    ),
    [],
    'procedures that read',
  );
});

t.test('carril_dba migrates', async (t) => {
  const dba = await asRole(db, 'carril_dba');
  const migrator = createMigrator(dba);
  const before = await migrator.status();
  await migrator.down();
  const { migrations } = await migrator.status();
  t.equal(migrations.filter(({ state }) => state === 'pending').length, 1, 'one step back');
  await migrator.up();
  t.strictSame(
    (await migrator.status()).migrations.map(({ number, state }) => [number, state]),
    before.migrations.map(({ number, state }) => [number, state]),
  );
  t.strictSame(
    (await migrator.verify()).filter(({ ok }) => !ok),
    [],
  );
});

t.test('carril_dba takes everything but the schemas back, and makes it again', async (t) => {
  const fresh = await freshDatabase(t);
  const before = await catalogSnapshot(fresh.engine);
  const migrator = createMigrator(await asRole(fresh, 'carril_dba'));
  const { level } = await migrator.status();
  await migrator.down({ to: 1 });
  t.equal((await migrator.up()).level, level);
  t.same(compareSnapshots(before, await catalogSnapshot(fresh.engine)), [], 'owners and grants included');
  t.same(
    (await migrator.verify()).filter(({ ok }) => !ok),
    [],
  );
});

t.test('carril_dba is no administrator of the server', async (t) => {
  const dba = await asRole(db, 'carril_dba');
  const statements =
    db.dialect === 'postgres'
      ? [
          'CREATE ROLE a_mano',
          'CREATE DATABASE a_mano',
          'ALTER SYSTEM SET work_mem = 64',
          "SELECT pg_read_file('/etc/hostname')",
          "COPY (SELECT 1) TO PROGRAM 'true'",
          'DROP SCHEMA carril CASCADE',
        ]
      : [
          "CREATE LOGIN a_mano WITH PASSWORD = N'aA1!aA1!aA1!'",
          'CREATE DATABASE a_mano',
          'DROP TABLE carril.Migraciones',
        ];
  for (const statement of statements) {
    await t.rejects(dba.batch(statement), db.dialect === 'postgres' ? denied : /./, statement);
  }
});
