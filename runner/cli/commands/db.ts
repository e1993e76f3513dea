import { defineCommand } from '../context.js';
import { create } from './db/create.js';
import { markDisposable } from './db/mark-disposable.js';
import { reset } from './db/reset.js';
import { start } from './db/start.js';
import { status } from './db/status.js';
import { stop } from './db/stop.js';
import { url } from './db/url.js';

export const command = defineCommand({
  command: 'db',
  describe: 'start, stop, create and mark databases',
  builder: (args) =>
    args
      .command(start)
      .command(stop)
      .command(status)
      .command(url)
      .command(create)
      .command(reset)
      .command(markDisposable)
      .example('$0 db status', 'is it there, and where?')
      .demandCommand(1, 'say which: `carril db --help` lists them'),
  handler: () => {
    // one of the above does it
  },
});
