import { logs } from '../../../../procedures/generated/index.js';
import { architectures } from '../../../process.js';
import type { Architecture } from '../../../process.js';
import { currentUser } from '../../../user.js';
import { defineCommand, withEngine } from '../../context.js';

interface SetArguments {
  readonly architecture: Architecture;
  readonly fund: readonly string[] | undefined;
}

export const set = defineCommand<SetArguments>({
  command: 'set <architecture>',
  describe: 'switch all funds, or those named',
  builder: (args) =>
    args
      .positional('architecture', {
        choices: architectures,
        demandOption: true,
        describe: 'LEGADO: one ID for all, as before; JERARQUICA: one a fund',
      })
      .option('fund', {
        type: 'string',
        array: true,
        requiresArg: true,
        describe: 'only these funds; without it all, and what single funds had of their own is taken back',
      })
      .example('$0 rollout set JERARQUICA --fund ARKK', 'one fund goes first')
      .example('$0 rollout set LEGADO', 'everything back, at once')
      .epilogue(
        "The same by hand, in one statement: UPDATE logs.Ajustes SET Valor = 'LEGADO' WHERE Ajuste = 'ARQUITECTURA'. Processes that run go on as they were started.",
      ),
  handler: async (argv) => {
    await withEngine(argv, async (engine, out) => {
      const funds = argv.fund ?? [];
      const { cambiados } = await logs.cambiarArquitectura(
        engine,
        {
          arquitectura: argv.architecture,
          fondos: funds.map((fundShortName) => ({ fundShortName })),
          usuario: currentUser(),
        },
        { idempotent: true },
      );
      out.document({ architecture: argv.architecture, funds: argv.fund ?? null, changed: cambiados });
      const whose = funds.length === 0 ? 'all funds' : funds.join(', ');
      out.print(`${whose}: ${argv.architecture}; ${cambiados} changed. Processes that run keep theirs.`);
      return 0;
    });
  },
});
