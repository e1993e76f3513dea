import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { compareWithDisk, generate, writeToDisk } from '../../codegen/index.js';

const contract = (name: string, extra = '') => `/*
  Does ${name}.

  Returns: one
    Filas int not null
  Errors: none
  Touches: nothing
  Batch: none
*/
CREATE OR ALTER PROCEDURE ${name} @Desde date, @Hasta date = NULL${extra} AS SELECT 1 AS Filas;
`;

t.test('writes, finds nothing to do, finds stale, missing and surplus files', (t) => {
  const base = t.testdir({
    procedures: { 'a.sql': contract('ventas.sp_A'), 'b.sql': contract('compras.sp_B') },
  });
  const options = { procedures: join(base, 'procedures'), out: join(base, 'out'), base };
  const none = { stale: [], missing: [], surplus: [] };
  const all = ['compras.ts', 'ventas.ts', 'index.ts'];
  t.strictSame(compareWithDisk(generate(options)), { ...none, missing: all });
  t.notOk(existsSync(options.out), 'comparing writes nothing');
  t.strictSame(writeToDisk(generate(options)).missing, all);
  t.match(
    readFileSync(join(options.out, 'ventas.ts'), 'utf8'),
    /^\/\/ written by carril codegen, never edited\n/,
  );
  t.notMatch(readFileSync(join(options.out, 'ventas.ts'), 'utf8'), /\r/);
  t.strictSame(compareWithDisk(generate(options)), none);

  const before = statSync(join(options.out, 'ventas.ts')).mtimeMs;
  writeToDisk(generate(options));
  t.equal(
    statSync(join(options.out, 'ventas.ts')).mtimeMs,
    before,
    'a file whose text is the same is not touched',
  );

  writeFileSync(join(base, 'procedures/a.sql'), contract('ventas.sp_A', ', @Otra int = 3'));
  rmSync(join(base, 'procedures/b.sql'));
  rmSync(join(options.out, 'index.ts'));
  writeFileSync(join(options.out, 'mine.ts'), '// not written by codegen\n');
  const expected = { stale: ['ventas.ts'], missing: ['index.ts'], surplus: ['compras.ts'] };
  t.strictSame(compareWithDisk(generate(options)), expected);
  t.strictSame(writeToDisk(generate(options)), expected);
  t.notOk(existsSync(join(options.out, 'compras.ts')), 'what is left over is removed');
  t.ok(existsSync(join(options.out, 'mine.ts')), "a file that is not codegen's is left alone");
  t.strictSame(compareWithDisk(generate(options)), none);
  t.end();
});

t.test('line endings and a byte order mark change nothing', (t) => {
  const base = t.testdir({
    unix: { 'a.sql': contract('ventas.sp_A') },
    windows: { 'a.sql': `\uFEFF${contract('ventas.sp_A').replaceAll('\n', '\r\n')}` },
  });
  const files = ['unix', 'windows'].map((folder) => generate({ procedures: join(base, folder), base }).files);
  t.strictSame(files[0], files[1]);
  t.end();
});

t.test("a site's procedures may take our table types, and its own from migrations beside them", (t) => {
  const base = t.testdir({
    migrations: { sqlserver: { '001.up.sql': 'CREATE TYPE ventas.Filas AS TABLE (A int NOT NULL);' } },
    procedures: {
      sqlserver: {
        'a.sql': contract('ventas.sp_A', ', @X ventas.Filas READONLY, @Y trabajo.Lista_Tipos_v1 READONLY'),
      },
    },
  });
  const { catalog, files } = generate({ procedures: join(base, 'procedures'), base });
  t.strictSame(catalog.problems, []);
  t.ok(files.has('ventas.tables.ts'));
  t.ok(files.has('trabajo.tables.ts'));
  t.end();
});

t.test('sixty procedures in both dialects take less than two seconds', (t) => {
  const base = t.testdir();
  const body = '  -- a body of some length\n'.repeat(150);
  for (const dialect of ['sqlserver', 'postgres'])
    mkdirSync(join(base, 'procedures', dialect), { recursive: true });
  for (let i = 0; i < 60; i++) {
    const name = `ventas.sp_Numero_${String(i)}`;
    const text = contract(name).replace(' AS SELECT', ` AS\n${body}SELECT`);
    writeFileSync(join(base, `procedures/sqlserver/${name}.sql`), text);
    const twin = contract(name).replace(
      /CREATE[^]*/,
      `CREATE OR REPLACE FUNCTION ${name}(p_Desde date, p_Hasta date DEFAULT NULL)\n` +
        `RETURNS TABLE (Filas integer) LANGUAGE sql AS $$\n${body}SELECT 1 $$;\n`,
    );
    writeFileSync(join(base, `procedures/postgres/${name}.sql`), twin);
  }
  // processor time, since a busy machine takes longer by the clock
  const start = process.cpuUsage();
  const generated = generate({ procedures: join(base, 'procedures'), base });
  writeToDisk(generated);
  const { user, system } = process.cpuUsage(start);
  const took = (user + system) / 1000;
  t.strictSame(generated.catalog.problems, []);
  t.equal(generated.catalog.procedures.length, 60);
  t.ok(took < 2000, `took ${took.toFixed(0)} ms`);
  t.end();
});
