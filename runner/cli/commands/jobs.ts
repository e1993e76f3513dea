import { defineCommand } from '../context.js';
import { cancel } from './jobs/cancel.js';
import { list } from './jobs/list.js';
import { purge } from './jobs/purge.js';
import { retry } from './jobs/retry.js';
import { show } from './jobs/show.js';

export const command = defineCommand({
  command: 'jobs',
  describe: 'list, show, cancel, retry and purge jobs',
  builder: (args) =>
    args
      .command(list)
      .command(show)
      .command(cancel)
      .command(retry)
      .command(purge)
      .example('$0 jobs list', 'the newest jobs of every kind')
      .demandCommand(1, 'say what to do: list, show, cancel, retry or purge'),
  handler: () => {
    // one of the above does it
  },
});
