import { UsageError, describeTarget } from '../../../../engine/index.js';
import type { ConnectionTarget, Engine } from '../../../../engine/index.js';
import { defineCommand, resolveTarget, withOutput } from '../../context.js';
import type { GlobalOptions } from '../../context.js';
import { openDatabase } from '../../open-database.js';
import {
  createDatabase,
  databaseExists,
  databaseOf,
  dropDatabase,
  maintenanceOf,
  withMaintenance,
} from './targets.js';

export const reset = defineCommand<GlobalOptions>({
  command: 'reset',
  describe: 'drop the database and create it anew, empty (embedded, or marked as disposable, only)',
  builder: (args) => args.example('$0 db reset && carril migrate up', 'start over; the data is lost'),
  handler: (argv) =>
    withOutput(argv, async (out) => {
      const target = await resolveTarget(argv);
      const name = databaseOf(target);
      if (name === databaseOf(maintenanceOf(target)))
        throw new UsageError(`${name} is the server's own database, which nobody resets`);
      const existed = await withMaintenance(target, (engine) => databaseExists(engine, name));
      if (!existed && target.kind !== 'embedded') {
        throw new UsageError(
          `there is no database ${name} at ${describeTarget(target)}: carril db create makes it`,
        );
      }
      const { markDisposable } = await import('../../../../migrator/disposable.js');
      if (existed) await checkDisposable(target);
      await withMaintenance(target, async (engine) => {
        await dropDatabase(engine, name);
        await createDatabase(engine, name);
      });
      if (target.kind !== 'embedded') await withDatabase(target, markDisposable);
      out.print(`${name} is empty (${describeTarget(target)}); \`carril migrate up\` fills in the schema`);
      out.document({ database: name, reset: true });
    }),
});

async function checkDisposable(target: ConnectionTarget): Promise<void> {
  const { requireDisposable } = await import('../../../../migrator/disposable.js');
  if (target.kind !== 'embedded')
    await withDatabase(target, (engine) => requireDisposable(engine, 'db reset'));
}

async function withDatabase<T>(target: ConnectionTarget, work: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await openDatabase(target, { appName: 'carril db', poolMax: 2 });
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}
