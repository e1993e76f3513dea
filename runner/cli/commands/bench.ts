import { defineCommand } from '../context.js';
import { compare } from './bench/compare.js';
import { contention } from './bench/contention.js';
import { history } from './bench/history.js';
import { list } from './bench/list.js';
import { record } from './bench/record.js';
import { report } from './bench/report.js';
import { show } from './bench/show.js';

export const command = defineCommand({
  command: 'bench',
  describe: 'measure both architectures under one load, and compare recordings',
  builder: (args) =>
    args
      .command(contention)
      .command(record)
      .command(list)
      .command(show)
      .command(compare)
      .command(history)
      .command(report)
      .example('$0 bench contention', 'deadlocks, waits, time: before and after')
      .example('$0 bench compare before after', 'exit 1 when a tolerance is broken')
      .demandCommand(1, 'say what to do: contention, record, list, show, compare, history or report'),
  handler: () => {
    // one of the above does it
  },
});
