import { defineCommand } from '../context.js';
import { check } from './rollout/check.js';
import { set } from './rollout/set.js';
import { status } from './rollout/status.js';

export const command = defineCommand({
  command: 'rollout',
  describe: 'switch funds between the old and the new architecture, and judge how it goes',
  builder: (args) =>
    args
      .command(status)
      .command(set)
      .command(check)
      .example('$0 rollout set JERARQUICA --fund ARKK ARKG', 'two funds go first')
      .example('$0 rollout check', 'exit 1 when a trigger fires')
      .demandCommand(1, 'say what to do: status, set or check'),
  handler: () => {
    // one of the above does it
  },
});
