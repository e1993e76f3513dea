import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import t from 'tap';

import { writeLog } from '../../benchmarks/log-generator.js';
import { referenceBlocks } from '../logs/reference.js';
import { freshDatabase, runCarril, spawnCarril } from '../testing/index.js';
import { testSize } from '../testing/thorough.js';
import { waitUntilBlocked } from '../testing/wait.js';
import {
  blockText,
  blocksOfFile,
  entries,
  onlyFile,
  peakMemory,
  scan,
  scanJob,
  storedBlocks,
} from './logs-support.js';
import { holdTable } from './support.js';

const db = await freshDatabase(t);
const { engine, env } = db;
const folder = mkdtempSync(join(tmpdir(), 'carril-logs-'));
t.teardown(() => {
  rmSync(folder, { recursive: true, force: true });
});
const carril = (...args: string[]) => runCarril(args, { env, cwd: folder });
const megabytes = testSize('CARRIL_TEST_LOG_MB', { quick: 5, full: 64 });

/** What the independent reader finds in a file. */
async function reference(path: string): Promise<string[]> {
  return (await referenceBlocks(path)).map(blockText);
}

async function count(table: string): Promise<number> {
  const [row] = await engine.query(`SELECT COUNT(*) AS n FROM ${table}`);
  return Number(row?.['n']);
}

t.test('every way of scanning finds what an independent reader finds', async (t) => {
  const file = join(folder, 'large.log');
  await writeLog(file, { seed: 11, bytes: megabytes * 2 ** 20, style: 'mixed' });
  const expected = await reference(file);
  t.ok(expected.length > 100, `${expected.length} blocks`);
  /** Block by block: what differs first. */
  const difference = async (job: string): Promise<unknown> => {
    const stored = await storedBlocks(engine, job);
    const at = Array.from({ length: Math.max(stored.length, expected.length) }, (_none, i) => i).find(
      (i) => stored[i] !== expected[i],
    );
    return at === undefined ? undefined : { at, stored: stored[at], expected: expected[at] };
  };

  for (const lanes of ['1', '2', '4']) {
    t.test(`${lanes} lanes`, async (t) => {
      const { job, state, bytes, blocks, chunks } = await scan(env, file, '--lanes', lanes, '--again');
      t.match({ state, blocks }, { state: 'COMPLETADO', blocks: expected.length });
      t.ok(chunks > bytes / 2 ** 21, `${chunks} chunks`);
      t.equal(await difference(job), undefined);
    });
  }

  t.test('two processes', async (t) => {
    const barrier = await holdTable(engine, 'logs.Bloques_Error');
    const first = spawnCarril(['logs', 'scan', file, '--lanes', '2', '--again'], { env });
    const job = await scanJob(first);
    await waitUntilBlocked(engine, 2);
    const second = spawnCarril(['logs', 'scan', file, '--lanes', '2', '--json'], { env });
    t.equal(await scanJob(second, 'joined'), job);
    await waitUntilBlocked(engine, 4);
    await barrier.release();
    const results = await Promise.all([first.done, second.done]);
    t.same(
      results.map(({ code }) => code),
      [0, 0],
      results.map(({ stderr }) => stderr).join('\n'),
    );
    t.match(onlyFile(results[1].stdout), { job, state: 'COMPLETADO', blocks: expected.length });
    t.equal(await difference(job), undefined);
  });

  t.test('small chunks', async (t) => {
    const small = join(folder, 'small-chunks.log');
    await writeLog(small, { seed: 12, bytes: 2 ** 20 });
    const { job, chunks } = await scan(env, small, '--chunk-size', '4KB');
    t.ok(chunks > 200, `${chunks} chunks`);
    t.same(await storedBlocks(engine, job), await reference(small));
  });

  t.test('sequentially', async (t) => {
    const { job, state, blocks, chunks } = await scan(env, file, '--sequential', '--again');
    t.match({ state, blocks, chunks }, { state: 'COMPLETADO', blocks: expected.length, chunks: 0 });
    t.equal(await difference(job), undefined);
  });

  t.test('compressed', async (t) => {
    const packed = join(folder, 'large.log.gz');
    writeFileSync(packed, gzipSync(readFileSync(file), { level: 1 }));
    const { job, chunks } = await scan(env, packed);
    t.equal(chunks, 1);
    t.equal(await difference(job), undefined);
    const sequential = await scan(env, packed, '--again', '--sequential');
    t.equal(await difference(sequential.job), undefined);
    t.match(await scan(env, packed), { job: sequential.job, bytes: 0 }, 'nothing new');
    writeFileSync(packed, gzipSync(entries(0, 50)), { flag: 'a' });
    const grown = await scan(env, packed);
    t.match(grown, { state: 'COMPLETADO', from: 0, blocks: expected.length + 5 }, 'read anew as a whole');
  });
});

t.test('nothing but errors in one large chunk stays small in memory', async (t) => {
  const file = join(folder, 'dense.log');
  await writeLog(file, { seed: 13, bytes: 48 * 2 ** 20, errorsPerMille: 1000 });
  const child = spawnCarril(['logs', 'scan', file, '--chunk-size', '1GB', '--json'], { env });
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, peakMemory(child.pid) ?? 0);
  }, 20);
  const { code, stdout, stderr } = await child.done;
  clearInterval(watch);
  t.equal(code, 0, stderr);
  const expected = await reference(file);
  const { job, chunks } = onlyFile(stdout);
  t.equal(chunks, 1);
  t.same((await storedBlocks(engine, job)).length, expected.length);
  t.ok(peak < 300, `${Math.round(peak)} MB`);
});

t.test('only what was added is read', async (t) => {
  const file = join(folder, 'growing.log');
  writeFileSync(file, entries(1, 99));
  const size = () => readFileSync(file).length;
  const first = await scan(env, file);
  t.match(first, { from: 0, to: size(), bytes: size(), blocks: 9 });

  const unchanged = await carril('logs', 'scan', 'growing.log');
  t.equal(unchanged.code, 0, unchanged.stderr);
  t.match(unchanged.stdout, `nothing new since job ${first.job}`);
  t.match(await scan(env, file), { job: first.job, bytes: 0, from: size(), to: size() });

  const before = size();
  appendFileSync(file, entries(100, 101));
  const grown = await scan(env, file, '--sequential');
  t.match(grown, { from: before, to: size(), blocks: 11 });
  t.same(await blocksOfFile(engine, file), await reference(file));

  // its last block ends with the file, and goes on
  appendFileSync(file, 'caused by: a thing\n');
  const longer = await scan(env, file);
  t.match(longer, { to: size(), blocks: 1 });
  t.same(await blocksOfFile(engine, file), await reference(file));

  // a first line that was only half written
  appendFileSync(file, '2024-05-07 09:00:00.000 ERR');
  await scan(env, file);
  t.same(await blocksOfFile(engine, file), await reference(file));
  appendFileSync(file, 'OR at the end');
  t.match(await scan(env, file), { blocks: 1 });
  t.same(await blocksOfFile(engine, file), await reference(file));
  const { stdout } = await carril('logs', 'report', '--file', 'growing.log', '--json');
  t.match(JSON.parse(stdout), { blocks: (await reference(file)).length });
});

t.test('another file under the name is a new file', async (t) => {
  const file = join(folder, 'rotated.log');
  writeFileSync(file, entries(1, 200));
  const first = await scan(env, file);
  for (const [what, text] of [
    ['shorter', entries(300, 50)],
    ['longer', entries(400, 500)],
    ['with the same head and another end', `${entries(400, 300)}${entries(3000, 400)}`],
  ] as const) {
    writeFileSync(file, text);
    const { job, from, state } = await scan(env, file);
    t.not(job, first.job);
    t.match({ from, state }, { from: 0, state: 'COMPLETADO' }, what);
    t.same(await blocksOfFile(engine, file), await reference(file), what);
  }
  writeFileSync(file, '');
  t.match(await scan(env, file), { job: null, bytes: 0, state: 'COMPLETADO' });
});

t.test('other options than the last time need --again', async (t) => {
  const file = join(folder, 'options.log');
  writeFileSync(
    file,
    '01/02/2024 10:00:00 nota\n01/02/2024 10:00:01 FALLO grave\n  detalle\n01/02/2024 10:00:02 nota\n',
  );
  t.match(await scan(env, file), { blocks: 0 });
  const options = ['--format', '%d/%m/%Y %H:%M:%S', '--pattern', '(?<level>FALLO)'];
  const refused = await carril('logs', 'scan', file, ...options);
  t.equal(refused.code, 2);
  t.match(refused.stderr, /--again/);
  const { job, blocks } = await scan(env, file, ...options, '--again');
  t.equal(blocks, 1);
  const { stdout } = await carril('logs', 'report', '--json');
  t.same(JSON.parse(stdout), {
    job,
    blocks: 1,
    distinct: 1,
    shown: 1,
    signatures: [
      {
        signature: 'FALLO grave',
        level: 'FALLO',
        count: 1,
        first: '2024-02-01T10:00:01.000Z',
        last: '2024-02-01T10:00:01.000Z',
        example: '01/02/2024 10:00:01 FALLO grave',
      },
    ],
  });
});

t.test('several files, one after another; a name given twice counts once', async (t) => {
  writeFileSync(join(folder, 'a.log'), entries(0, 100));
  writeFileSync(join(folder, 'b.log'), entries(0, 50));
  const { code, stdout, stderr } = await carril(
    ...['logs', 'scan', 'a.log', './b.log', 'a.log', '--lanes', '0', '--lanes', '2', '--json'],
  );
  t.equal(code, 0, stderr);
  const { files } = JSON.parse(stdout) as { files: { file: string; blocks: number }[] };
  t.same(
    files.map(({ file, blocks }) => [file, blocks]),
    [
      [join(folder, 'a.log'), 10],
      [join(folder, 'b.log'), 5],
    ],
  );
});

t.test('what cannot be scanned is refused before anything is registered', async (t) => {
  mkdirSync(join(folder, 'sub'));
  symlinkSync('nowhere', join(folder, 'dangling.log'));
  const good = join(folder, 'never.log');
  writeFileSync(good, entries(0, 10));
  const before = await count('trabajo.Trabajos');
  for (const [args, says] of [
    [['sub'], /sub is a directory/],
    [['-'], /not from standard input/],
    [[''], /is empty/],
    [['missing.log'], /missing\.log: there is no such file/],
    [['dangling.log'], /dangling\.log/],
    [['x'.repeat(401)], /400 characters/],
    [['never.log', '--pattern', '('], /--pattern/],
    [['never.log', '--format', '%q'], /--format/],
    [['never.log', '--chunk-size', '10'], /--chunk-size/],
    [['never.log', '--chunk-size', 'much'], /--chunk-size/],
    [['never.log', '--lanes', '0'], /--lanes/],
  ] as const) {
    const { code, stderr } = await carril('logs', 'scan', good, ...args);
    t.equal(code, 2, args.join(' '));
    t.match(stderr, says);
  }
  t.equal((await carril('logs', 'scan')).code, 2);
  t.match(await carril('logs', 'scan', '-'), { code: 2, stderr: /not from standard input/ });
  t.equal(await count('trabajo.Trabajos'), before);
});

t.test('a log that is not understood does not pass as clean', async (t) => {
  const utf16 = Buffer.from(entries(0, 50), 'utf16le');
  const utf32 = Buffer.alloc(utf16.length * 2);
  for (let i = 0; i < utf16.length; i += 2) utf32[i * 2] = utf16[i] ?? 0;
  const before = await count('trabajo.Trabajos');
  for (const [name, bytes, says] of [
    ['utf16-mark.log', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]), /iconv -f UTF-16LE/],
    ['utf16.log', utf16, /iconv -f UTF-16LE/],
    ['utf16-be.log', Buffer.from(utf16).swap16(), /iconv -f UTF-16BE/],
    ['utf32.log', utf32, /iconv -f UTF-32LE/],
    ['utf16.log.gz', gzipSync(utf16), /iconv -f UTF-16LE/],
    ['log.zst', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3]), /zstd/],
    ['log.bz2', Buffer.from('BZh91AY&SY'), /bzip2/],
    ['log.xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 1]), /xz/],
    ['log.zip', Buffer.from('PK\x03\x04'), /zip/],
    ['binary', Buffer.from('\x7fELF\x02\0\0\0abc'), /NUL/],
  ] as const) {
    writeFileSync(join(folder, name), bytes);
    const { code, stderr } = await carril('logs', 'scan', name);
    t.equal(code, 2, name);
    t.match(stderr, says);
  }
  t.equal(await count('trabajo.Trabajos'), before, 'nothing is registered');

  writeFileSync(join(folder, 'stray-nul.log'), entries(0, 10).replace('placed', '\0'));
  const stray = await scan(env, join(folder, 'stray-nul.log'));
  t.same([stray.state, stray.blocks, stray.recognised], ['COMPLETADO', 1, true]);

  writeFileSync(join(folder, 'unknown-format.log'), '01/02/2024 10:00:00 ERROR grave\n'.repeat(10));
  for (const what of ['scanned', 'nothing new']) {
    const { code, stdout, stderr } = await carril('logs', 'scan', 'unknown-format.log', '--json');
    t.equal(code, 0, what);
    t.match(stderr, 'no line begins with a timestamp that is recognised: is --format needed?');
    t.equal(onlyFile(stdout).recognised, false);
  }
});

t.test('two sequential scans at once both end well', async (t) => {
  const file = join(folder, 'twice.log');
  await writeLog(file, { seed: 14, bytes: 8 * 2 ** 20 });
  const expected = await reference(file);
  const barrier = await holdTable(engine, 'logs.Bloques_Error');
  const first = spawnCarril(['logs', 'scan', file, '--sequential', '--json'], { env });
  const job = await scanJob(first);
  const second = spawnCarril(['logs', 'scan', file, '--sequential', '--json'], { env });
  t.equal(await scanJob(second, 'joined'), job);
  await waitUntilBlocked(engine, 2);
  await barrier.release();
  for (const { code, stdout, stderr } of await Promise.all([first.done, second.done])) {
    t.equal(code, 0, stderr);
    const { job: ended, state, error } = onlyFile(stdout);
    t.same({ ended, state, error }, { ended: job, state: 'COMPLETADO', error: null });
  }
  t.same(await storedBlocks(engine, job), expected);
});

t.test('--json says why a file failed', async (t) => {
  const packed = gzipSync(entries(0, 20_000));
  writeFileSync(join(folder, 'cut-off.gz'), packed.subarray(0, packed.length - 100));
  for (const args of [[], ['--sequential']]) {
    const { code, stdout } = await carril('logs', 'scan', 'cut-off.gz', '--json', ...args);
    t.equal(code, 1);
    const { state, error } = onlyFile(stdout);
    t.equal(state === 'COMPLETADO', false);
    t.match(error, /is cut off/);
  }
});

t.test('report groups by signature, of a job, of a file, of the newest', async (t) => {
  const file = join(folder, 'report.log');
  writeFileSync(file, entries(0, 100));
  const { job } = await scan(env, file);
  const expected = {
    job,
    blocks: 10,
    distinct: 1,
    shown: 1,
    signatures: [
      {
        signature: 'ERROR [worker-<n>] order <n> failed',
        level: 'ERROR',
        count: 10,
        first: '2024-05-06T00:00:00.000Z',
        last: '2024-05-06T00:01:30.000Z',
        example: '2024-05-06 00:00:00.000 ERROR [worker-0] order 0 failed',
      },
    ],
  };
  for (const args of [[job], [], ['--file', 'report.log']]) {
    const { stdout, stderr } = await carril('logs', 'report', ...args, '--json');
    t.same(JSON.parse(stdout), expected, stderr);
  }
  const text = await carril('logs', 'report');
  t.match(text.stdout, /job \d+ of .*report\.log: COMPLETADO, 10 blocks, 1 signatures/);
  t.match(text.stdout, /10 {2}ERROR {2}2024-05-06T00:00:00.000Z/);
  t.match(text.stdout, /signature +example\n.* order 0 failed$/m, 'with an example');
  t.match(await carril('logs', 'report', '999999'), { code: 1, stderr: /job 999999.*carril logs scan/ });
  t.match(await carril('logs', 'report', 'x'), { code: 2 });
  t.match(await carril('logs', 'report', '--file', 'unknown.log'), {
    code: 1,
    stderr: /unknown\.log.*carril logs scan/,
  });
});

t.test('sync writes what the database knows, in one step', async (t) => {
  const own = join(folder, 'sync');
  mkdirSync(own);
  const file = join(folder, 'report.log');
  const state = join(own, 'state.json');
  const { code, stderr } = await carril('logs', 'sync', '--state', state, file);
  t.equal(code, 0, stderr);
  const size = readFileSync(file).length;
  const written = JSON.parse(readFileSync(state, 'utf8')) as { files: { chunks: unknown[] }[] };
  t.match(written, {
    version: 1,
    files: [
      {
        file,
        state: 'COMPLETADO',
        read: size,
        chunks: [{ from: 0, to: size, state: 'COMPLETADO', holder: null, attempt: 1 }],
      },
    ],
  });
  t.equal(written.files.length, 1);
  t.same(readdirSync(own), ['state.json'], 'nothing beside it');
  const all = await runCarril(['logs', 'sync', '--json'], { env, cwd: own });
  t.match(JSON.parse(all.stdout), { state: 'carril-logs.json' });
  t.ok(
    (JSON.parse(readFileSync(join(own, 'carril-logs.json'), 'utf8')) as { files: unknown[] }).files.length >
      3,
  );
  const nowhere = await carril('logs', 'sync', '--state', join(own, 'no', 'state.json'));
  t.equal(nowhere.code, 1);
  t.match(nowhere.stderr, /no[/]state\.json: there is no such file or directory/);
  const directory = await carril('logs', 'sync', '--state', own);
  t.equal(directory.code, 1);
  t.match(directory.stderr, /is a directory/);

  chmodSync(state, 0o640);
  const before = readFileSync(state, 'utf8');
  const typo = await carril('logs', 'sync', '--state', state, 'typo.log');
  t.equal(typo.code, 1);
  t.match(typo.stderr, /typo\.log was never scanned/);
  t.equal(readFileSync(state, 'utf8'), before, 'nothing is overwritten');
  t.equal((await carril('logs', 'sync', '--state', state, file)).code, 0);
  t.equal(statSync(state).mode & 0o777, 0o640, 'who may read it stays as it was');
});
