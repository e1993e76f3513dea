import type { Argv } from 'yargs';

import { UsageError } from '../../../../engine/errors.js';
import { architectures } from '../../../process.js';
import type { Architecture } from '../../../process.js';
import { parseCount } from '../../durations.js';
import { onInterrupt } from '../../interrupt.js';

export interface LoadArguments {
  readonly architecture: Architecture | 'both';
  readonly funds: string | number;
  readonly lanes: string | number;
  readonly positions: string | number;
  readonly seed: string | number;
  readonly rounds: string | number | undefined;
  readonly minutes: string | number | undefined;
}

/** The load that `bench contention` and `bench record` drive. */
export function loadOptions<T>(args: Argv<T>): Argv<T & LoadArguments> {
  return args
    .option('architecture', {
      choices: [...architectures, 'both'] as const,
      default: 'both',
      requiresArg: true,
      describe: 'which side; both: rounds interleaved',
    })
    .option('funds', { type: 'string', default: 50, describe: 'funds of the generated data' })
    .option('lanes', {
      type: 'string',
      default: 50,
      requiresArg: true,
      describe: 'funds side by side; several numbers (10,25,50) show how both sides grow',
    })
    .option('positions', { type: 'string', default: 400, describe: 'positions a fund' })
    .option('seed', { type: 'string', default: 7, describe: 'of the generator' })
    .option('rounds', { type: 'string', requiresArg: true, describe: 'rounds a side [default: 5]' })
    .option('minutes', { type: 'string', requiresArg: true, describe: 'begin rounds for so long instead' })
    .conflicts('rounds', 'minutes') as unknown as Argv<T & LoadArguments>;
}

/** @throws UsageError on values that make no sense */
export function readLoadOptions(argv: LoadArguments): {
  architectures: readonly Architecture[];
  funds: number;
  lanes: readonly number[];
  positions: number;
  seed: number;
  rounds: number | undefined;
  minutes: number | undefined;
} {
  const minutes = argv.minutes === undefined ? undefined : parseCount(argv.minutes, '--minutes', 1, 1440);
  if (minutes !== undefined && argv.rounds !== undefined)
    throw new UsageError('--rounds or --minutes, not both');
  return {
    architectures: argv.architecture === 'both' ? architectures : [argv.architecture],
    funds: parseCount(argv.funds, '--funds', 1, 10_000),
    lanes: readLanes(argv.lanes),
    positions: parseCount(argv.positions, '--positions', 1, 100_000),
    seed: parseCount(argv.seed, '--seed', 0, 2 ** 32 - 1),
    rounds: minutes === undefined ? parseCount(argv.rounds ?? 5, '--rounds', 1, 1000) : undefined,
    minutes,
  };
}

function readLanes(text: string | number): readonly number[] {
  const lanes = String(text)
    .split(',')
    .map((one) => parseCount(one.trim(), '--lanes', 1, 500));
  if (new Set(lanes).size < lanes.length) throw new UsageError(`--lanes ${text}: each number once`);
  return lanes;
}

/** The first Ctrl-C lets the round that runs end: nothing half-done stays, and what was measured is kept. */
export function stopAfterRound(say: (line: string) => void): {
  stopping: () => boolean;
  release: () => void;
} {
  let stopped = false;
  const release = onInterrupt((count) => {
    if (count > 1) process.exit(130);
    stopped = true;
    say('stopping after this round; Ctrl-C again leaves at once, and the scratch database behind');
  });
  return { stopping: () => stopped, release };
}
