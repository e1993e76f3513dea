import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { readCatalog, type Catalog } from '../../codegen/catalog.js';
import { compareLive, formatProblem } from '../../codegen/index.js';
import { findFolders } from '../../codegen/load.js';
import { packageRoot } from '../../engine/index.js';
import { freshDatabase, runCarril } from '../testing/index.js';

const folder = join(packageRoot(), 'test/golden/codegen/ours-twins');
const procedures = join(folder, 'procedures');
const catalog: Catalog = readCatalog(findFolders(procedures, folder, [join(folder, 'migrations')]), {
  ours: true,
});

function scripts(path: string): string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .flatMap((file) => readFileSync(join(path, file), 'utf8').split(/^GO$/m))
    .map((sql) => sql.replace(/^(?:SET LOCAL ROLE|GRANT) .*$/gm, ''))
    .filter((sql) => sql.trim() !== '');
}

const db = await freshDatabase(t, { migrated: false });
const { engine } = db;
const differences = async () => (await compareLive(catalog, engine)).differences.map(formatProblem);

t.test('a database without the procedures', async (t) => {
  const found = await differences();
  const names = ['sp_Nada', 'sp_Reclamar_Chunks', 'sp_Tomar_Chunk', 'sp_Valores'];
  t.strictSame(
    found
      .filter((line) => / has no (?:function|procedure) /.test(line))
      .map((line) => /\.(sp_\w+): apply/.exec(line)?.[1]),
    names,
  );
});

t.test('a database that holds what the contracts say', async (t) => {
  await engine.batch('CREATE SCHEMA trabajo');
  if (engine.dialect === 'sqlserver') {
    for (const sql of scripts(join(folder, 'migrations/sqlserver'))) await engine.batch(sql);
  }
  for (const sql of scripts(join(procedures, engine.dialect))) await engine.batch(sql);
  const live = await compareLive(catalog, engine);
  t.strictSame(live.differences.map(formatProblem), []);
  t.equal(live.compared, 4);
});

const postgresOnly = { skip: engine.dialect === 'postgres' ? false : 'changes PostgreSQL functions' };

t.test('functions that were changed by hand', postgresOnly, async (t) => {
  await engine.batch(`
    DROP FUNCTION trabajo.sp_nada, trabajo.sp_reclamar_chunks, trabajo.sp_tomar_chunk;
    CREATE FUNCTION trabajo.sp_nada() RETURNS TABLE (vivos bigint) LANGUAGE sql AS 'SELECT 1::bigint';
    CREATE FUNCTION trabajo.sp_reclamar_chunks(
      p_poseedor text DEFAULT '', p_tipos json DEFAULT NULL, p_maximo bigint DEFAULT 1, p_activo boolean DEFAULT true,
      p_sobra integer DEFAULT 1)
      RETURNS TABLE (id_chunk bigint, expira timestamptz, peso numeric) LANGUAGE sql AS 'SELECT 1::bigint, now(), 1.0';
    CREATE FUNCTION trabajo.sp_tomar_chunk(p_id_chunk bigint, p_token bigint, p_estado varchar) RETURNS SETOF integer
      LANGUAGE sql AS 'SELECT 1';
    CREATE FUNCTION trabajo.sp_nada(p_otra integer) RETURNS void LANGUAGE sql AS ''`);
  t.matchOnly(await differences(), [
    /sp_Nada\.sql:12:1: the database has 2 functions trabajo\.sp_Nada with different parameters/,
    /sp_Reclamar_Chunks\.sql:4:3: in the database its columns are id_chunk, expira, peso$/,
    /sp_Reclamar_Chunks\.sql:15:1: in the database it has one parameter more, p_sobra integer$/,
    /sp_Reclamar_Chunks\.sql:16:5: @Poseedor has a default in the database$/,
    /sp_Reclamar_Chunks\.sql:17:5: @Tipos is json in the database, not jsonb$/,
    /sp_Reclamar_Chunks\.sql:18:5: @Maximo is bigint in the database, not integer$/,
    /sp_Reclamar_Chunks\.sql:20:5: @ID_Trabajo is no parameter in the database$/,
    /sp_Tomar_Chunk\.sql:4:3: in the database it returns rows$/,
    /sp_Tomar_Chunk\.sql:12:38: @Estado is an input in the database$/,
  ]);
  await engine.batch('DROP FUNCTION trabajo.sp_nada(integer)');
  t.match((await differences())[0], /sp_Nada\.sql:5:5: column Vivos is bigint in the database, not integer$/);
});

t.test('the command line', async (t) => {
  const args = ['codegen', '--live', '--procedures', procedures, '--migrations', join(folder, 'migrations')];
  const plain = await runCarril(args, { env: db.env });
  const json = await runCarril([...args, '--json'], { env: db.env });
  const changed = engine.dialect === 'postgres';
  t.equal(plain.code, changed ? 1 : 0);
  t.match(JSON.parse(json.stdout), { ok: !changed, compared: 4 });
});
