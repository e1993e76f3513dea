/**
 * `node log-reader.js FILE [OUT]`: a program that reads a log in one pass, as one would write it without carril, and says how
 * many error blocks it found; with OUT it writes them there, one JSON line each.
 */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

import { blockText } from '../test/runner/logs-support.js';
import { readReference } from '../test/logs/reference.js';

const [file = '', target] = process.argv.slice(2);
const out = target === undefined ? undefined : createWriteStream(target);
let blocks = 0;
for await (const block of readReference(file)) {
  blocks += 1;
  if (out?.write(`${blockText(block)}\n`) === false) await once(out, 'drain');
}
if (out !== undefined) {
  out.end();
  await once(out, 'finish');
}
process.stdout.write(`${blocks}\n`);
