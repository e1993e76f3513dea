import t from 'tap';

import { logBytes } from '../../benchmarks/log-generator.js';
import type { LogBlock } from '../../runner/logs/block.js';
import { seeded } from '../../runner/load/random.js';
import { blocksOf } from './reference.js';
import { blocksByChunks, cutsOf, memorySource, recogniser, scan, written } from './support.js';

const known = recogniser();

/** Where the next scan begins after one of this text. */
async function resumeAt(text: string, start = 0): Promise<number> {
  const source = memorySource(Buffer.from(text));
  return (await scan(source, known, { start, end: source.size })).resumeAt;
}

t.test('where the next scan begins', async (t) => {
  const info = '2024-01-02 12:00:00 INFO a\n';
  const error = '2024-01-02 12:00:00 ERROR a\n';
  const jul = 'Jan 02, 2024 3:04:05 PM a.B c\n';
  t.equal(await resumeAt(''), 0);
  t.equal(await resumeAt(info), info.length, 'nothing may grow');
  t.equal(await resumeAt(info + error), info.length, 'the last block may grow');
  t.equal(await resumeAt(`${info + error}\tat x`), info.length);
  t.equal(await resumeAt(error + info), (error + info).length, 'the block ended before');
  t.equal(await resumeAt(`${error + info}\tat x`), (error + info).length, 'a line that is not ended');
  t.equal(await resumeAt(`${info}2024-01-02 12:00:00 ERR`), info.length);
  t.equal(await resumeAt(`${error}2024-01-02 12:00:0`), 0, 'half a timestamp may be the block’s');
  t.equal(await resumeAt(info + jul), info.length, 'the level is still to come');
  t.equal(await resumeAt(`${info + jul}SEV`), info.length);
  t.equal(await resumeAt(`${info + jul}INFO: `), (info + jul).length, 'a line that is not ended');
  t.equal(await resumeAt(`${info + jul}INFO: x\n`), (info + jul).length + 8);
  t.equal(await resumeAt(`${info + jul}SEVERE: x\n`), info.length);
  t.equal(await resumeAt('\ufeff'), 3);
});

/**
 * Scans a file each time it has grown to one of these sizes, from where the scan before said, in chunks; a scan replaces
 * the blocks that begin in what it reads, as the database does.
 */
async function scanGrowing(bytes: Buffer, sizes: readonly number[], chunkSize: number): Promise<LogBlock[]> {
  let stored: LogBlock[] = [];
  let from = 0;
  for (const size of sizes) {
    const source = memorySource(bytes.subarray(0, size));
    const range = { start: from, end: size };
    const begin = from;
    stored = stored.filter(({ byteStart }) => byteStart < begin);
    stored.push(...(await blocksByChunks(source, chunkSize, known, range)));
    const last = (await cutsOf(source, chunkSize, known, range)).at(-1);
    if (last !== undefined) from = (await scan(source, known, last)).resumeAt;
  }
  return stored;
}

t.test('a file that grows by one byte at a time ends with the same blocks', async (t) => {
  const texts = [
    '\ufeff2024-01-02 12:00:00 ERROR a\n\tat x\r\n2024-01-02 12:00:00,1 INFO b\nc\n[2024-01-02 12:00:00] [error] ñ\n',
    'x\nJan 02, 2024 3:04:05 PM a.B c\nSEVERE: y\n\tat x\nJan 02, 2024 3:04:05 PM a.B c\nINFO: y\nJan 02, 2024 3:04:05 PM a\n',
    '2024-01-02 12:00:00 ERROR a\n2024-01-02 12:00:00,123x\n2024-01-02 12:00:001\n2024-01-02 12:00 INFO b\n',
  ];
  for (const text of texts) {
    const bytes = Buffer.from(text);
    const expected = blocksOf(bytes, { mtimeMs: written });
    const sizes = Array.from({ length: bytes.length }, (_unused, i) => i + 1);
    for (const chunkSize of [1, 30, 1000])
      t.same(await scanGrowing(bytes, sizes, chunkSize), expected, `chunks of ${chunkSize}`);
  }
});

t.test(
  'a log that grows by random steps ends with the same blocks, and only what is new is read',
  async (t) => {
    const random = seeded(3);
    for (let round = 0; round < 30; round += 1) {
      const bytes = logBytes({
        seed: round,
        bytes: 20_000,
        style: 'mixed',
        crlf: round % 2 === 0,
        errorsPerMille: 150,
      });
      const sizes: number[] = [];
      for (let size = 0; size < bytes.length;)
        sizes.push((size = Math.min(bytes.length, size + random.between(1, 3000))));
      const expected = blocksOf(bytes, { mtimeMs: written });
      t.same(await scanGrowing(bytes, sizes, random.between(1, 4000)), expected);
    }
  },
);
