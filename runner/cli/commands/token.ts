import { UsageError } from '../../../engine/errors.js';
import { defineCommand } from '../context.js';
import { create } from './token/create.js';
import { list } from './token/list.js';
import { revoke } from './token/revoke.js';

export const command = defineCommand({
  command: 'token',
  describe: 'create, list and revoke the tokens of the HTTP service',
  builder: (args) =>
    args
      .command(create)
      .command(list)
      .command(revoke)
      .example('$0 token create page --role run', 'for people who start and cancel runs')
      .example('$0 token revoke 3', 'works within five seconds'),
  handler: () => {
    throw new UsageError('say what to do: create, list or revoke');
  },
});
