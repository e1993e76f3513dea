/** Who may do what: by the files, in the database, by hand, and put right again. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { packageRoot } from '../../engine/index.js';
import {
  catalogSnapshot,
  compareSnapshots,
  createMigrator,
  grantText,
  permissionsScript,
} from '../../migrator/index.js';
import type { GrantReport } from '../../migrator/index.js';
import { logs } from '../../procedures/generated/index.js';
import { asRole, freshDatabase, runCarril, testDialect } from '../testing/index.js';
import { newProject, onPostgres } from './support.js';

t.setTimeout(180_000);

function differences({ differences: found }: GrantReport): string[] {
  return found.map((one) => `${one.state} ${grantText(one)}`).sort();
}

t.test('the scripts of permissions/ say what migrations and procedures grant', (t) => {
  for (const dialect of ['sqlserver', 'postgres'] as const) {
    const script = readFileSync(join(packageRoot(), 'permissions', `${dialect}.sql`), 'utf8');
    t.equal(script, permissionsScript(dialect), `${dialect}: carril codegen writes it`);
  }
  const roles = /carril_(?:app|carga|lector|dba)/g;
  const granted = (dialect: 'sqlserver' | 'postgres') =>
    permissionsScript(dialect)
      .split('\n')
      .filter(
        (line) =>
          /GRANT EXECUTE ON (?:OBJECT::|FUNCTION )|GRANT (?:SELECT|INSERT) ON/.test(line) &&
          !line.includes('SCHEMA'),
      )
      .map((line) =>
        `${/GRANT (\w+) ON (?:OBJECT::|FUNCTION )?(\S+)/.exec(line)?.slice(1).join(' ').toLowerCase()} ${line.match(roles)?.at(-1)}`.replace(
          / (?:dbo|public)\./,
          ' ',
        ),
      )
      .sort();
  t.same(granted('postgres'), granted('sqlserver'), 'the same procedures, views and tables on both engines');
  t.end();
});

t.test('a migrated database grants what the files say, and up does nothing', async (t) => {
  const { engine } = await freshDatabase(t);
  const migrator = createMigrator(engine);
  const report = await migrator.grants();
  t.same(differences(report), []);
  t.ok(
    report.declared.length > 80 && report.declared.every(({ given }) => given),
    `${report.declared.length} grants`,
  );
  t.same((await migrator.up()).grants, []);
});

onPostgres('what was revoked or given by hand is shown, planned, and put right by up', async (t) => {
  const db = await freshDatabase(t);
  const { engine } = db;
  const migrator = createMigrator(engine);
  const before = await catalogSnapshot(engine);
  const reader = await asRole(db, 'carril_lector');
  await engine.batch(`
    REVOKE EXECUTE ON FUNCTION logs.sp_Listar_Procesos FROM carril_lector;
    REVOKE INSERT ON homol.IPA FROM carril_carga;
    REVOKE USAGE ON SCHEMA trabajo FROM carril_lector;
    GRANT SELECT ON logs.Procesos TO carril_lector;
    GRANT SELECT (Estado) ON logs.Ejecuciones TO carril_app;
    GRANT EXECUTE ON FUNCTION staging.sp_Comprobar_Paso TO PUBLIC;
    GRANT CREATE ON SCHEMA logs TO carril_app;
    GRANT SELECT ON logs.vw_Procesos TO carril_lector WITH GRANT OPTION;
    CREATE SCHEMA sitio; CREATE TABLE sitio.t (a int); GRANT SELECT ON sitio.t TO carril_lector;
    GRANT SELECT ON public.LO_PROCESOS TO carril_app;
  `);
  await t.rejects(logs.listarProcesos(reader, {}), { code: 'PERMISSION' });
  t.same(await reader.query('SELECT ID_Proceso FROM logs.Procesos'), []);

  const expected = [
    'extra CREATE on schema logs to carril_app',
    'extra EXECUTE on function staging.sp_comprobar_paso to public',
    'extra GRANT OPTION FOR SELECT on logs.vw_procesos to carril_lector',
    'extra SELECT (estado) on logs.ejecuciones to carril_app',
    'extra SELECT on logs.procesos to carril_lector',
    'missing EXECUTE on function logs.sp_Listar_Procesos to carril_lector',
    'missing INSERT on homol.IPA to carril_carga',
    'missing USAGE on schema trabajo to carril_lector',
  ];
  t.same(
    differences(await migrator.grants()),
    expected,
    "not the site's own schema, nor a table of the site's in public",
  );
  const { code, stdout } = await runCarril(['migrate', 'grants'], { env: db.env });
  t.equal(code, 1);
  t.match(
    stdout,
    /^REVOKED by hand: GRANT EXECUTE ON FUNCTION logs\.sp_listar_procesos\(.*\) TO "carril_lector";$/m,
  );
  t.match(stdout, /^GRANTED by hand: REVOKE SELECT ON logs\.procesos FROM "carril_lector";$/m);
  t.equal((await migrator.plan()).grants.length, expected.length, 'plan shows what up will do');

  const { grants } = await migrator.up();
  t.same(
    grants.map(({ failed }) => failed).filter((failed) => failed !== undefined),
    [],
  );
  t.same(differences(await migrator.grants()), []);
  await engine.batch('DROP SCHEMA sitio CASCADE; REVOKE SELECT ON public.LO_PROCESOS FROM carril_app');
  t.same(
    compareSnapshots(before, await catalogSnapshot(engine)),
    [],
    'every grant is as the migrations had made it',
  );
  t.same(await logs.listarProcesos(reader, {}), [], 'the reader reads again');
  await t.rejects(reader.query('SELECT ID_Proceso FROM logs.Procesos'), { code: 'PERMISSION' });
  const events = (await migrator.history()).filter((one) => one.entry === 'event' && one.kind === 'grant');
  t.equal(events.length, expected.length, 'and the history says so');
});

onPostgres('the script gives everything back, twice as well as once, and also as carril_dba', async (t) => {
  const db = await freshDatabase(t);
  const { engine } = db;
  const before = await catalogSnapshot(engine);
  const [lists] = await engine.query(`
    SELECT string_agg(DISTINCT quote_ident(n.nspname), ', ') AS schemas FROM pg_namespace AS n
    WHERE pg_get_userbyid(n.nspowner) = 'carril_dueno'`);
  const schemas = String(lists?.['schemas']);
  await engine.batch(`
    REVOKE ALL ON ALL TABLES IN SCHEMA ${schemas} FROM carril_app, carril_carga, carril_lector, carril_dba;
    REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ${schemas} FROM carril_app, carril_carga, carril_lector, carril_dba;
    REVOKE ALL ON SCHEMA ${schemas} FROM carril_app, carril_carga, carril_lector, carril_dba;
    REVOKE ALL ON public.LO_PROCESOS FROM carril_lector;`);
  t.ok(compareSnapshots(before, await catalogSnapshot(engine)).length > 50);
  const dba = await asRole(db, 'carril_dba');
  await dba.batch(permissionsScript('postgres'));
  await engine.batch(permissionsScript('postgres'));
  t.same(compareSnapshots(before, await catalogSnapshot(engine)), []);
});

onPostgres(
  'a role that a procedure no longer names loses it, and an adopted object is left alone',
  async (t) => {
    const project = newProject(t);
    const { engine } = await freshDatabase(t, { migrated: false, connect: { poolMax: 6 } });
    const function_ = (roles: string) => `SET LOCAL ROLE carril_dueno;
-- Since: 001
CREATE OR REPLACE FUNCTION sitio.sp_Uno() RETURNS int LANGUAGE sql AS 'SELECT 1';
GRANT EXECUTE ON FUNCTION sitio.sp_Uno TO ${roles};`;
    project.migration(
      '001_sitio',
      `DO $$ BEGIN
       IF to_regrole('carril_dueno') IS NULL THEN CREATE ROLE carril_dueno NOLOGIN; END IF;
       IF to_regrole('carril_app') IS NULL THEN CREATE ROLE carril_app NOLOGIN; END IF;
       IF to_regrole('carril_lector') IS NULL THEN CREATE ROLE carril_lector NOLOGIN; END IF;
     END $$;
     CREATE SCHEMA sitio AUTHORIZATION carril_dueno; GRANT USAGE ON SCHEMA sitio TO carril_app;`,
      'DROP SCHEMA sitio CASCADE;',
    );
    project.write('procedures/sitio/sp_Uno.sql', function_('carril_app, carril_lector'));
    await project.migrator(engine).up();
    project.write('procedures/sitio/sp_Uno.sql', function_('carril_app'));
    const { grants } = await project.migrator(engine).up();
    t.same(
      grants.map((one) => `${one.state} ${grantText(one)}`),
      ['extra EXECUTE on function sitio.sp_uno to carril_lector'],
      'CREATE OR REPLACE keeps what the file granted before',
    );

    await engine.batch(`SET ROLE carril_dueno; CREATE FUNCTION sitio.sp_Dos() RETURNS int LANGUAGE sql AS 'SELECT 2';
    GRANT EXECUTE ON FUNCTION sitio.sp_Dos TO carril_lector; RESET ROLE`);
    project.write('procedures/sitio/sp_Dos.sql', function_('carril_app').replaceAll('sp_Uno', 'sp_Dos'));
    const adopted = await project.migrator(engine).up({ adopt: 'all' });
    t.same(adopted.grants, []);
  },
);

void t.test(
  'a DENY is shown, and neither up nor the permission script undoes it; drift sees it',
  { skip: testDialect() === 'sqlserver' ? false : 'PostgreSQL has no DENY' },
  async (t) => {
    const db = await freshDatabase(t);
    const { engine } = db;
    const migrator = createMigrator(engine);
    const before = await catalogSnapshot(engine);
    const reader = await asRole(db, 'carril_lector');
    await engine.batch('DENY EXECUTE ON OBJECT::logs.sp_Listar_Procesos TO carril_lector;');
    await engine.batch('DENY SELECT ON SCHEMA::staging TO public;');
    await engine.batch('DENY SHOWPLAN TO public;');
    await t.rejects(logs.listarProcesos(reader, {}), { code: 'PERMISSION' });

    const { code, stdout } = await runCarril(['migrate', 'grants'], { env: db.env });
    t.equal(code, 1);
    t.match(
      stdout,
      'DENIED by hand: DENY EXECUTE ON OBJECT::[logs].[sp_Listar_Procesos] TO [carril_lector]; carril leaves it ' +
        'alone; this takes it away: REVOKE EXECUTE ON OBJECT::[logs].[sp_Listar_Procesos] FROM [carril_lector];',
    );
    t.match(stdout, 'DENY SELECT ON SCHEMA::[staging] TO PUBLIC;');
    t.match(stdout, 'DENY SHOWPLAN TO PUBLIC;');
    const { denials, declared, differences } = await migrator.grants();
    t.same(differences, [], 'a grant that is denied is not one that is missing: GRANT would undo the DENY');
    t.ok(declared.some(({ object, given }) => object === 'logs.sp_Listar_Procesos' && !given));
    const drifted = compareSnapshots(before, await catalogSnapshot(engine));
    t.ok(drifted.length >= 3, 'drift sees all three');

    t.same((await migrator.up()).grants, []);
    await engine.batch(permissionsScript('sqlserver'));
    t.same((await migrator.grants()).denials, denials);
    await t.rejects(logs.listarProcesos(reader, {}), { code: 'PERMISSION' });

    for (const { statement } of denials) await engine.batch(statement);
    await migrator.up();
    t.same(await logs.listarProcesos(reader, {}), [], 'taken away, and granted again by up');
  },
);
