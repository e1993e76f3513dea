import { UsageError } from '../../../engine/errors.js';
import { defineCommand } from '../context.js';
import { command as report } from './logs/report.js';
import { command as scan } from './logs/scan.js';
import { command as sync } from './logs/sync.js';

export const command = defineCommand({
  command: 'logs',
  describe: 'find the error blocks of log files and report them',
  builder: (args) =>
    args
      .command(scan)
      .command(report)
      .command(sync)
      .example('$0 logs scan app.log', 'find and store its error blocks')
      .example('$0 logs report', 'what the newest scan found, by signature'),
  handler: () => {
    throw new UsageError('say what to do: `logs scan FILE`, `logs report` or `logs sync`');
  },
});
