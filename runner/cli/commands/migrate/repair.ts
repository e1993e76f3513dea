import { UsageError } from '../../../../engine/index.js';
import { defineCommand } from '../../context.js';
import { checkNumber, lockedOptions, withMigrator } from './common.js';
import type { MigrateOptions } from './common.js';

interface Options extends MigrateOptions {
  readonly reason?: string | undefined;
  readonly migration?: number | undefined;
  readonly resumeAt?: number | undefined;
}

export const command = defineCommand<Options>({
  command: 'repair',
  describe:
    'accept the changed files of applied migrations, or say where a half-done script goes on; with a reason',
  builder: (args) =>
    lockedOptions(args)
      .option('reason', {
        type: 'string',
        requiresArg: true,
        demandOption: 'say why with --reason: it is recorded in the journal',
        describe: 'why; recorded in the journal',
      })
      .option('migration', { type: 'number', requiresArg: true, describe: 'of this migration only' })
      .option('resume-at', {
        type: 'number',
        requiresArg: true,
        describe:
          'the statement at which a half-done script outside a transaction goes on; 1: from its beginning',
      })
      .example(
        '$0 migrate repair --reason "comment corrected, ticket 4711"',
        'accept files that were changed',
      )
      .example(
        '$0 migrate repair --migration 23 --resume-at 4 --reason "the index is there"',
        'go on behind it',
      ),
  handler: async (argv) => {
    const migration = checkNumber(argv.migration, '--migration');
    const { resumeAt, reason = '' } = argv;
    if (resumeAt !== undefined && (!Number.isInteger(resumeAt) || resumeAt < 1)) {
      throw new UsageError('--resume-at takes the number of a statement, from 1');
    }
    await withMigrator(argv, async (migrator, out, engine) => {
      const repairs = await migrator.repair({ reason, migration, resumeAt });
      out.document({ database: engine.description, repaired: repairs });
      for (const { action, name, parts } of repairs) {
        out.print(
          action === 'accepted'
            ? `${name}: accepted as it is now (${parts.join(', ')} changed)`
            : `${name}: ${parts.join(', ')} goes on at statement ${resumeAt ?? 1}`,
        );
      }
      if (repairs.length === 0) out.print('nothing to repair: no applied file was changed');
      return 0;
    });
  },
});
