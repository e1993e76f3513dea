import { defineCommand } from '../../context.js';
import { migrateOptions, withMigrator } from './common.js';
import type { MigrateOptions } from './common.js';

export const command = defineCommand<MigrateOptions>({
  command: 'verify',
  describe: 'run the verify script of every applied migration; exit 1 when one fails',
  builder: (args) => migrateOptions(args).example('$0 migrate verify', 'prove that all is there'),
  handler: async (argv) => {
    await withMigrator(argv, async (migrator, out, engine) => {
      const report = await migrator.verify();
      const failed = report.filter(({ ok }) => !ok).length;
      out.document({
        database: engine.description,
        ok: failed === 0,
        migrations: report.map((one) => ({
          number: one.number,
          name: one.name,
          ok: one.ok,
          duration_ms: one.durationMs,
          message: one.message ?? null,
          error_number: one.errorNumber ?? null,
        })),
      });
      out.table(
        ['migration', 'verified', 'ms', 'message'],
        report.map((one) => [one.name, one.ok ? 'ok' : 'FAILED', one.durationMs, one.message]),
      );
      out.print(`${report.length - failed} of ${report.length} migrations verified`);
      return failed === 0 ? 0 : 1;
    });
  },
});
