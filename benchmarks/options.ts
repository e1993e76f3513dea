import { join } from 'node:path';

import yargs from 'yargs';

import { UsageError, packageRoot } from '../engine/index.js';
import { parseCount } from '../runner/cli/durations.js';
import { createOutput } from '../runner/cli/output.js';
import type { Output } from '../runner/cli/output.js';

/** A size of a benchmark: a whole number where the default is one, a text, or a switch. */
interface Size {
  readonly default: number | string | boolean;
  /** With `--quick`. */
  readonly quick?: number | string;
  readonly describe: string;
}

/** What every benchmark understands. */
export interface CommonOptions {
  /** How often each thing is measured. */
  readonly rounds: number;
  readonly unrecorded: boolean;
  readonly dir: string;
  readonly out: Output;
}

type Values<S extends Readonly<Record<string, Size>>> = {
  readonly [K in keyof S]: S[K]['default'] extends number
    ? number
    : S[K]['default'] extends boolean
      ? boolean
      : string;
};

/** Where recordings that are worth keeping are: in the repository. */
export function resultsFolder(): string {
  return join(packageRoot(), 'benchmarks', 'results');
}

/**
 * The options of one benchmark: its sizes, and those that all have. On wrong use it says what is wrong and exits with 2.
 * @param rounds the default, and with `--quick`
 */
export function benchOptions<S extends Readonly<Record<string, Size>>>(
  benchmark: string,
  describe: string,
  rounds: readonly [number, number],
  sizes: S,
): Values<S> & CommonOptions {
  let parser = yargs(process.argv.slice(2))
    .scriptName(`npm run bench:${benchmark} --`)
    .usage(`$0\n\n${describe}`)
    .option('rounds', {
      type: 'string',
      requiresArg: true,
      describe: `how often each thing is measured [default: ${rounds[0]}]`,
    })
    .option('quick', { type: 'boolean', default: false, describe: 'small sizes: does it run? Not recorded' })
    .option('unrecorded', { type: 'boolean', default: false, describe: 'write no recording' })
    .option('dir', {
      type: 'string',
      requiresArg: true,
      describe: 'folder of the recording [default: benchmarks/results; none with --quick]',
    })
    .option('json', { type: 'boolean', default: false, describe: 'one JSON document on stdout' })
    .example('$0 --quick', 'a trial that takes seconds')
    .example('$0 --rounds 5 --json', 'measured five times, for a script')
    .strict()
    .version(false)
    .wrap(110)
    .fail((message, error) => {
      refuse(message || error.message);
    });
  for (const [name, size] of Object.entries(sizes)) {
    parser = parser.option(name, {
      type: typeof size.default === 'boolean' ? 'boolean' : 'string',
      describe:
        typeof size.default === 'boolean' ? size.describe : `${size.describe} [default: ${size.default}]`,
    });
  }
  const given = parser.parseSync() as Readonly<Record<string, unknown>>;
  const { quick, unrecorded, json } = given as { quick: boolean; unrecorded: boolean; json: boolean };
  const dir = given['dir'] as string | undefined;
  const valueOf = (name: string, size: Size) => {
    const value = given[name] ?? (quick ? (size.quick ?? size.default) : size.default);
    return typeof size.default === 'number' ? count(value as string | number, name, 0) : value;
  };
  return {
    ...(Object.fromEntries(
      Object.entries(sizes).map(([name, size]) => [name, valueOf(name, size)]),
    ) as Values<S>),
    rounds: count((given['rounds'] as string | undefined) ?? rounds[quick ? 1 : 0], 'rounds', 1),
    unrecorded: unrecorded || (quick && dir === undefined),
    dir: dir ?? resultsFolder(),
    out: createOutput({ json, quiet: false }),
  };
}

/** `1,50,500` */
export function countsOf(text: string, option: string): readonly number[] {
  return text.split(',').map((one) => count(one, option, 1));
}

function count(value: string | number, name: string, least: number): number {
  try {
    return parseCount(value, `--${name}`, least, 1_000_000_000);
  } catch (error) {
    if (error instanceof UsageError) refuse(error.message);
    throw error;
  }
}

function refuse(message: string): never {
  process.stderr.write(`${message}\nTry --help.\n`);
  process.exit(2);
}
