/**
 * `npm run bench`: the benchmarks one after another, each a process of its own, so that none finds what another left in
 * memory; then the README's table from the newest recording of each.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import yargs from 'yargs';

import { interrupted, onInterrupt } from '../runner/cli/interrupt.js';
import { createOutput } from '../runner/cli/output.js';
import { resultsFolder } from './options.js';
import { writeReadmeTable } from './readme-table.js';
import { labelAt } from './record.js';

interface Part {
  readonly name: string;
  /** The program in dist/benchmarks, and what it is told besides. */
  readonly program: string;
  readonly args?: readonly string[];
}

/** The short ones first: what is wrong with the machine shows early. */
const parts: readonly Part[] = [
  { name: 'pipeline', program: 'pipeline' },
  { name: 'trace', program: 'trace' },
  { name: 'probe', program: 'probe-overhead' },
  { name: 'contention', program: 'contention' },
  { name: 'leases', program: 'leases' },
  { name: 'service', program: 'service' },
  { name: 'payroll', program: 'payroll' },
  { name: 'growth', program: 'pipeline', args: ['--growth', '--funds', '200'] },
  { name: 'logs', program: 'logs' },
  { name: 'backfill', program: 'backfill' },
];
const names = parts.map(({ name }) => name);

const given = yargs(process.argv.slice(2))
  .scriptName('npm run bench --')
  .usage("$0\n\nAll benchmarks, one after another; their recordings, and the README's table of them.")
  .option('only', { type: 'string', requiresArg: true, describe: `some of ${names.join(', ')}` })
  .option('quick', { type: 'boolean', default: false, describe: 'small sizes: do they run? Not recorded' })
  .option('unrecorded', { type: 'boolean', default: false, describe: 'write no recordings' })
  .option('dir', {
    type: 'string',
    requiresArg: true,
    describe: 'folder of the recordings [default: benchmarks/results; none with --quick]',
  })
  .option('table', {
    type: 'boolean',
    default: false,
    describe: "run nothing: the README's table from the recordings there are",
  })
  .option('json', { type: 'boolean', default: false, describe: 'what was run, as one JSON document' })
  .example('$0 --quick', 'a trial of all')
  .example('$0 --only leases,trace', 'two of them, recorded')
  .strict()
  .version(false)
  .wrap(110)
  .fail((message, error) => {
    refuse(message || error.message);
  })
  .parseSync();
const chosen = choose();
const recorded = !given.unrecorded && (!given.quick || given.dir !== undefined);
const dir = given.dir ?? resultsFolder();
const out = createOutput({ json: given.json, quiet: false });

let running: ChildProcess | undefined;
let stopped = false;
onInterrupt((times) => {
  stopped = true;
  // a terminal has told the child as well; one that is told twice drops its database all the same
  running?.kill(times > 1 ? 'SIGKILL' : 'SIGINT');
});

const done: { name: string; well: boolean; seconds: number }[] = [];
if (!given.table) {
  const progress = out.progress('benchmarks', chosen.length);
  for (const part of chosen) {
    if (isStopped()) break;
    const begun = performance.now();
    const failure = await run(part, (line) => {
      progress.line(`${part.name}: ${line}`);
    });
    const seconds = Math.round((performance.now() - begun) / 1000);
    done.push({ name: part.name, well: failure === undefined, seconds });
    progress.update(done.length, `${part.name}: ${failure === undefined ? `${seconds} s` : 'failed'}`);
    if (failure !== undefined && !isStopped()) out.warn(`${part.name} failed:\n${failure}`);
  }
  progress.stop();
}
if (isStopped()) process.exit(interrupted);
if (given.table || (recorded && given.dir === undefined)) {
  const changed = await writeReadmeTable(dir);
  out.note(changed ? "the README's table is of the newest recordings" : "the README's table was right");
}
out.document({ benchmarks: done });
if (done.some(({ well }) => !well)) process.exitCode = 1;

/** What the handler of Ctrl-C has set meanwhile. */
function isStopped(): boolean {
  return stopped;
}

/** The program's last words when it failed. */
async function run(
  { name, program, args = [] }: Part,
  say: (line: string) => void,
): Promise<string | undefined> {
  const child = spawn(process.execPath, commandOf(name, program, args), {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running = child;
  const last: string[] = [];
  const heard = [child.stdout, child.stderr].map(async (stream) => {
    for await (const line of createInterface({ input: stream })) {
      if (line.trim() === '') continue;
      last.push(line);
      if (last.length > 30) last.shift();
      if (out.live) say(line.slice(0, 80));
    }
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  await Promise.all(heard);
  running = undefined;
  return code === 0 ? undefined : last.join('\n');
}

function commandOf(name: string, program: string, args: readonly string[]): string[] {
  if (name === 'contention') return contentionCommand();
  const common = [
    ...(given.quick ? ['--quick'] : []),
    ...(given.unrecorded ? ['--unrecorded'] : []),
    ...(given.dir === undefined ? [] : ['--dir', given.dir]),
  ];
  // what a trial is told of sizes is its own
  return [join(import.meta.dirname, `${program}.js`), ...(given.quick ? args.slice(0, 1) : args), ...common];
}

/** It is a command of the command line; on the embedded engine here, as the others. */
function contentionCommand(): string[] {
  const main = join(import.meta.dirname, '..', 'runner', 'cli', 'main.js');
  const sizes = given.quick
    ? ['--funds', '6', '--positions', '40', '--lanes', '6', '--rounds', '2']
    : ['--rounds', '5'];
  const how = recorded
    ? ['record', '--label', labelAt('contention', new Date().toISOString()), '--dir', dir]
    : ['contention'];
  return [main, 'bench', ...how, ...sizes, '--url', 'embedded:'];
}

function choose(): readonly Part[] {
  if (given.only === undefined) return parts;
  const only = given.only.split(',').map((name) => name.trim());
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0) refuse(`--only: there is no ${unknown.join(', ')}; there are ${names.join(', ')}`);
  return parts.filter(({ name }) => only.includes(name));
}

function refuse(message: string): never {
  process.stderr.write(`${message}\nTry --help.\n`);
  process.exit(2);
}
