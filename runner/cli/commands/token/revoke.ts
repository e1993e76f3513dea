import { trabajo } from '../../../../procedures/generated/index.js';
import { defineCommand, withEngine } from '../../context.js';
import { parseId } from '../../durations.js';

export const revoke = defineCommand<{ readonly id: string }>({
  command: 'revoke <id>',
  describe: 'take a token back',
  builder: (args) =>
    args
      .positional('id', { type: 'string', demandOption: true, describe: 'as `token list` shows it' })
      .example('$0 token revoke 3', 'a server that has just seen it forgets it within five seconds')
      .epilogue('--json: {"id", "name", "revoked"}.'),
  handler: async (argv) => {
    const idCredencial = parseId(argv.id, 'ID');
    await withEngine(argv, async (engine, out) => {
      const { nombre, revocada } = await trabajo.revocarCredencial(
        engine,
        { idCredencial },
        { idempotent: true },
      );
      out.document({ id: idCredencial, name: nombre, revoked: revocada });
      out.print(`credential ${idCredencial} of ${nombre} is revoked`);
    });
  },
});
