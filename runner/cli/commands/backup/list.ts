import { defineCommand } from '../../context.js';
import { backupJson, rowsOf, withBackups } from './common.js';

export const list = defineCommand({
  command: 'list',
  describe: 'show the backups, oldest first',
  builder: (args) =>
    args
      .example('$0 backup list', 'what migrations and people have copied')
      .example(
        '$0 backup list --json',
        '{ "backups": [{ "name", "reason", "created_at", "user", "login", "host", "rows", "tables": [{ "table", "copy", "rows", "checksum" }] }] }',
      ),
  handler: async (argv) => {
    await withBackups(argv, undefined, async (backups, out, engine) => {
      const all = await backups.list();
      out.document({ database: engine.description, backups: all.map(backupJson) });
      if (all.length === 0) out.print(`${engine.description} has no backups`);
      else {
        out.table(
          ['backup', 'made', 'by', 'rows', 'tables'],
          all.map((one) => [
            one.name,
            one.createdAt,
            `${one.user}@${one.host}`,
            rowsOf(one),
            one.tables.map(({ table }) => table).join(', '),
          ]),
        );
      }
      return 0;
    });
  },
});
