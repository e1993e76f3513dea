import { revertBackfill } from '../../../backfill.js';
import { defineCommand, withEngine } from '../../context.js';
import { exitOf, paceOptions, parsePace, readState, sayStopped, stateJson, withProgress } from './common.js';
import type { PaceArguments } from './common.js';

export const revert = defineCommand<PaceArguments>({
  command: 'revert',
  describe: 'give the history back, batch by batch, every row as it was',
  builder: (args) =>
    paceOptions(args, 10_000)
      .example('$0 backfill revert', 'then `$0 backfill verify` compares with what was measured before')
      .example('$0 backfill revert --json', '{ "ended", "state": { "phase", … } }')
      .epilogue('After `carril backfill finish`, `carril backfill finish --undo` comes first.'),
  handler: async (argv) => {
    const pace = parsePace(argv, 20_000);
    await withEngine(argv, async (engine, out) => {
      const before = await readState(engine);
      const end = await withProgress(
        engine,
        {
          command: 'revert',
          title: 'revert',
          waitForMigrator: argv.waitForMigrator,
          total: before.cambiadas,
          done: 0,
        },
        out,
        async (loop) => await revertBackfill(engine, { ...pace, ...loop }),
      );
      const state = await readState(engine);
      out.document({ ended: end, state: stateJson(state) });
      if (end === 'done') {
        out.print(
          state.fase === 'NUEVO'
            ? 'there is nothing to revert'
            : 'reverted; check it: carril backfill verify',
        );
      }
      sayStopped(end, 'revert', out);
      return exitOf(end);
    });
  },
});
