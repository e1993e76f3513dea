import { UsageError } from '../../../engine/errors.js';
import { defineCommand } from '../context.js';
import { command as funds } from './load/funds.js';
import { command as holdings } from './load/holdings.js';
import { sourceCommands } from './load/source.js';
import { loadSynthetic } from './load/synthetic.js';
import type { SyntheticArguments } from './load/synthetic.js';

export const command = defineCommand<SyntheticArguments>({
  command: 'load',
  describe: 'load funds, holdings, any of the six sources, or generated data',
  builder: (args) =>
    args
      .command(funds)
      .command(holdings)
      .command([...sourceCommands])
      .option('synthetic', {
        type: 'boolean',
        global: false,
        describe: 'generate funds and all six sources: the same for the same seed',
      })
      .option('funds', {
        type: 'string',
        default: 50,
        global: false,
        describe: 'with --synthetic: how many funds',
      })
      .option('positions', {
        type: 'string',
        default: 400,
        global: false,
        describe: 'with --synthetic: lines a fund and date',
      })
      .option('seed', {
        type: 'string',
        default: 7,
        global: false,
        describe: 'with --synthetic: where the random numbers start',
      })
      .option('date', {
        type: 'string',
        default: '2024-06-28',
        global: false,
        describe: 'with --synthetic: the (last) date',
      })
      .option('dates', {
        type: 'string',
        default: 1,
        global: false,
        describe: 'with --synthetic: how many weekdays, up to the date',
      })
      .option('sources', {
        type: 'string',
        global: false,
        describe: 'with --synthetic: only these, as ipa,capm,ubs',
      })
      .example('$0 load funds samples/funds.csv', 'the fund master')
      .example('$0 load holdings samples/holdings', 'every holdings file of a folder')
      .example('$0 load capm samples/sources/capm.csv', 'accounting balances')
      .example('$0 load --synthetic --funds 50 --positions 400 --seed 7', 'made-up data, for load'),
  handler: async (argv) => {
    if (argv.synthetic !== true) {
      throw new UsageError(
        'say what to load: `load funds FILE`, `load holdings FILE|FOLDER`, `load ipa|capm|posmodrf|sona|derivados|ubs FILE|FOLDER` or `load --synthetic`',
      );
    }
    await loadSynthetic(argv);
  },
});
