import { closeSync, ftruncateSync, openSync, truncateSync, writeSync } from 'node:fs';

import t from 'tap';

import { logBytes, writeLog } from '../../benchmarks/log-generator.js';
import type { LogStyle } from '../../benchmarks/log-generator.js';
import type { LogBlock } from '../../runner/logs/block.js';
import { BlockScanner } from '../../runner/logs/block-scanner.js';
import { scanRange } from '../../runner/logs/scan.js';
import { seeded } from '../../runner/load/random.js';
import { blocksOf, referenceBlocks } from './reference.js';
import {
  blocksByChunks,
  blocksIn,
  fileWith,
  memorySource,
  recogniser,
  scan,
  withSource,
  written,
} from './support.js';

const styles: readonly LogStyle[] = ['log4j', 'iso', 'syslog', 'rfc5424', 'tomcat', 'jul', 'mixed'];

/** The blocks that are found when the bytes come in pieces of these lengths, over and over. */
function byPieces(bytes: Buffer, lengths: readonly number[]): LogBlock[] {
  const scanner = new BlockScanner(recogniser(), 0);
  const found: LogBlock[] = [];
  for (let from = 0, n = 0; from < bytes.length; n += 1) {
    const piece = bytes.subarray(from, from + (lengths[n % lengths.length] ?? 1));
    piece.copy(scanner.space);
    from += piece.length;
    found.push(...scanner.take(piece.length, from >= bytes.length));
  }
  return found;
}

t.test('a block from its first line to the next timestamp', async (t) => {
  const text = [
    '\tat before.any.Entry(X.java:1)',
    'ERROR without a timestamp',
    '2024-01-02 12:00:00,001 [main] INFO  a.B - retry of the ERROR',
    '2024-01-02 12:00:00,002 [main] ERROR a.B - fund 7 failed',
    'java.lang.IllegalStateException: x',
    '\tat a.B.c(B.java:17)',
    '',
    'Caused by: ERROR 12',
    '2024-01-02 12:00:00,003 [main] FATAL a.B - again',
    '2024-01-02 12:00:00,004 [main] WARN  a.B - slow',
    '  ERROR: this belongs to the warning',
    '',
  ].join('\n');
  const first = text.indexOf('2024-01-02 12:00:00,002');
  const second = text.indexOf('2024-01-02 12:00:00,003');
  const third = text.indexOf('2024-01-02 12:00:00,004');
  t.same(await blocksIn(text), [
    {
      byteStart: first,
      byteEnd: second,
      level: 'ERROR',
      at: new Date('2024-01-02T12:00:00.002Z'),
      signature: '[main] ERROR a.B - fund <n> failed',
      firstLine: '2024-01-02 12:00:00,002 [main] ERROR a.B - fund 7 failed',
      text: text.slice(first, second - 1),
      truncated: false,
    },
    {
      byteStart: second,
      byteEnd: third,
      level: 'FATAL',
      at: new Date('2024-01-02T12:00:00.003Z'),
      signature: '[main] FATAL a.B - again',
      firstLine: '2024-01-02 12:00:00,003 [main] FATAL a.B - again',
      text: '2024-01-02 12:00:00,003 [main] FATAL a.B - again',
      truncated: false,
    },
  ]);
});

t.test('generated logs: the same blocks as the plain reader, whole, in chunks and in pieces', async (t) => {
  for (const [seed, style] of styles.entries()) {
    for (const crlf of [false, true]) {
      const bytes = logBytes({ seed, style, crlf, bytes: 120_000, errorsPerMille: 60, noFinalNewline: crlf });
      const expected = blocksOf(bytes, { mtimeMs: written });
      const source = memorySource(bytes);
      t.ok(expected.length > 10, `${style}: ${expected.length} blocks`);
      t.same((await scan(source, recogniser())).found, expected, `${style}, whole`);
      for (const size of [1, 777, 10_000, 50_000])
        t.same(await blocksByChunks(source, size, recogniser()), expected, `${style}, chunks of ${size}`);
      t.same(byPieces(bytes, [1000, 1, 4096, 333]), expected, `${style}, in pieces`);
    }
  }
});

t.test('a file larger than many windows', async (t) => {
  const path = fileWith('');
  const made = await writeLog(path, { seed: 5, bytes: 6 * 2 ** 20, style: 'mixed' });
  await withSource(path, async (source) => {
    const known = recogniser({ mtimeMs: source.mtimeMs });
    const expected = await referenceBlocks(path, { mtimeMs: source.mtimeMs });
    t.equal(expected.length, made.blocks, 'as many as were made');
    const positions: number[] = [];
    const found: LogBlock[] = [];
    const result = await scanRange(source, 0, source.size, known, (block) => void found.push(block), {
      onProgress: (position) => positions.push(position),
    });
    t.same(found, expected);
    t.same([result.bytes, result.blocks], [made.bytes, made.blocks]);
    t.same([positions.length, positions.at(-1)], [7, made.bytes], 'progress after each window');
    t.same(await blocksByChunks(source, 300_000, known), expected, 'in chunks');
  });
});

t.test('lines that were drawn at random', (t) => {
  const random = seeded(99);
  const pieces = [
    '2024-01-02 12:00:00,1 ERROR a',
    '2024-01-02 12:00:00,2 INFO ERROR',
    '2024-01-02 12:00:00 ',
    '[2024-01-02T12:00:00Z] [error] 12 ñ',
    'Jan  2 12:00:00 h p[1]: fatal: x 10.0.0.1',
    'Jan 02, 2024 3:04:05 PM a.B c\n',
    'SEVERE: y',
    'INFO: z',
    '<11>1 2024-01-02T12:00:00Z h p - - - m',
    '<14>1 - h',
    '2024-01-02',
    ' ERROR',
    'x'.repeat(300),
    'é'.repeat(40),
    '🙂',
    '\0',
    '\r',
    '\r\n',
    '\n',
    '\n',
    '\n',
    '\n\n',
  ].map((text) => Buffer.from(text));
  pieces.push(Buffer.from([0xff]), Buffer.from([0xe2, 0x82]), Buffer.from([0xef, 0xbb, 0xbf]));
  for (let round = 0; round < 400; round += 1) {
    const drawn = Array.from(
      { length: random.between(0, 60) },
      () => pieces[random.between(0, pieces.length - 1)] ?? Buffer.alloc(0),
    );
    const bytes = Buffer.concat(drawn);
    const expected = blocksOf(bytes, { mtimeMs: written });
    t.same(byPieces(bytes, [1 << 20]), expected, 'at once');
    t.same(byPieces(bytes, [random.between(1, 40), random.between(1, 5000)]), expected, 'in pieces');
  }
  t.end();
});

t.test('what was read before is no part of the file', (t) => {
  const entry = '2024-01-02 12:00:00 ERROR a\n';
  const scanner = new BlockScanner(recogniser(), 0);
  const take = (text: string, last: boolean) => scanner.take(scanner.space.write(text), last).length;
  // the second window is shorter: behind its ERR the first one's OR still stands
  t.equal(take(entry.repeat(400), false) + take('2024-01-02 12:00:00 ERR', true), 400);
  t.end();
});

t.test('line ends, byte order mark, no line end at the end', async (t) => {
  const first = '2024-01-02 12:00:00 ERROR a';
  t.match(await blocksIn(`${first}\r\n\tat x\r\n`), [
    { byteStart: 0, byteEnd: 36, text: `${first}\r\n\tat x`, firstLine: first, signature: 'ERROR a' },
  ]);
  t.match(await blocksIn(`\ufeff${first}\nx`), [{ byteStart: 3, byteEnd: 32, text: `${first}\nx` }]);
  t.match(await blocksIn(`x\n\ufeff${first}\n`), [], 'a mark elsewhere is none');
  t.same(await blocksIn('\ufeff'), []);
  t.match(await blocksIn(first), [{ byteEnd: 27, text: first, truncated: false }]);
  t.match(await blocksIn(`${first}\n\n\r\n\n`), [{ byteEnd: 32, text: first }], 'empty lines at the end');
  t.match(await blocksIn(`${first}\rb\n`), [{ text: `${first}\rb` }], 'a lone carriage return ends no line');
});

t.test('nothing to find', async (t) => {
  for (const text of ['', '\n', 'no timestamp\nERROR\n', '2024-01-02 12:00:00 INFO a\nERROR\n'])
    t.same(await blocksIn(text), [], JSON.stringify(text));
});

t.test('bytes that are no text', async (t) => {
  const bytes = Buffer.concat([
    Buffer.from('2024-01-02 12:00:00 ERROR a\0b '),
    Buffer.from([0xff, 0xfe, 0xc3]),
    Buffer.from('\n\0\0\0\n'),
  ]);
  const line = '2024-01-02 12:00:00 ERROR a\ufffdb \ufffd\ufffd\ufffd';
  t.match(await blocksIn(bytes), [
    { byteEnd: bytes.length, firstLine: line, text: `${line}\n\ufffd\ufffd\ufffd`, truncated: false },
  ]);
  t.match(await blocksIn(bytes.subarray(0, 33)), [{ firstLine: line, text: line }], 'cut in a character');
});

t.test('a text is capped at 64 KiB, its byte range is not', async (t) => {
  const first = '2024-01-02 12:00:00 ERROR a\n';
  const cap = 65_536;
  const block = async (rest: string | Buffer) => {
    const bytes = Buffer.concat([Buffer.from(first), Buffer.from(rest)]);
    const [found, ...others] = await blocksIn(
      Buffer.concat([bytes, Buffer.from('\n2024-01-02 12:00:00 x\n')]),
    );
    t.same(others, []);
    t.equal(found?.byteEnd, bytes.length + 1);
    t.ok(Buffer.byteLength(found?.text ?? '') <= cap);
    return { length: Buffer.byteLength(found?.text ?? ''), truncated: found?.truncated, text: found?.text };
  };
  const room = cap - first.length;
  t.match(
    await block('x'.repeat(room - 1)),
    { length: cap - 1, truncated: false },
    'with its line end it just fits',
  );
  t.match(await block('x'.repeat(room)), { length: cap, truncated: true });
  t.match(await block('x'.repeat(3_000_000)), { length: cap, truncated: true }, 'over several windows');
  t.match(await block('at x\n'.repeat(600_000)), { truncated: true }, 'many lines');
  for (const letter of ['é', '€', '🙂']) {
    for (let shift = 0; shift < 4; shift += 1) {
      const { text = '', length, truncated } = await block('x'.repeat(shift) + letter.repeat(cap));
      t.ok(length > cap - 4 && truncated === true, `${letter} ${shift}: ${length} bytes`);
      t.notOk(text.includes('\ufffd'), 'no character is cut');
    }
  }
  // each of these bytes takes three as U+FFFD
  t.match(await block(Buffer.alloc(40_000, 0xff)), { length: cap, truncated: true });
});

t.test('characters and blocks at every place of a window’s border', async (t) => {
  const first = '2024-01-02 12:00:00,000 ERROR año €🙂 ';
  const entry = `${first}\n  détail 🙂🙂\n2024-01-02 12:00:00,001 INFO b\n`;
  const length = Buffer.byteLength(entry);
  for (let shift = 0; shift <= length; shift += 1) {
    const before = `${'x'.repeat((1 << 20) - shift - 1)}\n`;
    const [found, ...others] = await blocksIn(before + entry);
    t.same(others, []);
    t.same(
      [found?.byteStart, found?.text, found?.signature],
      [before.length, `${first}\n  détail 🙂🙂`, 'ERROR año €🙂'],
      `${shift} before the border`,
    );
  }
});

t.test('a line of 50 MB', async (t) => {
  const path = fileWith('2024-01-02 12:00:00 ERROR a ');
  const behind = 50 * 2 ** 20;
  // a hole in the file reads as zeros
  truncateSync(path, behind);
  const file = openSync(path, 'r+');
  writeSync(file, ' end\n2024-01-02 12:00:01 ERROR b\n', behind);
  closeSync(file);
  await withSource(path, async (source) => {
    const { found } = await scan(source, recogniser());
    t.match(found, [
      { byteStart: 0, byteEnd: behind + 5, truncated: true, level: 'ERROR' },
      { byteStart: behind + 5, byteEnd: behind + 33, truncated: false, signature: 'ERROR b' },
    ]);
    t.equal(found[0]?.firstLine.length, 1000);
    t.equal(found[0]?.signature.length, 400);
    t.same(found, await referenceBlocks(path, { mtimeMs: written }));
    t.same(await blocksByChunks(source, 2 ** 20, recogniser()), found, 'in chunks');
  });
});

t.test('--pattern', async (t) => {
  const text = [
    '2024-01-02 12:00:00 [main] WARN slow query 17',
    'WARN slow without a timestamp',
    '2024-01-02 12:00:01 [main] ERROR not asked for',
    '2024-01-02 12:00:02 [main] warn Slow año',
    '',
  ].join('\r\n');
  t.match(await blocksIn(text, recogniser({ pattern: 'WARN.*slow' })), [
    {
      level: 'ERROR',
      text: '2024-01-02 12:00:00 [main] WARN slow query 17\r\nWARN slow without a timestamp',
    },
  ]);
  const named = recogniser({ pattern: '(?i)(?<level>warn) slow (?:query|año$)' });
  t.match(await blocksIn(text, named), [
    { level: 'WARN' },
    { level: 'WARN', signature: '[main] warn Slow año' },
  ]);
  const long = recogniser({ pattern: '(?<level>.*) \\[|(?<other>ERROR)' });
  t.match((await blocksIn(text, long))[0], { level: '2024-01-02 12:00:00' });
  t.match(await blocksIn(text, recogniser({ pattern: 'ERROR|(?<level>x)' })), [{ level: 'ERROR' }]);
  t.equal((await blocksIn(text, recogniser({ pattern: '(?<level>.*)' })))[0]?.level.length, 20);
  for (const pattern of ['WARN.*slow', '(?i)(?<level>warn) slow (?:query|año$)', '(?<level>.*)'])
    t.same(
      await blocksIn(text, recogniser({ pattern })),
      blocksOf(Buffer.from(text), { pattern, mtimeMs: written }),
      pattern,
    );
  t.throws(() => recogniser({ pattern: '(' }), {
    name: 'UsageError',
    message: /--pattern: '\(' is no regular expression: .*Unterminated group/,
  });
});

t.test('--format with the day first', async (t) => {
  const text = [
    '02/01/2024 12:00:00 ERROR a',
    '2024-01-02 12:00:00 ERROR is no beginning here',
    '13/01/2024 12:00:01 INFO b',
    '14/01/2024 1:00:01 [error] c',
    '',
  ].join('\n');
  const format = '%d/%m/%Y %H:%M:%S';
  const found = await blocksIn(text, recogniser({ format }));
  t.match(found, [
    { at: new Date('2024-01-02T12:00:00Z'), signature: 'ERROR a' },
    { at: new Date('2024-01-14T01:00:01Z'), signature: '[error] c' },
  ]);
  t.same(found, blocksOf(Buffer.from(text), { format, mtimeMs: written }));
});

t.test('syslog over New Year', async (t) => {
  const lines = ['Dec 31 23:59:59', 'Jan  1 00:00:00', '<11>Dec 31 23:59:59', '<11>Jan  1 00:00:00'];
  const found = await blocksIn(lines.map((line) => `${line} host app[1]: error: x\n`).join(''));
  t.same(
    found.map(({ at }) => at?.getUTCFullYear()),
    [2023, 2024, 2023, 2024],
  );
});

t.test('RFC 5424: the severity decides, not the words', async (t) => {
  const lines = Array.from(
    { length: 8 },
    (_unused, n) => `<${16 * 8 + n}>1 2024-01-02T12:00:00Z h a - - - ERROR\n`,
  );
  t.same(
    (await blocksIn(lines.join(''))).map(({ level, signature }) => [level, signature]),
    ['EMERG', 'ALERT', 'CRIT', 'ERROR'].map((level) => [level, 'h a - - - ERROR']),
  );
  t.match(await blocksIn('<11>1 - h a - - - no clock\n'), [
    { level: 'ERROR', at: null, signature: 'h a - - - no clock' },
  ]);
});

t.test('java.util.logging: the level on the second line', async (t) => {
  const first = 'Jan 02, 2024 3:04:05 PM a.B c';
  t.match(await blocksIn(`${first}\r\nSEVERE: fund 7\r\n\tat x\r\n${first}\r\nINFO: y\r\n${first}\r\n`), [
    {
      byteStart: 0,
      level: 'SEVERE',
      firstLine: `${first} SEVERE: fund 7`,
      signature: 'a.B c SEVERE: fund <n>',
      text: `${first}\r\nSEVERE: fund 7\r\n\tat x`,
    },
  ]);
  t.match(await blocksIn(`${first} ERROR\nINFO: y\n`), [{ level: 'ERROR', firstLine: `${first} ERROR` }]);
  t.same(await blocksIn(`${first}\nSEVERE`), [], 'half a word');
});

t.test('memory: a block of 64 MB costs no more than a window', async (t) => {
  const path = fileWith('2024-01-02 12:00:00 ERROR a\n');
  const file = openSync(path, 'a');
  const lines = Buffer.from('\tat a.b.C.d(C.java:1)\n'.repeat(50_000));
  for (let n = 0; n < 64; n += 1) writeSync(file, lines);
  closeSync(file);
  await withSource(path, async (source) => {
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const onProgress = () => (most = Math.max(most, process.memoryUsage().arrayBuffers - before));
    const result = await scanRange(source, 0, source.size, recogniser(), () => undefined, { onProgress });
    t.equal(result.blocks, 1);
    t.ok(most < 8 * 2 ** 20, `${most} bytes`);
  });
});

t.test('a block’s taker is waited for', async (t) => {
  const entry = '2024-01-02 12:00:00 ERROR a\n';
  let busy = false;
  let taken = 0;
  const source = memorySource(Buffer.from(entry.repeat(5)));
  await scanRange(source, 0, source.size, recogniser(), async () => {
    t.notOk(busy);
    busy = true;
    await new Promise(setImmediate);
    busy = false;
    taken += 1;
  });
  t.equal(taken, 5);
  const refused = scanRange(source, 0, source.size, recogniser(), () => {
    throw new Error('full');
  });
  await t.rejects(refused, { message: 'full' });
});

t.test('stopping, and a file that shrinks under the scan', async (t) => {
  const path = fileWith('2024-01-02 12:00:00 INFO a\n'.repeat(150_000));
  await withSource(path, async (source) => {
    const stop = new AbortController();
    let windows = 0;
    const stopped = scanRange(source, 0, source.size, recogniser(), () => undefined, {
      signal: stop.signal,
      onProgress: () => {
        windows += 1;
        stop.abort(new Error('enough'));
      },
    });
    await t.rejects(stopped, { message: 'enough' });
    t.equal(windows, 1);
    const file = openSync(path, 'r+');
    const shrunk = scanRange(source, 0, source.size, recogniser(), () => undefined, {
      onProgress: () => {
        ftruncateSync(file, 1_500_000);
      },
    });
    await t.rejects(shrunk, {
      name: 'LogInputError',
      problem: 'SHRUNK',
      message: /app\.log shrank since its scan was planned: 1500000 bytes are left of \d+$/,
    });
    closeSync(file);
  });
});
