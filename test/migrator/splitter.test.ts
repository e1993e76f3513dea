import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { packageRoot } from '../../engine/index.js';
import { SplitError, splitBatches } from '../../migrator/splitter.js';

interface ExpectedError {
  readonly error: string;
  readonly line: number;
  readonly column: number;
}

const golden = join(packageRoot(), 'test', 'golden', 'splitter');

for (const name of readdirSync(golden).sort()) {
  void t.test(name, (t) => {
    const input = readFileSync(join(golden, name, 'input.sql'), 'utf8');
    const expected = JSON.parse(readFileSync(join(golden, name, 'expected.json'), 'utf8')) as
      ExpectedError | unknown[];
    if (Array.isArray(expected)) {
      t.same(splitBatches(input), expected);
    } else {
      try {
        t.fail('should have been refused', { batches: splitBatches(input) });
      } catch (error) {
        t.type(error, SplitError);
        const { message, line, column } = error as SplitError;
        t.same({ error: message, line, column }, expected);
      }
    }
    t.end();
  });
}

void t.test('what lies on the lines that a batch claims is its text', (t) => {
  for (const name of readdirSync(golden).filter((one) => !one.startsWith('error-'))) {
    const input = readFileSync(join(golden, name, 'input.sql'), 'utf8').replace(/^\uFEFF/, '');
    const lines = input.split(/\r\n|\r|\n/);
    for (const { text, line } of splitBatches(input)) {
      const own = text.split(/\r\n|\r|\n/);
      t.equal(
        lines
          .slice(line - 1, line - 1 + own.length)
          .join('\n')
          .trimEnd(),
        own.join('\n'),
        `${name}, line ${line}`,
      );
    }
  }
  t.end();
});

void t.test('a large script takes no long time', (t) => {
  const began = performance.now();
  t.equal(splitBatches(`SELECT 'GO' AS x; -- it's\nGO\n`.repeat(20_000)).length, 20_000);
  t.ok(performance.now() - began < 3_000, `${Math.round(performance.now() - began)} ms`);
  t.end();
});
