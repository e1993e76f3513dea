/** docs/comparison.md: what it claims for carril, a test shows; what it says of others, a page does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { packageRoot } from '../../engine/index.js';

const text = readFileSync(join(packageRoot(), 'docs/comparison.md'), 'utf8');
const rows = text
  .split('\n')
  .filter((line) => line.startsWith('|') && !line.startsWith('| --'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
const listed = new Map(
  [...text.matchAll(/^- (\w\d+): (.*)$/gm)].map(([, key = '', said = '']) => [key, said]),
);

t.test('every table has a column for each tool, and no cell is empty', (t) => {
  const [head] = rows;
  t.same(head?.slice(1), ['carril', 'grate', 'Flyway', 'Liquibase', 'sqitch', 'graphile-migrate', 'Atlas']);
  for (const row of rows) t.ok(row.length === head?.length && row.every((cell) => cell !== ''), row.join());
  t.end();
});

t.test("each of carril's cells names a test that there is", (t) => {
  for (const [what = '', carril = ''] of rows.filter(([first]) => first !== 'what')) {
    const keys = [...carril.matchAll(/\[(t\d+)\]/g)].map(([, key = '']) => key);
    t.ok(keys.length > 0 && keys.every((key) => listed.has(key)), what);
  }
  for (const [key, said] of listed) {
    if (!key.startsWith('t')) continue;
    const tests = [...said.matchAll(/`(test\/\S+\.test\.ts)`: (.*?)(?=; `test\/|$)/g)];
    t.ok(tests.length > 0, key);
    for (const [, file = '', title = ''] of tests) {
      const source = readFileSync(join(packageRoot(), file), 'utf8');
      t.ok(
        ["'", '"', '`'].some((quote) => source.includes(`${quote}${title}${quote}`)),
        `${key}: ${file} has a test “${title}”`,
      );
    }
  }
  t.end();
});

t.test('every page that a cell names is listed, and every one listed is named', (t) => {
  const named = new Set(
    [
      ...rows
        .flat()
        .join(' ')
        .matchAll(/\[(\w\d+)\]/g),
    ].map(([, key = '']) => key),
  );
  t.same([...named].sort(), [...listed.keys()].sort());
  for (const [key, said] of listed) if (!key.startsWith('t')) t.match(said, /^<https:\/\/\S+>$/, key);
  t.end();
});
