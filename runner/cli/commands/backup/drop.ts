import { defineCommand } from '../../context.js';
import { backupJson, lockedOptions, rowsOf, withBackups } from './common.js';
import type { LockedOptions } from './common.js';

interface Options extends LockedOptions {
  readonly name: string;
}

export const drop = defineCommand<Options>({
  command: 'drop <name>',
  describe: 'drop the copies of a backup for good',
  builder: (args) =>
    lockedOptions(args)
      .positional('name', { type: 'string', describe: 'of the backup, as list shows it' })
      .example('$0 backup drop manual-1', 'its space is free again'),
  handler: async (argv) => {
    await withBackups(argv, undefined, async (backups, out) => {
      const backup = await backups.drop(argv.name);
      out.document(backupJson(backup));
      out.print(`dropped ${backup.name}: ${backup.tables.length} copies, ${rowsOf(backup)} rows`);
      return 0;
    });
  },
});
