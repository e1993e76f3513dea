import { defineCommand } from '../context.js';
import { finish } from './backfill/finish.js';
import { revert } from './backfill/revert.js';
import { run } from './backfill/run.js';
import { status } from './backfill/status.js';
import { verify } from './backfill/verify.js';

export const command = defineCommand({
  command: 'backfill',
  describe: 'take the history under shared IDs to one execution a fund, and back',
  builder: (args) =>
    args
      .command(run)
      .command(status)
      .command(verify)
      .command(revert)
      .command(finish)
      .example('$0 backfill run', 'in bounded batches; Ctrl-C at any time, the next run goes on')
      .example('$0 backfill verify', 'prove by counts and checksums that nothing was lost')
      .demandCommand(1, 'say what to do: run, status, verify, revert or finish'),
  handler: () => {
    // one of the above does it
  },
});
