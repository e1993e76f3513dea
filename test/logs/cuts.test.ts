import t from 'tap';
import fc from 'fast-check';

import { logBytes } from '../../benchmarks/log-generator.js';
import { findCut } from '../../runner/logs/cuts.js';
import type { ByteRange } from '../../runner/logs/cuts.js';
import type { LogSource } from '../../runner/logs/source.js';
import { blocksOf } from './reference.js';
import { blocksByChunks, cutsOf, memorySource, recogniser, scan, written } from './support.js';

const known = recogniser();
const info = '2024-01-02 12:00:00 INFO a\n';
const error = '2024-01-02 12:00:00 ERROR a\n';

/** Whether the ranges follow each other from `start` to `end`, none of them empty. */
function covers(cuts: readonly ByteRange[], start: number, end: number): boolean {
  let at = start;
  for (const cut of cuts) {
    if (cut.start !== at || cut.end <= cut.start) return false;
    at = cut.end;
  }
  return at === end;
}

t.test('cuts move back to a timestamped line, and forward when there is none', async (t) => {
  const block = `${error}${'\tat x\n'.repeat(20)}`;
  const source = memorySource(Buffer.from(info + info + block + info));
  const at = [0, info.length, 2 * info.length, 2 * info.length + block.length];
  const ends = async (size: number) => (await cutsOf(source, size, known)).map(({ end }) => end);
  t.same(await ends(info.length - 1), [...at.slice(1), source.size], 'smaller than a line');
  t.same(await ends(info.length), [...at.slice(1), source.size], 'a line exactly');
  t.same(await ends(info.length + 5), [...at.slice(1), source.size]);
  t.same(
    await ends(2 * info.length + 5),
    [at[2], at[3], source.size],
    'back, then over a block that is larger',
  );
  t.same(await ends(source.size - 1), [at[3], source.size]);
  t.same(await ends(source.size), [source.size]);
  t.same(await ends(1e12), [source.size]);
});

t.test('what has no timestamped line is one chunk', async (t) => {
  t.same(await cutsOf(memorySource(Buffer.alloc(0)), 10, known), []);
  for (const text of ['x', '\n\n\n', 'no timestamp\n'.repeat(20_000), 'x'.repeat(3_000_000)]) {
    const source = memorySource(Buffer.from(text));
    t.same(await cutsOf(source, 1000, known), [{ start: 0, end: source.size }]);
  }
});

t.test('what comes before the first entry belongs to the first chunk', async (t) => {
  const before = 'x\n'.repeat(500);
  const source = memorySource(Buffer.from(before + info + info));
  t.same((await cutsOf(source, 100, known))[0], { start: 0, end: before.length });
});

t.test('only bytes around the cuts are read', async (t) => {
  const bytes = logBytes({ seed: 1, bytes: 8 * 2 ** 20 });
  const source = memorySource(bytes);
  let read = 0;
  const counting: LogSource = {
    ...source,
    readInto: (buffer, position) => {
      read += buffer.length;
      return source.readInto(buffer, position);
    },
  };
  const cuts = await cutsOf(counting, 2 ** 20, known);
  t.ok(cuts.length >= 8 && covers(cuts, 0, bytes.length));
  for (const { start, end } of cuts) t.ok(end - start <= 2 ** 20, `${end - start} bytes`);
  t.ok(read < 400_000, `${read} bytes read`);
});

t.test('every cut position of a small file gives the same blocks', async (t) => {
  const text =
    `\ufeffx\r\n${info}${error}\tat año 🙂\r\n\n${error}[2024-01-02T12:00:00Z] [error] b\r\nCaused by: x\n` +
    'Jan 02, 2024 3:04:05 PM a.B c\nSEVERE: y\n\tat x\nJan 02, 2024 3:04:05 PM a.B c\nINFO: y\n2024-01-02 12:00:00 ERROR';
  const bytes = Buffer.from(text);
  const source = memorySource(bytes);
  const expected = blocksOf(bytes, { mtimeMs: written });
  t.equal(expected.length, 5);
  for (let position = 1; position <= bytes.length; position += 1) {
    t.same(await blocksByChunks(source, position, known), expected, `chunks of ${position}`);
    const cut = await findCut(source, 0, bytes.length, position, known);
    if (cut === null) continue;
    t.ok(cut > 0 && cut < bytes.length);
    const first = await scan(source, known, { start: 0, end: cut });
    const second = await scan(source, known, { start: cut, end: bytes.length });
    t.same([...first.found, ...second.found], expected, `cut at ${cut}, wanted at ${position}`);
  }
});

t.test('findCut', async (t) => {
  const source = memorySource(Buffer.from(`${info}${error}\tat x\n${info}`));
  const second = info.length;
  const third = source.size - info.length;
  t.equal(await findCut(source, 0, source.size, second + 3, known), second);
  t.equal(await findCut(source, 0, source.size, third, known), third);
  t.equal(await findCut(source, 0, source.size, 5, known), second, 'the start itself is no cut');
  t.equal(await findCut(source, second, source.size, second + 3, known), third);
  t.equal(await findCut(source, second, third, second + 3, known), null, 'one block');
  t.equal(await findCut(source, third, source.size, source.size, known), null);
});

t.test('any text, any chunk size', async (t) => {
  const line = fc.oneof(
    fc.constantFrom(
      info,
      error,
      '2024-01-02 12:00:00,123 [main] ERROR año 🙂 7\r\n',
      'Jan  2 12:00:00 h p[1]: error: x\n',
      'Jan 02, 2024 3:04:05 PM a.B c\n',
      'SEVERE: y\n',
      'INFO: y\n',
      '<11>1 2024-01-02T12:00:00Z h\n',
      '\tat x\n',
      '\n',
      '2024-01-02 12:00:00',
      'ERROR ',
    ),
    fc.string().map((text) => `${text}\n`),
    fc.string({ unit: 'grapheme' }).map((text) => `2024-01-02 12:00:00 ERROR ${text}\n`),
    fc.integer({ min: 1, max: 9000 }).map((length) => 'y'.repeat(length)),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 40 }).map((lines) => Buffer.from(lines.join(''))),
      fc.integer({ min: 1, max: 3000 }),
      async (bytes, chunkSize) => {
        const source = memorySource(bytes);
        const cuts = await cutsOf(source, chunkSize, known);
        if (!covers(cuts, 0, bytes.length)) throw new Error(`gaps: ${JSON.stringify(cuts)}`);
        const expected = JSON.stringify(blocksOf(bytes, { mtimeMs: written }));
        const found = JSON.stringify(await blocksByChunks(source, chunkSize, known));
        if (found !== expected) throw new Error(`${found}\ninstead of\n${expected}`);
      },
    ),
    { numRuns: Number(process.env['CARRIL_PROPERTY_RUNS'] ?? 300) },
  );
  t.pass('the same blocks as the plain reader');
});
