import { rollbackConsolidation } from '../../../payroll/consolidate.js';
import { defineCommand, withEngine } from '../../context.js';
import { parseId } from '../../durations.js';
import { abortOnInterrupt } from './interrupted.js';

export const rollback = defineCommand<{ readonly id: string }>({
  command: 'rollback <id>',
  describe: 'delete what a consolidation has left and put the closing back into its state from before',
  builder: (args) =>
    args
      .positional('id', { type: 'string', demandOption: true, describe: 'the closing' })
      .example('$0 payroll rollback 4', '')
      .example('$0 payroll rollback 4 --json', '{ "closing_id", "state", "deleted" }')
      .epilogue(
        'In bounded batches: interrupted, the closing stays in revirtiendo_consolidacion, and the same command goes on. A consolidation that runs is cancelled first: `carril jobs cancel`.',
      ),
  handler: async (argv) => {
    const closing = parseId(argv.id, 'ID');
    await withEngine(argv, async (engine, out) => {
      const interrupt = abortOnInterrupt(out, 'the same command goes on');
      try {
        const { state, deleted } = await rollbackConsolidation(engine, closing, {
          deleted: (rows) => {
            if (rows > 0) out.note(`${rows} rows deleted`);
          },
          signal: interrupt.signal,
        });
        out.document({ closing_id: closing, state, deleted });
        out.print(`closing ${closing}: ${state}, ${deleted} rows deleted`);
        return 0;
      } catch (error) {
        return interrupt.codeOf(error);
      } finally {
        interrupt.release();
      }
    });
  },
});
