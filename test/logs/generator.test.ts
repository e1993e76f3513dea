import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import t from 'tap';

import { logBytes, writeLog } from '../../benchmarks/log-generator.js';
import type { LogOptions } from '../../benchmarks/log-generator.js';
import { fileWith } from './support.js';

const options: LogOptions = { seed: 7, bytes: 200_000, style: 'mixed' };

t.test('the same seed makes the same bytes, on any machine', (t) => {
  const digest = (given: LogOptions) => createHash('sha256').update(logBytes(given)).digest('hex');
  // written down once: whoever changes the generator changes everybody's recordings
  t.equal(digest(options), 'a3facabaa990b79bfe321e1f7905dae75242bd8bec84b779fa26c43470acd7b0');
  t.not(digest({ ...options, seed: 8 }), digest(options));
  t.end();
});

t.test('what it says is in the file', async (t) => {
  const path = fileWith('');
  for (const crlf of [false, true]) {
    for (const noFinalNewline of [false, true]) {
      const made = await writeLog(path, { ...options, crlf, noFinalNewline });
      const bytes = readFileSync(path);
      t.same(bytes, logBytes({ ...options, crlf, noFinalNewline }));
      t.equal(made.bytes, bytes.length);
      const lines = bytes.toString().split(crlf ? '\r\n' : '\n');
      t.equal(made.lines, noFinalNewline ? lines.length : lines.length - 1);
      t.equal(lines.at(-1) === '', !noFinalNewline);
      t.equal(bytes.includes('\r'), crlf);
      t.ok(bytes.length >= 200_000 && bytes.length < 270_000);
    }
  }
});
