import t from 'tap';

import { SplitError } from '../../migrator/splitter.js';
import { splitStatements } from '../../migrator/statements-postgres.js';

/** Name, script, and where each statement begins: line:column:text. */
const cases: [string, string, string[]][] = [
  ['two on a line', 'SELECT 1; SELECT 2;\n', ['1:1:SELECT 1;', '1:11:SELECT 2;']],
  ['no semicolon at the end', 'SELECT 1;\n\nSELECT 2', ['1:1:SELECT 1;', '3:1:SELECT 2']],
  ['nothing but comments', '-- a;\n/* b; /* c; */ d; */\n;', []],
  ['a semicolon in a string', "SELECT 'a;''b;';SELECT 2;", ["1:1:SELECT 'a;''b;';", '1:17:SELECT 2;']],
  [
    'in an escape string',
    String.raw`SELECT E'a\';b'; SELECT 2;`,
    [String.raw`1:1:SELECT E'a\';b';`, '1:18:SELECT 2;'],
  ],
  ['in a quoted name', 'SELECT 1 AS "a;""b"; SELECT 2;', ['1:1:SELECT 1 AS "a;""b";', '1:22:SELECT 2;']],
  [
    'in a comment',
    'SELECT 1 -- a; b\n/* ; */ + 1; SELECT 2;',
    ['1:1:SELECT 1 -- a; b\n/* ; */ + 1;', '2:14:SELECT 2;'],
  ],
  [
    'in dollar quotes',
    'DO $a$ BEGIN $$;$$; END $a$; SELECT 2;',
    ['1:1:DO $a$ BEGIN $$;$$; END $a$;', '1:30:SELECT 2;'],
  ],
  ['a dollar in a name', 'SELECT a$b$ FROM t; SELECT 2;', ['1:1:SELECT a$b$ FROM t;', '1:21:SELECT 2;']],
  [
    'in parentheses',
    'CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3;',
    ['1:1:CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2);', '1:58:SELECT 3;'],
  ],
  [
    'in an atomic body',
    'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; END; SELECT 2;',
    [
      '1:1:CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; END;',
      '1:85:SELECT 2;',
    ],
  ],
];

for (const [name, script, expected] of cases) {
  t.test(name, (t) => {
    const seen = splitStatements(script).map(({ text, line, column }) => `${line}:${column ?? 1}:${text}`);
    t.strictSame(seen, expected);
    t.end();
  });
}

t.test('what is not closed is an error at its beginning', (t) => {
  for (const [script, line, column] of [
    ["SELECT 1;\n  SELECT 'a", 2, 10],
    ['SELECT "a', 1, 8],
    ['\n/* a /* b */', 2, 1],
    ['DO $x$ BEGIN END $y$;', 1, 4],
  ] as const) {
    t.throws(
      () => splitStatements(script),
      Object.assign(new SplitError('', line, column), { message: /not closed/ }),
    );
  }
  t.end();
});
