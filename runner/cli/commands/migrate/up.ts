import { defineCommand } from '../../context.js';
import { checkTo, scriptOptions, printRun, withMigrator } from './common.js';
import type { MigrateOptions } from './common.js';

interface Options extends MigrateOptions {
  readonly to?: number | undefined;
  readonly outOfOrder?: boolean | undefined;
  readonly adopt?: readonly string[] | undefined;
  readonly replace?: readonly string[] | undefined;
}

export const command = defineCommand<Options>({
  command: 'up',
  describe:
    'apply pending migrations, each in a transaction, then changed procedures; `plan` shows them before',
  builder: (args) =>
    scriptOptions(args)
      .option('to', { type: 'number', requiresArg: true, describe: 'the last migration to apply' })
      .option('out-of-order', {
        type: 'boolean',
        default: false,
        describe: 'apply a number below one that is applied already',
      })
      .option('adopt', {
        type: 'string',
        array: true,
        describe:
          'keep objects that are there and not in the journal until their files change; all, or those named',
      })
      .option('replace', {
        type: 'string',
        array: true,
        describe:
          'save such objects and put the files in their place, so that down restores them; all, or those named',
      })
      .example('$0 migrate up --lock-timeout 5s', 'fail rather than stand in the way of others for longer')
      .example('$0 migrate up --replace logs.sp_X', 'take over a procedure that was there before')
      .example('$0 migrate up --to 14', 'apply everything up to 014'),
  handler: async (argv) => {
    const to = checkTo(argv.to);
    await withMigrator(argv, async (migrator, out, engine) => {
      const { outOfOrder } = argv;
      const result = await migrator.up({
        to,
        outOfOrder,
        adopt: choice(argv.adopt),
        replace: choice(argv.replace),
      });
      printRun(out, engine, result, 'applied');
      return 0;
    });
  },
});

/** The option without names means all. */
function choice(names: readonly string[] | undefined): 'all' | readonly string[] | undefined {
  return names?.length === 0 ? 'all' : names;
}
