import { defineCommand } from '../context.js';
import { create } from './backup/create.js';
import { drop } from './backup/drop.js';
import { list } from './backup/list.js';
import { restore } from './backup/restore.js';

export const command = defineCommand({
  command: 'backup',
  describe: 'copy tables inside the database, restore and drop the copies',
  builder: (args) =>
    args
      .command(list)
      .command(create)
      .command(restore)
      .command(drop)
      .example('$0 backup list', 'what migrations and people have copied')
      .demandCommand(1, 'say what to do: list, create, restore or drop'),
  handler: () => {
    // one of the above does it
  },
});
