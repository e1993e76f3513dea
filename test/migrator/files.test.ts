import t from 'tap';

import { UsageError } from '../../engine/index.js';
import { readMigrations } from '../../migrator/migration-files.js';
import { readProcedures } from '../../migrator/procedure-files.js';
import { readSqlFile } from '../../migrator/sql-file.js';
import { newProject } from './support.js';

const since = (number: string) => `/*\n  Since: ${number}\n*/\n`;

void t.test('migrations are read in the order of their numbers, from several folders', (t) => {
  const project = newProject(t);
  project.migration('002_dos', 'SELECT 2;');
  project.migration('010_diez', 'SELECT 10;');
  for (const part of ['up', 'down', 'verify']) project.write(`sitio/009_nueve.${part}.sql`, 'SELECT 9;');
  project.write('migrations/README.md', 'not SQL');
  const names = readMigrations([project.migrations, `${project.root}/sitio`], 'postgres').map(
    ({ name }) => name,
  );
  t.same(names, ['002_dos', '009_nueve', '010_diez']);
  t.equal(readMigrations([project.migrations, project.migrations], 'postgres').length, 2, 'a folder twice');
  t.end();
});

void t.test('a folder that has one of the dialect means that one', (t) => {
  const project = newProject(t);
  for (const dialect of ['postgres', 'sqlserver']) {
    for (const part of ['up', 'down', 'verify'])
      project.write(`sitio/${dialect}/009_${dialect}.${part}.sql`, '');
  }
  t.same(
    readMigrations([`${project.root}/sitio`], 'sqlserver').map(({ name }) => name),
    ['009_sqlserver'],
  );
  t.end();
});

void t.test('what cannot be told apart or is incomplete is refused, naming the file', (t) => {
  const cases: [string, Record<string, string>, RegExp][] = [
    [
      'two of one number',
      { 'b/001_otro.up.sql': '', 'b/001_otro.down.sql': '', 'b/001_otro.verify.sql': '' },
      /two migrations have the number 001: .*001_uno.*001_otro/,
    ],
    [
      'two of one name',
      { 'b/001_uno.up.sql': '' },
      /two migrations have the number 001: .*a\/001_uno.*b\/001_uno/,
    ],
    ['two in one folder', { 'a/001_otro.up.sql': '' }, /two migrations have the number 001/],
    [
      'no down',
      { 'b/002_x.up.sql': '', 'b/002_x.verify.sql': '' },
      /002_x\.\w+\.sql has no 002_x\.down\.sql/,
    ],
    ['no verify', { 'b/002_x.up.sql': '', 'b/002_x.down.sql': '' }, /has no 002_x\.verify\.sql/],
    ['no up', { 'b/002_x.down.sql': '', 'b/002_x.verify.sql': '' }, /has no 002_x\.up\.sql/],
    ['another name', { 'b/2_x.up.sql': '' }, /b\/2_x\.up\.sql is not named NNN_name/],
    ['no direction', { 'b/002_x.sql': '' }, /002_x\.sql is not named/],
    ['zero', { 'b/000_x.up.sql': '' }, /numbers begin with 001/],
  ];
  for (const [what, files, message] of cases) {
    const project = newProject(t);
    for (const part of ['up', 'down', 'verify']) project.write(`a/001_uno.${part}.sql`, '');
    project.write('b/README.md', '');
    for (const [path, text] of Object.entries(files)) project.write(path, text);
    const folders = [`${project.root}/a`, `${project.root}/b`];
    t.throws(() => readMigrations(folders, 'postgres'), { name: 'UsageError', message }, what);
  }
  t.throws(() => readMigrations(['/no/such/folder'], 'postgres'), UsageError);
  t.end();
});

void t.test('a checksum does not see line endings or a byte order mark', (t) => {
  const project = newProject(t);
  project.write('lf.sql', 'SELECT 1;\nSELECT 2;\n');
  project.write('crlf.sql', '\uFEFFSELECT 1;\r\nSELECT 2;\r\n');
  project.write('other.sql', 'SELECT 1;\nSELECT 3;\n');
  const [lf, crlf, other] = ['lf', 'crlf', 'other'].map((name) => readSqlFile(`${project.root}/${name}.sql`));
  t.equal(lf?.checksum, crlf?.checksum);
  t.equal(lf?.text, crlf?.text, 'what is run is what the checksum is of');
  t.not(lf?.checksum, other?.checksum);
  t.match(lf?.checksum, /^[0-9a-f]{64}$/);
  t.end();
});

void t.test('procedures come in an order in which they can be created', (t) => {
  const project = newProject(t);
  const write = (path: string, text: string) => {
    project.write(`procedures/${path}.sql`, since('014') + text);
  };
  write('logs/vw_a', 'CREATE VIEW logs.vw_a AS SELECT * FROM [logs].[vw_z]');
  write(
    'logs/vw_z',
    'CREATE VIEW logs.vw_z AS SELECT trabajo.fn_x(1) AS x /* not logs.vw_a */ -- nor logs.vw_a',
  );
  write('logs/sp_a', 'CREATE PROCEDURE logs.sp_a AS EXEC logs.sp_b');
  write('logs/sp_b', 'CREATE PROCEDURE logs.sp_b AS EXEC logs.sp_a');
  write('trabajo/fn_x', 'CREATE FUNCTION trabajo.fn_x');
  write('logs/tr_t', 'CREATE TRIGGER logs.tr_t ON logs.vw_a');
  const files = readProcedures([project.procedures], 'sqlserver');
  t.same(
    files.map(({ name }) => name),
    ['trabajo.fn_x', 'logs.vw_z', 'logs.vw_a', 'logs.sp_b', 'logs.sp_a', 'logs.tr_t'],
  );
  t.ok(files.every((file) => file.since === 14));
  t.end();
});

void t.test('a procedure without Since or schema, or twice, is refused', (t) => {
  const project = newProject(t);
  project.write('procedures/logs/sp_x.sql', 'CREATE PROCEDURE logs.sp_x AS SELECT 1');
  t.throws(() => readProcedures([project.procedures], 'sqlserver'), {
    message: /logs\/sp_x\.sql.*Since: NNN/,
  });
  project.write('procedures/logs/sp_x.sql', since('1'));
  project.write('mas/LOGS/SP_X.sql', since('1'));
  t.throws(() => readProcedures([project.procedures, `${project.root}/mas`], 'sqlserver'), {
    message: /two files are named LOGS.SP_X/,
  });
  project.write('otros/sp_y.sql', since('1'));
  t.throws(() => readProcedures([`${project.root}/otros`], 'sqlserver'), {
    message: /named after its schema/,
  });
  t.end();
});
