import { UsageError } from '../../../../engine/index.js';
import { defineCommand } from '../../context.js';
import { checkNumber, lockedOptions, withMigrator } from './common.js';
import type { MigrateOptions } from './common.js';

interface Options extends MigrateOptions {
  readonly at?: number | undefined;
  readonly accept?: readonly number[] | undefined;
}

export const command = defineCommand<Options>({
  command: 'baseline',
  describe:
    'declare that an existing database has what the migrations up to --at make, after their verify scripts agree',
  builder: (args) =>
    lockedOptions(args)
      .option('at', {
        type: 'number',
        requiresArg: true,
        demandOption: 'say up to which migration the database is there already, as --at 8',
        describe: 'the highest migration whose work is there already',
      })
      .option('accept', {
        type: 'number',
        array: true,
        requiresArg: true,
        describe:
          'numbers that count although their verify script misses something; what it missed is recorded',
      })
      .example('$0 migrate baseline --at 8', 'a database from before carril'),
  handler: async (argv) => {
    const at = checkNumber(argv.at, '--at');
    if (at === undefined) throw new UsageError('--at is missing');
    const accept = (argv.accept ?? []).map((one) => checkNumber(one, '--accept') ?? 0);
    await withMigrator(argv, async (migrator, out, engine) => {
      const { level, migrations } = await migrator.baseline({ at, accept });
      out.document({
        database: engine.description,
        level,
        migrations: migrations.map(({ number, name, missing }) => ({
          number,
          name,
          missing: missing ?? null,
        })),
      });
      out.table(
        ['migration', 'state', 'missing'],
        migrations.map(({ name, missing }) => [
          name,
          missing === undefined ? 'baseline' : 'baseline, accepted',
          missing,
        ]),
      );
      out.print(
        `${engine.description} begins at ${String(level).padStart(3, '0')}; \`carril migrate plan\` shows what comes next`,
      );
      return 0;
    });
  },
});
