/**
 * `npm run bench:logs`: one log scanned by lanes, by two processes and sequentially on a fresh embedded database with durable
 * commits, beside `grep -c` and a single-pass reader, all as processes of their own over the same file, one after another in
 * each round. After every scan its blocks are compared, one by one, with those of the single-pass reader.
 */
import { spawn } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { connect, describeTarget } from '../engine/index.js';
import type { Engine } from '../engine/index.js';
import { createMigrator } from '../migrator/index.js';
import { formatSize, megabyte, parseSize } from '../runner/cli/sizes.js';
import { onlyFile, peakMemory, scanJob, storedBlocksFrom } from '../test/runner/logs-support.js';
import { spawnCarril } from '../test/testing/index.js';
import type { CarrilProcess } from '../test/testing/index.js';
import { writeLog } from './log-generator.js';
import { round } from './measured-engine.js';
import { benchTarget, inBenchDatabase } from './bench-database.js';
import { benchOptions, countsOf } from './options.js';
import { record } from './record.js';
import { median } from './statistics.js';

const options = benchOptions(
  'logs',
  'Scans one log in lanes, in two processes and sequentially, beside grep -c and a single-pass reader.',
  [5, 1],
  {
    size: { default: '1GB', quick: '4MB', describe: 'of the log' },
    seed: { default: 7, describe: 'of the generator' },
    'chunk-size': { default: '1MB', describe: 'bytes a chunk' },
    lanes: { default: '1,2,4', quick: '2', describe: 'lanes' },
  },
);
const { out, seed, rounds } = options;

/** One way of reading the file, once. */
interface Run {
  readonly wall_s: number;
  /** The most memory of one of its processes. */
  readonly peak_mb: number | null;
  readonly blocks: number;
  /** Whether its blocks are those of the single-pass reader; null for what stores none. */
  readonly identical: boolean | null;
}

interface Contender {
  readonly name: string;
  readonly run: () => Promise<Run>;
}

const bytes = parseSize(options.size, '--size', megabyte, 2 ** 40);
const target = benchTarget();
const env = {
  CARRIL_DATABASE_URL: `embedded:${target.database}`,
  ...(process.env['CARRIL_HOME'] === undefined ? {} : { CARRIL_HOME: process.env['CARRIL_HOME'] }),
};
const folder = mkdtempSync(join(tmpdir(), 'carril-bench-logs-'));
const [file, found] = [join(folder, 'app.log'), join(folder, 'blocks.jsonl')];
const reader = fileURLToPath(new URL('log-reader.js', import.meta.url));

// after Ctrl-C, too
process.once('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});
await inBenchDatabase(target, bench);

async function bench(): Promise<void> {
  const engine = await connect(target, { poolMax: 2, appName: 'carril bench watcher' });
  try {
    await createMigrator(engine).up();
    out.note(`writing ${formatSize(bytes)} of log, on ${describeTarget(target)}`);
    const written = await writeLog(file, { seed, bytes, style: 'mixed' });
    // what everybody is compared with; it also brings the file into the system's cache
    const { stdout } = await finished(process.execPath, [reader, file, found]);
    const blocks = Number(stdout);
    out.note(`${written.lines} lines, ${written.entries} entries, ${blocks} error blocks`);

    const contenders = [
      ...countsOf(options.lanes, 'lanes').map((lanes) => inLanes(engine, lanes)),
      inTwoProcesses(engine),
      sequentially(engine),
      grep(),
      singlePass(),
    ];
    const runs = new Map<string, Run[]>(contenders.map(({ name }) => [name, []]));
    for (let i = 0; i < rounds; i += 1) {
      for (const { name, run } of contenders) {
        const one = await run();
        runs.get(name)?.push(one);
        out.note(
          `${name}: ${one.wall_s} s, ${one.blocks} blocks${one.identical === false ? ', NOT THE SAME' : ''}`,
        );
      }
    }
    const rows = [...runs].map(([name, list]) => summary(name, list));
    out.table(
      ['how', 's', 'MB/s', 'peak MB', 'blocks', 'same blocks'],
      rows.map((row) => [
        row.how,
        row.wall_s.toFixed(2),
        row.mb_per_s.toFixed(0),
        row.peak_mb === null ? '' : Math.round(row.peak_mb),
        row.blocks,
        row.identical ?? '',
      ]),
    );
    await record('logs', engine, out, options, {
      data: { ...written, seed, chunk_size: options['chunk-size'], blocks },
      rows,
    });
    if (
      rows.some(
        ({ identical, peak_mb }) => identical === false || (identical !== null && (peak_mb ?? 0) > 300),
      )
    )
      process.exitCode = 1;
  } finally {
    await engine.close();
  }
}

function inLanes(engine: Engine, lanes: number): Contender {
  return {
    name: `${lanes} ${lanes === 1 ? 'lane' : 'lanes'}`,
    run: () => scanned(engine, ['--lanes', String(lanes)]),
  };
}

function sequentially(engine: Engine): Contender {
  return { name: 'sequential', run: () => scanned(engine, ['--sequential']) };
}

function scanArguments(more: readonly string[]): string[] {
  return ['logs', 'scan', file, '--chunk-size', options['chunk-size'], '--json', ...more];
}

async function scanned(engine: Engine, options: readonly string[]): Promise<Run> {
  const begun = performance.now();
  const child = spawnCarril([...scanArguments(options), '--again'], { env });
  const [done] = await watched([child]);
  if (done === undefined) throw new Error('nothing was run');
  return await outcome(engine, done.stdout, done.at - begun, done.peak);
}

function inTwoProcesses(engine: Engine): Contender {
  return {
    name: '2 processes, 1 lane each',
    async run() {
      const begun = performance.now();
      const first = spawnCarril([...scanArguments(['--lanes', '1']), '--again'], { env });
      await scanJob(first);
      const second = spawnCarril(scanArguments(['--lanes', '1']), { env });
      const done = await watched([first, second]);
      const peak = Math.max(...done.map((one) => one.peak ?? 0));
      // neither leaves before the job has ended; the other one sees that at its next poll
      const ended = Math.min(...done.map(({ at }) => at));
      return await outcome(engine, done[0]?.stdout ?? '', ended - begun, peak);
    },
  };
}

/** Compares what was stored, and makes room for the next one. */
async function outcome(engine: Engine, stdout: string, ms: number, peak: number | undefined): Promise<Run> {
  const { job, blocks } = onlyFile(stdout);
  const identical = await sameBlocks(engine, job);
  await engine.batch('TRUNCATE logs.Bloques_Error');
  return { wall_s: round(ms / 1000), peak_mb: peak ?? null, blocks, identical };
}

/** Block by block, a page at a time. */
async function sameBlocks(engine: Engine, job: string): Promise<boolean> {
  const expected = createInterface({ input: createReadStream(found, 'utf8'), crlfDelay: Infinity });
  const lines = expected[Symbol.asyncIterator]();
  try {
    for await (const block of storedBlocksFrom(engine, job)) {
      const next = await lines.next();
      if (next.done === true || next.value !== block) return false;
    }
    return (await lines.next()).done === true;
  } finally {
    expected.close();
  }
}

function grep(): Contender {
  return {
    name: 'grep -c',
    async run() {
      const begun = performance.now();
      const { stdout } = await finished('grep', ['-c', ' ERROR ', file]);
      return {
        wall_s: round((performance.now() - begun) / 1000),
        peak_mb: null,
        blocks: Number(stdout),
        identical: null,
      };
    },
  };
}

function singlePass(): Contender {
  return {
    name: 'single-pass reader',
    async run() {
      const begun = performance.now();
      const { stdout } = await finished(process.execPath, [reader, file]);
      return {
        wall_s: round((performance.now() - begun) / 1000),
        peak_mb: null,
        blocks: Number(stdout),
        identical: null,
      };
    },
  };
}

interface Ended {
  readonly stdout: string;
  readonly peak: number | undefined;
  /** When, by `performance.now`. */
  readonly at: number;
}

/** Runs to the end, with the peak of each one's memory. @throws when one fails */
async function watched(children: readonly CarrilProcess[]): Promise<Ended[]> {
  const peaks = children.map(() => 0);
  const timer = setInterval(() => {
    children.forEach(({ pid }, i) => {
      peaks[i] = Math.max(peaks[i] ?? 0, peakMemory(pid) ?? 0);
    });
  }, 50);
  const ending = async ({ done }: CarrilProcess, i: number): Promise<Ended> => {
    const { code, stdout, stderr } = await done;
    if (code !== 0) throw new Error(`exit ${code}: ${stderr}`);
    return { stdout, peak: peaks[i] === 0 ? undefined : peaks[i], at: performance.now() };
  };
  try {
    return await Promise.all(children.map(ending));
  } finally {
    clearInterval(timer);
  }
}

async function finished(command: string, args: readonly string[]): Promise<{ stdout: string }> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, LC_ALL: 'C' },
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  return await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve({ stdout });
      else reject(new Error(`${command}: exit ${code}`));
    });
  });
}

function summary(how: string, runs: readonly Run[]) {
  const wall = median(runs.map(({ wall_s }) => wall_s));
  const peaks = runs.map(({ peak_mb }) => peak_mb).filter((peak) => peak !== null);
  return {
    how,
    wall_s: wall,
    mb_per_s: round(bytes / megabyte / wall),
    peak_mb: peaks.length === 0 ? null : round(Math.max(...peaks)),
    blocks: runs[0]?.blocks ?? 0,
    identical: runs.every(({ identical }) => identical === null)
      ? null
      : runs.every(({ identical }) => identical === true),
    runs,
  };
}
