import { defineCommand } from '../../context.js';
import { checkTo, scriptOptions, printRun, withMigrator } from './common.js';
import type { MigrateOptions } from './common.js';

interface Options extends MigrateOptions {
  readonly to?: number | undefined;
}

export const command = defineCommand<Options>({
  command: 'down',
  describe: 'revert the last migration, or all above --to, with the procedures that need them',
  builder: (args) =>
    scriptOptions(args)
      .option('to', {
        type: 'number',
        requiresArg: true,
        describe: 'the last migration to keep; 0 reverts everything',
      })
      .example('$0 migrate down', 'revert one migration')
      .example('$0 migrate down --to 8', 'revert all above 008'),
  handler: async (argv) => {
    const to = checkTo(argv.to);
    await withMigrator(argv, async (migrator, out, engine) => {
      printRun(out, engine, await migrator.down({ to }), 'reverted');
      return 0;
    });
  },
});
