import { defineCommand } from '../../context.js';
import { backupJson, lockedOptions, printTables, rowsOf, withBackups } from './common.js';
import type { LockedOptions } from './common.js';

interface Options extends LockedOptions {
  readonly name: string;
}

export const restore = defineCommand<Options>({
  command: 'restore <name>',
  describe: 'put the rows of a backup back in one transaction; what its tables hold now is replaced',
  builder: (args) =>
    lockedOptions(args)
      .positional('name', { type: 'string', describe: 'of the backup, as list shows it' })
      .example('$0 backup restore 012_procesos.down', 'after 012 was applied again'),
  handler: async (argv) => {
    await withBackups(
      argv,
      (out) => (table) => {
        out.note(`restored ${table}`);
      },
      async (backups, out) => {
        const backup = await backups.restore(argv.name);
        out.document(backupJson(backup));
        out.print(`restored ${backup.name}: ${rowsOf(backup)} rows, checksums as they were`);
        printTables(out, backup);
        return 0;
      },
    );
  },
});
