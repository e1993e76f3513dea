import t from 'tap';

import { compareWithExpected, expectedCatalog } from '../../migrator/drift-compare.js';
import { lineDiff } from '../../migrator/line-diff.js';
import { readManifest, writeManifest } from '../../migrator/manifest.js';
import type { Manifest } from '../../migrator/manifest.js';

void t.test('a diff by lines', (t) => {
  t.same(lineDiff('a\nb', 'a\nb'), []);
  t.same(lineDiff('a\nb\nc\nd\ne\nf\ng', 'a\nb\nc\nX\ne\nf\ng'), [
    '@@ -2 +2 @@',
    ' b',
    ' c',
    '-d',
    '+X',
    ' e',
    ' f',
  ]);
  t.same(lineDiff('a', 'a\nb'), ['@@ -1 +1 @@', ' a', '+b']);
  t.same(lineDiff('a\nb\nc', 'c'), ['@@ -1 +1 @@', '-a', '-b', ' c']);
  t.same(
    lineDiff('1\n2\n3\n4\n5\n6\n7\n8\n9', 'X\n2\n3\n4\n5\n6\n7\n8\nY').filter((line) =>
      line.startsWith('@@'),
    ),
    ['@@ -1 +1 @@', '@@ -7 +7 @@'],
    'far changes stand apart',
  );
  const [long, other] = ['a', 'b'].map((what) =>
    Array.from({ length: 3000 }, (_one, i) => `${what}${i}`).join('\n'),
  );
  t.equal(lineDiff(long ?? '', other ?? '').length, 6001, 'what is too long to compare is shown whole');
  t.end();
});

void t.test('a manifest comes back as it was written', (t) => {
  const manifest: Manifest = {
    dialect: 'sqlserver',
    server: '16.0.1000.6',
    level: 14,
    schemas: ['logs', 'trabajo'],
    migrations: [{ name: '001_esquemas', checksums: { up: 'a', down: 'b', verify: 'c' } }],
    procedures: [{ name: 'logs.sp_X', checksum: 'd' }],
    objects: [
      { kind: 'index', name: 'logs.ix', definition: 'CREATE INDEX', parent: 'logs.t' },
      { kind: 'object grant', name: 'logs.sp_X', definition: 'GRANT EXECUTE to carril_app' },
      {
        kind: 'procedure',
        name: 'logs.sp_X',
        definition: '-- uno\n\n  # dos: tres\nCREATE PROCEDURE logs.sp_X AS\n\nSELECT 1;',
      },
    ],
  };
  const text = writeManifest(manifest);
  t.same(readManifest(text, 'x'), manifest);
  t.same(readManifest(text.replaceAll('\n', '\r\n'), 'x'), manifest);
  t.throws(
    () => readManifest(text.replace('  CREATE PROCEDURE', 'CREATE PROCEDURE'), 'm.txt'),
    /m\.txt:\d+: neither the head/,
  );
  t.throws(() => readManifest(text.replace(/# level.*\n/, ''), 'm.txt'), /no line `# level/);
  t.end();
});

void t.test(
  'T-SQL: what CREATE OR ALTER and ALTER leave of a text, and what a role of ours may in the whole database',
  (t) => {
    const objects = [
      { kind: 'schema', name: 'logs', definition: 'owner dbo' },
      { kind: 'role', name: 'carril_app', definition: 'role' },
      {
        kind: 'procedure',
        name: 'logs.sp_X',
        definition: '-- uno\nCREATE OR ALTER PROCEDURE logs.sp_X AS SELECT 1;\n',
      },
    ];
    const expected = expectedCatalog([], objects);
    const found = [
      ...objects.slice(0, 2),
      {
        kind: 'procedure',
        name: 'logs.sp_X',
        definition: '-- uno\r\nCREATE   PROCEDURE logs.sp_X AS SELECT 1;',
      },
      { kind: 'role', name: 'del_sitio', definition: 'role' },
      { kind: 'database grant', name: 'del_sitio', definition: 'GRANT SELECT to del_sitio' },
      { kind: 'procedure', name: 'dbo.suyo', definition: 'CREATE PROCEDURE dbo.suyo AS SELECT 1;' },
    ];
    t.same(compareWithExpected(expected, found), []);
    t.match(
      compareWithExpected(expected, [
        ...found,
        { kind: 'database grant', name: 'carril_app', definition: 'GRANT SELECT to carril_app' },
      ]),
      [{ kind: 'database grant', name: 'carril_app', state: 'extra', found: 'GRANT SELECT to carril_app' }],
    );
    t.end();
  },
);
