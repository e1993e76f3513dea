import { accessSync, constants, statSync } from 'node:fs';
import { resolve } from 'node:path';

import { UsageError } from '../../../../engine/errors.js';
import type { Engine } from '../../../../engine/index.js';
import { checkConnections } from '../../../connections.js';
import { sampleLength } from '../../../logs/inspect.js';
import { createRecogniser } from '../../../logs/recogniser.js';
import { isOvertaken, planReview, startReview } from '../../../logs/review.js';
import type { Plan, ScanRequest, StartedReview } from '../../../logs/review.js';
import { openSource } from '../../../logs/source.js';
import { defineCommand, withEngine } from '../../context.js';
import { fileProblem } from '../../file-problem.js';
import { interrupted } from '../../interrupt.js';
import { laneConnections, laneOptions, readLaneOptions } from '../../lane-options.js';
import type { LaneArguments } from '../../lane-options.js';
import { lastOfEach } from '../../last-of-each.js';
import type { Output } from '../../output.js';
import { runReview } from '../../review-log.js';
import type { FileResult, ReviewOptions } from '../../review-log.js';
import { formatSize, megabyte, parseSize } from '../../sizes.js';

interface ScanArguments extends LaneArguments {
  readonly files: readonly string[];
  readonly chunkSize: string;
  readonly pattern: string | undefined;
  readonly format: string | undefined;
  readonly sequential: boolean | undefined;
  readonly again: boolean | undefined;
}

/** As long as the column that holds it. */
const longestPath = 400;

export const command = defineCommand<ScanArguments>({
  command: 'scan <files..>',
  describe: 'find the error blocks of log files and store them',
  builder: (args) =>
    laneOptions(
      args
        // else only the last of several files would be left
        .parserConfiguration({ 'duplicate-arguments-array': true })
        .positional('files', { type: 'string', array: true, demandOption: true, describe: 'log files' })
        .option('chunk-size', {
          type: 'string',
          requiresArg: true,
          default: '1MB',
          describe: 'what a lane reads at a time; cut where a line with a timestamp begins',
        })
        .option('pattern', {
          type: 'string',
          requiresArg: true,
          describe:
            'regular expression of the first lines of errors, instead of their level; (?<level>…) names the level',
        })
        .option('format', {
          type: 'string',
          requiresArg: true,
          describe: 'timestamps as strftime writes them: %d/%m/%Y %H:%M:%S',
        })
        .option('sequential', {
          type: 'boolean',
          describe: 'the fallback: no chunks and no leases, one reader',
        })
        .option('again', { type: 'boolean', describe: 'from the beginning, whatever was scanned before' }),
    )
      .option('lanes', { type: 'string', default: defaultLanes, describe: 'chunks side by side' })
      .example('$0 logs scan app.log', 'what was added since its last scan, all of it the first time')
      .example('$0 logs scan /var/log/app/*.log --lanes 2', 'several, one after another')
      .example('$0 logs scan app.log --again', 'all of it once more: with other options, or after a purge')
      .example('$0 logs scan app.log --sequential', 'in one go, without chunks and leases')
      .example("$0 logs scan app.log --format '%d/%m/%Y %H:%M:%S' --pattern 'FALLO|ABORTADO'", '')
      .epilogue(
        'ISO 8601, log4j/Java and syslog timestamps are recognised. A scan that is under way is joined; what a killed one ' +
          'left behind goes on with the next scan, or with `carril work`. Exit 1 when a scan did not end COMPLETADO. ' +
          '--json: {"files": [{"file", "job", "state", "from", "to", "bytes", "blocks", "seconds", "mb_per_s", "chunks", ' +
          '"recognised", "error"}]}.',
      ),
  handler: async (all) => {
    const argv = lastOfEach(all, 'files');
    const options = { ...readLaneOptions(argv), sequential: argv.sequential ?? false };
    const request = readRequest(argv);
    requireNames(argv.files);
    const files = [...new Set(argv.files.map((file) => resolve(file)))];
    for (const file of files) requireFile(file);
    await withEngine(
      argv,
      async (engine, out) => {
        // before anything is registered
        if (!options.sequential) await checkConnections(engine, options.lanes);
        const plans: Plan[] = [];
        for (const file of files) plans.push(await planned(engine, file, request));
        return await runAll(engine, plans, request, options, out);
      },
      laneConnections(options, 'carril logs scan'),
    );
  },
});

/** Reading, finding and storing overlap from two lanes on; more than four add nothing on one thread. */
const defaultLanes = 4;

/** @throws UsageError on what makes no sense, a pattern or a format that cannot be read included */
function readRequest(argv: ScanArguments): ScanRequest {
  const { pattern, format } = argv;
  createRecogniser({ pattern, format, mtimeMs: 0 });
  return {
    pattern,
    format,
    chunkBytes: parseSize(argv.chunkSize, '--chunk-size', 1024, 2 ** 30),
    sequential: argv.sequential ?? false,
    again: argv.again ?? false,
  };
}

/** Neither standard input nor the current directory, which an empty name would lead to. */
function requireNames(files: readonly string[]): void {
  // yargs drops a lone dash: only the command line itself still has it
  const dash = process.argv.some((arg, i, all) => arg === '-' && !(all[i - 1] ?? '').startsWith('--'));
  if (dash || files.length === 0)
    throw new UsageError('a log is read from a file, not from standard input (./- is a file of that name)');
  if (files.some((file) => file.trim() === '')) throw new UsageError('the name of a log is empty');
}

/** A pipe is not opened to find out: that would wait for its writer. */
function requireFile(path: string): void {
  if (path.length > longestPath)
    throw new UsageError(`the path of a log may have ${longestPath} characters: ${path}`);
  try {
    const found = statSync(path);
    if (found.isDirectory()) throw new UsageError(`${path} is a directory: name the logs in it`);
    if (!found.isFile()) throw new UsageError(`${path} is no regular file`);
    accessSync(path, constants.R_OK);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`cannot read the log ${path}: ${fileProblem(error)}`);
  }
}

async function planned(engine: Engine, file: string, request: ScanRequest): Promise<Plan> {
  const source = await openSource(file);
  try {
    return await planReview(engine, source, request);
  } finally {
    await source.close();
  }
}

async function runAll(
  engine: Engine,
  plans: readonly Plan[],
  request: ScanRequest,
  options: ReviewOptions,
  out: Output,
): Promise<number> {
  const results: FileResult[] = [];
  let [stopped, failed] = [false, false];
  for (const plan of plans) {
    if (plan.recognised === false) out.warn(notRecognised(plan));
    const started = await startPlanned(engine, plan, request, out);
    if ('result' in started) {
      results.push(started.result);
      continue;
    }
    const { result, interrupted: wasInterrupted } = await runReview(
      engine,
      started,
      plan.recognised,
      options,
      out,
    );
    results.push(result);
    stopped = wasInterrupted;
    if (stopped) break;
    if (result.state !== 'COMPLETADO') {
      failed = true;
      const why = result.error === null ? '' : `: ${result.error}`;
      out.warn(`job ${started.job} of ${result.file}: ${result.state}${why}`);
    }
  }
  show(results, out);
  if (stopped) {
    out.note('interrupted; the same command goes on');
    return interrupted;
  }
  return failed ? 1 : 0;
}

/** Registers a plan; planned anew when somebody else's scan of that file began meanwhile. */
async function startPlanned(
  engine: Engine,
  plan: Plan,
  request: ScanRequest,
  out: Output,
): Promise<StartedReview | { readonly result: FileResult }> {
  if (plan.kind === 'nothing') return { result: nothingNew(plan, out) };
  let started: StartedReview;
  try {
    started = await startReview(engine, plan, request);
  } catch (error) {
    if (plan.kind === 'join' || !isOvertaken(error)) throw error;
    const again = await planned(engine, plan.path, request);
    if (again.kind === 'nothing') return { result: nothingNew(again, out) };
    started = await startReview(engine, again, request);
  }
  out.note(describeStart(started, plan));
  return started;
}

/** A log that is not understood looks like one without errors. */
function notRecognised(plan: Plan): string {
  const { size, gzip } =
    plan.kind === 'nothing'
      ? { size: plan.size, gzip: false }
      : { size: plan.review.to, gzip: plan.review.gzip };
  const where = gzip || size > sampleLength ? ' at its beginning' : '';
  return `${plan.path}: no line${where} begins with a timestamp that is recognised: is --format needed?`;
}

function nothingNew(
  { path, job, size, recognised }: Extract<Plan, { kind: 'nothing' }>,
  out: Output,
): FileResult {
  out.note(
    size === 0
      ? `${path}: empty, nothing to scan`
      : `${path}: nothing new since job ${job ?? 'of its last scan'}, ${formatSize(size)} were read`,
  );
  return {
    file: path,
    job,
    state: 'COMPLETADO',
    from: size,
    to: size,
    bytes: 0,
    blocks: 0,
    seconds: 0,
    mb_per_s: 0,
    chunks: 0,
    recognised,
    error: null,
  };
}

const reasons: Readonly<Record<Extract<Plan, { kind: 'new' }>['because'], string>> = {
  first: '',
  grown: ', what was added since the last scan',
  replaced: ', another file than the last time',
  again: ', from the beginning again',
};

function describeStart({ job, review, joined }: StartedReview, plan: Plan): string {
  const what = `job ${job}: ${review.path}, ${formatSize(review.to - review.from)} from byte ${review.from}`;
  if (joined || plan.kind !== 'new') return `${what}: joined`;
  const chunks = plan.ranges.length;
  const how = chunks === 0 ? 'sequentially' : `${chunks} ${chunks === 1 ? 'chunk' : 'chunks'}`;
  return `${what}, ${how}: started${reasons[plan.because]}`;
}

function show(results: readonly FileResult[], out: Output): void {
  out.document({ files: results });
  out.table(
    ['file', 'job', 'state', 'MB', 'blocks', 'chunks', 'seconds', 'MB/s'],
    results.map((result) => [
      result.file,
      result.job,
      result.state,
      (result.bytes / megabyte).toFixed(1),
      result.blocks,
      result.chunks,
      result.seconds.toFixed(2),
      result.mb_per_s.toFixed(1),
    ]),
    {
      head: ['job', 'state', 'MB', 'blocks', 's', 'MB/s'],
      rows: results.map((result) => [
        result.job,
        result.state,
        (result.bytes / megabyte).toFixed(1),
        result.blocks,
        result.seconds.toFixed(1),
        result.mb_per_s.toFixed(1),
      ]),
    },
  );
}
