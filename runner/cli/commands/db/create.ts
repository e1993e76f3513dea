import { UsageError, describeTarget } from '../../../../engine/index.js';
import { defineCommand, resolveTarget, withOutput } from '../../context.js';
import type { GlobalOptions } from '../../context.js';
import { parseDuration } from '../../durations.js';
import { createDatabase, databaseOf, hasRowVersions, maintenanceOf, whenUp } from './targets.js';

interface CreateOptions extends GlobalOptions {
  readonly wait?: string | undefined;
}

export const create = defineCommand<CreateOptions>({
  command: 'create',
  describe: 'create the database that the URL names, if it is missing (SQL Server: with row versioning)',
  builder: (args) =>
    args
      .option('wait', {
        type: 'string',
        requiresArg: true,
        describe: 'how long to wait for a server that is starting, as 60s or 2m',
      })
      .example('$0 db create --wait 60s', 'right after the start of a container'),
  handler: (argv) =>
    withOutput(argv, async (out) => {
      const waitMs = argv.wait === undefined ? 0 : parseDuration(argv.wait, '--wait');
      const target = await resolveTarget(argv);
      const name = databaseOf(target);
      if (name === databaseOf(maintenanceOf(target)))
        throw new UsageError(`${name} is the server's own database: name another one in the URL`);
      const onWaiting = (error: Error): void => {
        out.note(`waiting up to ${argv.wait ?? ''} for the server: ${error.message}`);
      };
      await whenUp(target, waitMs, onWaiting, async (engine) => {
        const created = await createDatabase(engine, name);
        const rowVersions = await hasRowVersions(engine, name);
        out.print(`${name} ${created ? 'created' : 'exists already'} (${describeTarget(target)})`);
        if (!rowVersions) {
          out.warn(
            `${name} reads without row versions, so readers and lanes wait for each other. When nobody uses it: ` +
              `ALTER DATABASE [${name.replaceAll(']', ']]')}] SET READ_COMMITTED_SNAPSHOT ON`,
          );
        }
        out.document({ database: name, created, row_versions: rowVersions });
      });
    }),
});
