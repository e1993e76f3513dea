import type { Argv } from 'yargs';

import type { ConnectOptions } from '../../engine/index.js';
import { defaults } from '../process.js';
import { connectionsOf } from '../connections.js';
import { parseCount, parseDuration, parseLease } from './durations.js';

export interface LaneArguments {
  readonly lanes: string | number;
  readonly lease: string;
  readonly maxRunTime: string;
  readonly trace: boolean;
}

/** The options of everything that runs lanes. */
export function laneOptions<T>(args: Argv<T>, what = 'funds side by side'): Argv<T & LaneArguments> {
  return args
    .option('lanes', { type: 'string', default: defaults.lanes, describe: what })
    .option('lease', {
      type: 'string',
      default: `${defaults.leaseSeconds}s`,
      describe: 'silence after which other workers take over',
    })
    .option('max-run-time', {
      type: 'string',
      default: `${defaults.maxRunTimeMs / 60_000}m`,
      describe: 'time after which a chunk is cancelled and its attempt fails',
    })
    .option('trace', {
      type: 'boolean',
      default: true,
      describe: 'record what each lane does, for `carril trace` and `carril report`; --no-trace: nothing',
    }) as unknown as Argv<T & LaneArguments>;
}

/**
 * How a worker connects. The server ends a transaction soon after its client should have: of a client that is gone, too, so
 * that a hung procedure holds its locks no longer than that.
 */
export function laneConnections(
  options: { readonly lanes: number; readonly maxRunTimeMs: number },
  appName: string,
): ConnectOptions {
  return {
    poolMax: connectionsOf(options.lanes),
    appName,
    transactionTimeoutMs: Math.min(options.maxRunTimeMs + 30_000, 2 ** 31 - 1),
  };
}

/** @throws UsageError on values that make no sense */
export function readLaneOptions(argv: LaneArguments): {
  lanes: number;
  leaseSeconds: number;
  maxRunTimeMs: number;
  trace: boolean;
} {
  return {
    lanes: parseCount(argv.lanes, '--lanes', 1, 500),
    leaseSeconds: parseLease(argv.lease),
    trace: argv.trace,
    maxRunTimeMs: parseCount(
      parseDuration(argv.maxRunTime, '--max-run-time'),
      '--max-run-time',
      1,
      2 ** 31 - 1,
    ),
  };
}
