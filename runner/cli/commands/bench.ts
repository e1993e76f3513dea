import { defineCommand } from '../context.js';
import { contention } from './bench/contention.js';

export const command = defineCommand({
  command: 'bench',
  describe: 'measure both architectures under one load, and compare recordings',
  builder: (args) =>
    args
      .command(contention)
      .example('$0 bench contention', 'deadlocks, waits, time: before and after')
      .demandCommand(1, 'say what to do: contention'),
  handler: () => {
    // one of the above does it
  },
});
