import { gzipSync } from 'node:zlib';

import t from 'tap';

import { logBytes } from '../../benchmarks/log-generator.js';
import type { LogBlock } from '../../runner/logs/block.js';
import { isGzip, scanGzip } from '../../runner/logs/gzip.js';
import type { ScanOptions } from '../../runner/logs/scan.js';
import type { LogSource } from '../../runner/logs/source.js';
import { blocksOf } from './reference.js';
import { memorySource, recogniser, written } from './support.js';

const log = logBytes({ seed: 4, bytes: 3 * 2 ** 20, style: 'mixed' });
const packed = gzipSync(log);

async function scan(source: LogSource, options: ScanOptions = {}) {
  const found: LogBlock[] = [];
  const result = await scanGzip(
    source,
    source.size,
    recogniser(),
    (block) => void found.push(block),
    options,
  );
  return { ...result, found };
}

t.test('the blocks of what it holds', async (t) => {
  const positions: number[] = [];
  const source = memorySource(packed);
  const { found, bytes, blocks } = await scan(source, { onProgress: (position) => positions.push(position) });
  t.same(found, blocksOf(log, { mtimeMs: written }));
  t.same([bytes, blocks], [log.length, found.length]);
  t.equal(positions.at(-1), packed.length, 'progress counts compressed bytes');
});

t.test('several members, cut in the middle of a block', async (t) => {
  const half = log.indexOf('ERROR') + 2;
  const members = Buffer.concat([
    gzipSync(log.subarray(0, half)),
    gzipSync(''),
    gzipSync(log.subarray(half)),
  ]);
  t.same((await scan(memorySource(members))).found, blocksOf(log, { mtimeMs: written }));
});

t.test('nothing in it', async (t) => {
  t.match(await scan(memorySource(gzipSync(''))), { found: [], bytes: 0, blocks: 0 });
});

t.test('cut off and damaged', async (t) => {
  for (const length of [0, 2, 5, 10, 1000, packed.length - 9, packed.length - 1])
    await t.rejects(
      scan(memorySource(packed.subarray(0, length))),
      {
        name: 'LogInputError',
        problem: 'GZIP',
        message: 'memory.log is cut off: its gzip data ends in the middle',
      },
      `${length} bytes`,
    );
  const damaged = Buffer.from(packed);
  damaged.fill(0xff, 5000, 5100);
  await t.rejects(scan(memorySource(damaged)), {
    name: 'LogInputError',
    problem: 'GZIP',
    message: /^memory\.log is damaged: its gzip data cannot be read \(.+\)$/,
  });
});

t.test('other failures stay what they are', async (t) => {
  const source = memorySource(packed);
  await t.rejects(scan({ ...source, size: packed.length + 1 }), { name: 'LogInputError', problem: 'SHRUNK' });
  const broken = Object.assign(new Error('disk'), { code: 'EIO' });
  await t.rejects(scan({ ...source, read: () => Promise.reject(broken) }), broken);
  const stop = new AbortController();
  const stopped = scan(source, {
    signal: stop.signal,
    onProgress: () => {
      stop.abort(new Error('enough'));
    },
  });
  await t.rejects(stopped, { message: 'enough' });
  const full = scanGzip(source, packed.length, recogniser(), () => {
    throw new Error('full');
  });
  await t.rejects(full, { message: 'full' });
});

t.test('known by its first bytes', async (t) => {
  t.equal(await isGzip(memorySource(packed)), true);
  t.equal(await isGzip(memorySource(log)), false);
  t.equal(await isGzip(memorySource(Buffer.alloc(0))), false);
  t.equal(await isGzip(memorySource(Buffer.from([0x1f]))), false);
});
