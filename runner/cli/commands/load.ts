import { UsageError } from '../../../engine/errors.js';
import { defineCommand } from '../context.js';
import { command as funds } from './load/funds.js';
import { command as holdings } from './load/holdings.js';
import { loadSynthetic } from './load/synthetic.js';
import type { SyntheticArguments } from './load/synthetic.js';

export const command = defineCommand<SyntheticArguments>({
  command: 'load',
  describe: 'load funds, holdings or generated data',
  builder: (args) =>
    args
      .command(funds)
      .command(holdings)
      .option('synthetic', {
        type: 'boolean',
        global: false,
        describe: 'generate funds and holdings: the same for the same seed',
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
      .example('$0 load funds samples/funds.csv', 'the fund master')
      .example('$0 load holdings samples/holdings', 'every holdings file of a folder')
      .example('$0 load --synthetic --funds 50 --positions 400 --seed 7', 'made-up data, for load'),
  handler: async (argv) => {
    if (argv.synthetic !== true) {
      throw new UsageError(
        'say what to load: `load holdings FILE|FOLDER`, `load funds FILE` or `load --synthetic`',
      );
    }
    await loadSynthetic(argv);
  },
});
