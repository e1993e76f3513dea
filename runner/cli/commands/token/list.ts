import { trabajo } from '../../../../procedures/generated/index.js';
import { roleFromDatabase } from '../../../http/roles.js';
import { defineCommand, withEngine } from '../../context.js';

export const list = defineCommand<object>({
  command: 'list',
  describe: 'the tokens, the newest first',
  builder: (args) =>
    args
      .example('$0 token list', '')
      .epilogue('--json: {"tokens": [{"id", "name", "role", "created", "expires", "revoked", "by"}]}.'),
  handler: async (argv) => {
    await withEngine(argv, async (engine, out) => {
      const all = await trabajo.listarCredenciales(engine, { idempotent: true });
      out.document({
        tokens: all.map((row) => ({
          id: row.idCredencial,
          name: row.nombre,
          role: roleFromDatabase(row.rol),
          created: row.fechaCreacion,
          expires: row.vence,
          revoked: row.revocada,
          by: row.usuario,
        })),
      });
      if (all.length === 0) {
        out.print('no token yet; `carril token create NAME --role read` makes one');
        return;
      }
      out.table(
        ['id', 'name', 'role', 'created', 'expires', 'revoked', 'by'],
        all.map((row) => [
          row.idCredencial,
          row.nombre,
          roleFromDatabase(row.rol),
          row.fechaCreacion.toISOString(),
          row.vence?.toISOString() ?? 'never',
          row.revocada?.toISOString() ?? '',
          row.usuario,
        ]),
      );
    });
  },
});
