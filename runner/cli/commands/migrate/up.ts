import { defineCommand } from '../../context.js';
import { checkTo, lockedOptions, printRun, withMigrator } from './common.js';
import type { MigrateOptions } from './common.js';

interface Options extends MigrateOptions {
  readonly to?: number | undefined;
  readonly outOfOrder?: boolean | undefined;
}

export const command = defineCommand<Options>({
  command: 'up',
  describe: 'apply pending migrations, each in a transaction, then changed procedures',
  builder: (args) =>
    lockedOptions(args)
      .option('to', { type: 'number', requiresArg: true, describe: 'the last migration to apply' })
      .option('out-of-order', {
        type: 'boolean',
        default: false,
        describe: 'apply a number below one that is applied already',
      })
      .example('$0 migrate up --to 14', 'apply everything up to 014'),
  handler: async (argv) => {
    const to = checkTo(argv.to);
    await withMigrator(argv, async (migrator, out, engine) => {
      printRun(out, engine, await migrator.up({ to, outOfOrder: argv.outOfOrder }), 'applied');
      return 0;
    });
  },
});
