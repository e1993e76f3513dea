/** What is told of a statement by its text, where a script runs outside a transaction. */
import t from 'tap';

import { redact } from '../../migrator/redact.js';
import { indexOf, isRepeatable, isSetting, needsTransaction } from '../../migrator/statement-kinds.js';
import { gathered } from '../../runner/cli/repeated.js';

t.test('settings are run again by whoever goes on, and nothing else is', (t) => {
  for (const text of [
    'SET ROLE x',
    "set lock_timeout = '5s'",
    'RESET ROLE',
    '/* a */ SET search_path TO a, b',
  ])
    t.ok(isSetting(text, 'postgres'), text);
  for (const text of ['SET LOCAL ROLE x', 'UPDATE t SET x = 1', 'SELECT 1'])
    t.notOk(isSetting(text, 'postgres'), text);
  for (const text of [
    'SET ANSI_NULLS, QUOTED_IDENTIFIER ON;',
    'SET NOCOUNT ON\nSET XACT_ABORT ON;\n-- y\nSET LOCK_TIMEOUT -1',
    'SET TRANSACTION ISOLATION LEVEL READ COMMITTED;',
  ])
    t.ok(isSetting(text, 'sqlserver'), text);
  for (const text of [
    'SET NOCOUNT ON\nUPDATE t SET x = 1',
    'SET NOCOUNT ON; DELETE t;',
    'SET @x = 1;',
    'SET IDENTITY_INSERT t ON;',
  ])
    t.notOk(isSetting(text, 'sqlserver'), text);
  t.end();
});

t.test('what makes an index and nothing else', (t) => {
  t.same(indexOf('CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "I x" ON ONLY a.b (c)', 'postgres'), {
    index: '"I x"',
    table: 'a.b',
  });
  t.equal(
    indexOf('CREATE INDEX CONCURRENTLY ON a.b (c)', 'postgres'),
    undefined,
    'without a name nobody can tell',
  );
  t.same(
    indexOf(
      'CREATE NONCLUSTERED INDEX IX_a ON [a].[b] (c) WITH (ONLINE = ON, DROP_EXISTING = ON);',
      'sqlserver',
    ),
    {
      index: 'IX_a',
      table: '[a].[b]',
    },
  );
  t.equal(indexOf('CREATE INDEX i ON a.b (c); UPDATE a.b SET c = 1;', 'sqlserver'), undefined);
  t.equal(indexOf('CREATE INDEX i ON a.b (c)\nUPDATE a.b SET c = 1', 'sqlserver'), undefined);
  t.end();
});

t.test('what does no harm a second time', (t) => {
  for (const text of [
    'VACUUM ANALYZE a.b',
    'DROP INDEX CONCURRENTLY IF EXISTS a.i',
    'REINDEX INDEX CONCURRENTLY a.i',
  ])
    t.ok(isRepeatable(text, 'postgres'), text);
  for (const text of ['UPDATE a SET x = x + 1', "INSERT INTO a VALUES ('IF EXISTS')", 'CREATE DATABASE x'])
    t.notOk(isRepeatable(text, 'postgres'), text);
  for (const text of [
    'UPDATE STATISTICS a.b;',
    'ALTER INDEX ALL ON a.b REBUILD WITH (ONLINE = ON);',
    "IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE name = N'i')\n  CREATE INDEX i ON a.b (c);",
  ])
    t.ok(isRepeatable(text, 'sqlserver'), text);
  for (const text of [
    'UPDATE STATISTICS a.b; UPDATE a.b SET x = x + 1;',
    'IF EXISTS (SELECT 1 FROM a.b) UPDATE a.b SET x = x + 1;',
    'UPDATE a.b SET x = x + 1;',
  ])
    t.notOk(isRepeatable(text, 'sqlserver'), text);
  t.match(needsTransaction('-- x\nbegin', 'postgres'), /BEGIN cannot stand/);
  t.equal(needsTransaction('BEGIN TRANSACTION; COMMIT;', 'sqlserver'), undefined);
  t.end();
});

t.test('secrets are taken out before anything is written', (t) => {
  const cases: [string, string][] = [
    [
      "ALTER LOGIN x WITH PASSWORD = N'a''b', CHECK_POLICY = ON",
      "ALTER LOGIN x WITH PASSWORD = '***', CHECK_POLICY = ON",
    ],
    ["CREATE ROLE x PASSWORD 'abc'", "CREATE ROLE x PASSWORD '***'"],
    ["OPTIONS (user 'u', password 'p q')", "OPTIONS (user 'u', password '***')"],
    ['CREATE LOGIN x WITH PASSWORD = 0x0200AB HASHED', "CREATE LOGIN x WITH PASSWORD = '***' HASHED"],
    ["dblink('host=h password=abc dbname=d')", "dblink('host=h password=*** dbname=d')"],
    ["SECRET = 'cut off in the mid", "SECRET = '***'"],
    ["UPDATE t SET nota = 'x'", "UPDATE t SET nota = 'x'"],
  ];
  for (const [text, expected] of cases) t.equal(redact(text), expected);
  t.end();
});

t.test('options that may be repeated', (t) => {
  const words = (text: string) => text.split(' ');
  t.same(
    gathered(words('migrate up --migrations a --to 3 --migrations b --json')),
    words('migrate up --migrations a b --to 3 --json'),
  );
  t.same(
    gathered(words('migrate up --migrations=a --adopt --migrations=b')),
    words('migrate up --migrations a b --adopt'),
  );
  t.same(gathered(words('logs scan a b')), words('logs scan a b'));
  t.same(gathered(words('x --migrations a -- --migrations b')), words('x --migrations a -- --migrations b'));
  t.end();
});
