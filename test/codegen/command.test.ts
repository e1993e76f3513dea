import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

// each step starts a process, on a machine that may be busy
t.setTimeout(180_000);

const main = join(import.meta.dirname, '../../runner/cli/main.js');
const sql = `/*
  Does something.

  Returns: nothing
  Errors: none
  Touches: nothing
  Batch: none
*/
CREATE OR ALTER PROCEDURE ventas.sp_Hacer @Desde date AS RETURN;
`;

function carril(cwd: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'codegen', ...args], {
    cwd,
    encoding: 'utf8',
  });
  return { status, stdout, stderr: stderr.replace(/^npm warn .*\n/gm, '') };
}

t.test('writes, checks, and says what is wrong', (t) => {
  const cwd = t.testdir({ sql: { 'a.sql': sql } });
  const own = ['--procedures', 'sql', '--out', 'src/db'];

  const early = carril(cwd, ...own, '--check');
  t.match(early, { status: 1, stdout: '', stderr: /^src\/db\/ventas\.ts is missing: run carril codegen$/m });
  t.notOk(existsSync(join(cwd, 'src')), '--check writes nothing');

  t.match(carril(cwd, ...own), { status: 0, stdout: /^wrote src\/db\/ventas\.ts$[^]*1 procedure, 2 files/m });
  t.match(carril(cwd, ...own), { status: 0, stdout: /none changed/ });
  t.match(carril(cwd, ...own, '--check'), { status: 0, stderr: '' });

  writeFileSync(join(cwd, 'sql/a.sql'), sql.replace('date', 'date, @Hasta date'));
  t.match(carril(cwd, ...own, '--check'), { status: 1, stderr: /^src\/db\/ventas\.ts is stale/m });
  const json = carril(cwd, ...own, '--check', '--json');
  t.equal(json.status, 1);
  t.match(JSON.parse(json.stdout), {
    ok: false,
    stale: ['ventas.ts'],
    missing: [],
    surplus: [],
    out: 'src/db',
    procedures: 1,
    problems: [],
  });

  writeFileSync(join(cwd, 'sql/b.sql'), 'CREATE PROCEDURE ventas.sp_Muda AS RETURN;');
  const wrong = carril(cwd, ...own);
  t.match(wrong, { status: 1, stdout: '', stderr: /^sql\/b\.sql:1:1: ventas\.sp_Muda has no contract: / });
  t.match(wrong.stderr, /nothing was written/);
  t.match(JSON.parse(carril(cwd, ...own, '--json').stdout), {
    ok: false,
    written: [],
    problems: [{ file: 'sql/b.sql', line: 1, column: 1, message: /has no contract/ }],
  });

  rmSync(join(cwd, 'sql/b.sql'));
  writeFileSync(join(cwd, 'sql/a.sql'), sql.replaceAll('ventas', 'compras'));
  t.match(carril(cwd, ...own, '--check'), { status: 1, stderr: /^src\/db\/ventas\.ts is left over/m });
  t.match(carril(cwd, ...own), { status: 0, stdout: /^removed src\/db\/ventas\.ts$/m });
  t.end();
});

t.test('wrong use exits 2', (t) => {
  const cwd = t.testdir({});
  t.match(carril(cwd, '--procedures', 'nowhere'), { status: 2, stderr: /nowhere is no folder/ });
  t.match(carril(cwd, '--check', '--live'), { status: 2, stderr: /ask one at a time/ });
  const help = carril(cwd, '--help');
  t.match(help, { status: 0, stdout: /carril codegen --check/ });
  t.notMatch(help.stdout, /keep-going/);
  t.end();
});
