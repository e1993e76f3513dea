import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import t from 'tap';

import { referenceBlocks } from '../logs/reference.js';
import { freshDatabase, runCarril, spawnCarril } from '../testing/index.js';
import { waitUntil, waitUntilBlocked } from '../testing/wait.js';
import { blockText, blocksOfFile, entries, onlyFile, scan, scanJob, storedBlocks } from './logs-support.js';
import { holdTable } from './support.js';

const db = await freshDatabase(t);
const { engine, env } = db;
const folder = mkdtempSync(join(tmpdir(), 'carril-logs-'));
t.teardown(() => {
  rmSync(folder, { recursive: true, force: true });
});
const carril = (...args: string[]) => runCarril(args, { env });
let files = 0;

/** A log of its own for each test, of some forty chunks of 4 KB. */
function newLog(): string {
  files += 1;
  const file = join(folder, `${files}.log`);
  writeFileSync(file, entries(0, 2500));
  return file;
}

async function reference(path: string): Promise<string[]> {
  return (await referenceBlocks(path)).map(blockText);
}

/** A scan of two lanes that stands still: both have found their chunk's blocks and cannot store them. */
async function heldScan(file: string, ...options: string[]) {
  const barrier = await holdTable(engine, 'logs.Bloques_Error');
  const child = spawnCarril(['logs', 'scan', file, '--chunk-size', '4KB', '--lanes', '2', ...options], {
    env,
  });
  const job = await scanJob(child);
  await waitUntilBlocked(engine, 2);
  return { barrier, child, job };
}

interface ChunkCounts {
  readonly total: number;
  readonly done: number;
  readonly held: number;
}

async function chunksOf(job: string): Promise<ChunkCounts> {
  const parameter = engine.dialect === 'sqlserver' ? '@p0' : '$1';
  const [row] = await engine.query(
    `SELECT COUNT(*) AS total, SUM(CASE WHEN Estado = 'COMPLETADO' THEN 1 ELSE 0 END) AS done,
       SUM(CASE WHEN Poseedor IS NULL THEN 0 ELSE 1 END) AS held
     FROM trabajo.Chunks WHERE ID_Trabajo = ${parameter}`,
    [BigInt(job)],
  );
  return { total: Number(row?.['total']), done: Number(row?.['done']), held: Number(row?.['held']) };
}

for (const goesOn of ['work', 'scan'] as const) {
  t.test(`kill -9 in the middle of a scan: carril ${goesOn} completes it`, async (t) => {
    const file = newLog();
    const { barrier, child, job } = await heldScan(file, '--lease', '2s');
    child.kill('SIGKILL');
    t.match(await child.done, { signal: 'SIGKILL' });
    await barrier.release();
    t.ok((await chunksOf(job)).done < 10, 'most of it was not done');
    if (goesOn === 'work') {
      const worked = await carril('work', '--idle-exit', '0s', '--lanes', '2');
      t.equal(worked.code, 0, worked.stderr);
    } else {
      const again = await scan(env, file);
      t.match(again, { job, state: 'COMPLETADO', blocks: 250 });
    }
    t.same(await storedBlocks(engine, job), await reference(file));
    t.match(await scan(env, file), { job, bytes: 0 }, 'nothing is left');
  });
}

t.test('Ctrl-C once: the running chunks finish, the leases go back, the same command goes on', async (t) => {
  const file = newLog();
  const { barrier, child, job } = await heldScan(file);
  child.kill('SIGINT');
  await waitUntil('it says that it is stopping', () =>
    child.stderr().includes('running chunks finish first'),
  );
  await barrier.release();
  const { code, stdout, stderr } = await child.done;
  t.equal(code, 130, stderr);
  t.match(stdout, /the same command goes on/);
  t.match(await chunksOf(job), { done: 2, held: 0 });
  t.match(await scan(env, file), { job, state: 'COMPLETADO' });
  t.same(await storedBlocks(engine, job), await reference(file));
});

t.test('Ctrl-C twice: at once, the leases go back', async (t) => {
  const file = newLog();
  const { barrier, child, job } = await heldScan(file);
  child.kill('SIGINT');
  await waitUntil('it says that it is stopping', () => child.stderr().includes('stopping'));
  child.kill('SIGINT');
  const { code, stderr } = await child.done;
  t.equal(code, 130, stderr);
  t.match(await chunksOf(job), { done: 0, held: 0 });
  await barrier.release();
  t.match(await scan(env, file), { job, state: 'COMPLETADO', blocks: 250 });
  t.same(await storedBlocks(engine, job), await reference(file));
});

t.test('a file that grows under the scan: what was added is left to the next one', async (t) => {
  const file = newLog();
  const before = statSync(file).size;
  const { barrier, child, job } = await heldScan(file, '--json');
  appendFileSync(file, entries(2500, 100));
  await barrier.release();
  const { code, stdout, stderr } = await child.done;
  t.equal(code, 0, stderr);
  t.match(onlyFile(stdout), { job, state: 'COMPLETADO', to: before, blocks: 250 });
  t.match(await scan(env, file), { from: before, to: statSync(file).size, blocks: 10 });
  t.same(await blocksOfFile(engine, file), await reference(file));
});

for (const [what, change, says] of [
  [
    'shrinks',
    (file: string) => {
      truncateSync(file, 1000);
    },
    /shrank/,
  ],
  [
    'is replaced',
    (file: string) => {
      renameSync(file, `${file}.1`);
      writeFileSync(file, entries(5000, 3000));
    },
    /replaced/,
  ],
  [
    'is moved away',
    (file: string) => {
      renameSync(file, `${file}.1`);
    },
    /cannot be read|moved away/,
  ],
  [
    'is rewritten in place, at the same length',
    (file: string) => {
      const { mtime } = statSync(file);
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll('shop', 'SHOP'));
      // a file system of coarse times would not show it; the bytes do
      utimesSync(file, mtime, mtime);
    },
    /changed|rewritten/,
  ],
] as const) {
  t.test(`a file that ${what} under the scan fails its job`, async (t) => {
    const file = newLog();
    const { barrier, child, job } = await heldScan(file, '--json');
    change(file);
    await barrier.release();
    const { code, stdout, stderr } = await child.done;
    t.equal(code, 1, stdout);
    t.match(onlyFile(stdout), { job, state: 'ERROR' });
    t.match(stderr, says);
    t.match(stderr, new RegExp(`job ${job} of .*: ERROR`));
    const { total, held } = await chunksOf(job);
    t.ok(total > 20);
    t.equal(held, 0);
    if (what === 'is moved away') return;
    const next = await scan(env, file);
    t.not(next.job, job);
    t.match(next, { state: 'COMPLETADO', from: 0 });
    t.same(await blocksOfFile(engine, file), await reference(file), 'the next scan reads it as it is');
  });
}

t.test('one that changes before its sequential scan has ended fails it as well', async (t) => {
  const file = newLog();
  const barrier = await holdTable(engine, 'trabajo.Trabajos');
  const child = spawnCarril(['logs', 'scan', file, '--sequential', '--json'], { env });
  // it is planned, and waits to be registered
  await waitUntilBlocked(engine);
  truncateSync(file, 1000);
  await barrier.release();
  const { code, stdout, stderr } = await child.done;
  t.equal(code, 1, stderr);
  t.match(onlyFile(stdout), { state: 'ERROR' });
  t.match(stderr, /shrank/);
});

t.test('a sequential scan that was killed is taken over by the next one', async (t) => {
  const file = newLog();
  const barrier = await holdTable(engine, 'logs.Bloques_Error');
  const child = spawnCarril(['logs', 'scan', file, '--sequential'], { env });
  const job = await scanJob(child);
  await waitUntilBlocked(engine);
  child.kill('SIGKILL');
  await child.done;
  await barrier.release();
  const inLanes = await carril('logs', 'scan', file);
  t.equal(inLanes.code, 1);
  t.match(inLanes.stderr, new RegExp(`job ${job} is scanning .*--sequential`));
  t.match(await scan(env, file, '--sequential'), { job, state: 'COMPLETADO', blocks: 250 });
  t.same(await storedBlocks(engine, job), await reference(file));
});

t.test('Ctrl-C ends a sequential scan in ERROR; the next one starts over', async (t) => {
  const file = newLog();
  const barrier = await holdTable(engine, 'logs.Bloques_Error');
  const child = spawnCarril(['logs', 'scan', file, '--sequential', '--json'], { env });
  const job = await scanJob(child);
  await waitUntilBlocked(engine);
  child.kill('SIGINT');
  const { code, stdout, stderr } = await child.done;
  t.equal(code, 130, stderr);
  t.match(onlyFile(stdout), { job, state: 'ERROR' });
  await barrier.release();
  const next = await scan(env, file);
  t.not(next.job, job);
  t.same(await blocksOfFile(engine, file), await reference(file));
});

t.test('two scans that begin at the same moment are one', async (t) => {
  const file = newLog();
  const barrier = await holdTable(engine, 'trabajo.Trabajos');
  const both = [1, 2].map(() =>
    spawnCarril(['logs', 'scan', file, '--chunk-size', '4KB', '--json'], { env }),
  );
  // each has found nothing, and wants to register its own
  await waitUntilBlocked(engine, 2);
  await barrier.release();
  const results = await Promise.all(both.map(({ done }) => done));
  t.same(
    results.map(({ code }) => code),
    [0, 0],
    results.map(({ stderr }) => stderr).join('\n'),
  );
  const jobs = results.map(({ stdout }) => onlyFile(stdout).job);
  t.equal(jobs[0], jobs[1]);
  t.same(await storedBlocks(engine, jobs[0] ?? ''), await reference(file));
});

t.test('a scan that is under way is joined only with the same options', async (t) => {
  const file = newLog();
  const { barrier, child, job } = await heldScan(file);
  for (const [options, says] of [
    [['--again'], /--again/],
    [['--sequential'], /--sequential/],
    [['--pattern', 'x'], /--pattern/],
  ] as const) {
    const { code, stderr } = await carril('logs', 'scan', file, ...options);
    t.equal(code, 1, stderr);
    t.match(stderr, says);
    t.match(stderr, new RegExp(`job ${job} is scanning`));
  }
  await barrier.release();
  t.equal((await child.done).code, 0);
});
