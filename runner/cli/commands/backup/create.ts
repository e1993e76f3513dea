import { defineCommand } from '../../context.js';
import { lastOfEach } from '../../last-of-each.js';
import type { Progress } from '../../progress.js';
import { backupJson, lockedOptions, printTables, rowsOf, withBackups } from './common.js';
import type { LockedOptions } from './common.js';

interface Options extends LockedOptions {
  readonly tables: readonly string[];
  readonly name?: string | undefined;
}

export const create = defineCommand<Options>({
  command: 'create <tables..>',
  describe: 'copy tables inside the database, in one transaction; writers wait meanwhile',
  builder: (args) =>
    lockedOptions(
      // else only the last of several tables would be left
      args.parserConfiguration({ 'duplicate-arguments-array': true }),
    )
      .positional('tables', { type: 'string', array: true, describe: 'tables with their schema' })
      .option('name', {
        type: 'string',
        requiresArg: true,
        describe: 'of the backup; left out: manual-1 and so on',
      })
      .example(
        '$0 backup create logs.Procesos logs.Ejecuciones --name antes-de-017',
        'two tables of one moment',
      ),
  handler: async (given) => {
    const argv = lastOfEach(given, 'tables');
    let progress: Progress | undefined;
    await withBackups(
      argv,
      (out) => {
        progress = out.progress('copying', argv.tables.length);
        let done = 0;
        return (table) => {
          done += 1;
          progress?.update(done, table);
        };
      },
      async (backups, out) => {
        const backup = await backups.create(argv.tables, argv.name);
        progress?.stop();
        out.document(backupJson(backup));
        out.print(`backup ${backup.name}: ${rowsOf(backup)} rows`);
        printTables(out, backup);
        return 0;
      },
    );
  },
});
