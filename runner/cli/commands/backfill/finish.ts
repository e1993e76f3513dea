import { logs } from '../../../../procedures/generated/index.js';
import { defineCommand, withEngine } from '../../context.js';
import { readState, stateJson } from './common.js';

interface FinishArguments {
  readonly undo: boolean;
}

export const finish = defineCommand<FinishArguments>({
  command: 'finish',
  describe: 'after a verification that passed: every execution must have a process, and the key is trusted',
  builder: (args) =>
    args
      .option('undo', {
        type: 'boolean',
        default: false,
        describe: 'allow executions without a process again, so that the backfill can be reverted',
      })
      .example('$0 backfill finish', 'logs.Ejecuciones.ID_Proceso becomes NOT NULL')
      .example('$0 backfill finish --json', '{ "state": { "phase", "verified", "finished", … } }')
      .epilogue(
        'Needs carril_dba. Waits at most 5 s for the table logs.Ejecuciones, and leaves everything as it was when it does not get it.',
      ),
  handler: async (argv) => {
    await withEngine(argv, async (engine, out) => {
      await logs.backfillTerminar(engine, { deshacer: argv.undo }, { idempotent: true });
      const state = await readState(engine);
      out.document({ state: stateJson(state) });
      out.print(
        state.terminado === null
          ? 'logs.Ejecuciones.ID_Proceso may be NULL'
          : 'logs.Ejecuciones.ID_Proceso is NOT NULL, its foreign key trusted',
      );
    });
  },
});
