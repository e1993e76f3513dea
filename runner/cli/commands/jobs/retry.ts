import { trabajo } from '../../../../procedures/generated/index.js';
import { defineCommand, withEngine } from '../../context.js';
import { parseId } from '../../durations.js';
import { counted } from './view.js';

interface RetryArguments {
  readonly id: string;
  readonly chunk: string | undefined;
}

export const retry = defineCommand<RetryArguments>({
  command: 'retry <id>',
  describe: 'give what failed or was cancelled in a job its attempts back',
  builder: (args) =>
    args
      .positional('id', { type: 'string', demandOption: true, describe: 'the job' })
      .option('chunk', { type: 'string', requiresArg: true, describe: 'only this chunk' })
      .example('$0 jobs retry 42', 'try again what has failed in job 42')
      .example('$0 jobs retry 42 --json', '{ "job", "state", "retried" }'),
  handler: async (argv) => {
    const idTrabajo = parseId(argv.id, 'ID');
    const idChunk = argv.chunk === undefined ? null : parseId(argv.chunk, '--chunk');
    await withEngine(argv, async (engine, out) => {
      const call = () => trabajo.reintentarTrabajo(engine, { idTrabajo, idChunk }, { idempotent: true });
      let answer = await call();
      let retried = answer.reintentados;
      // a bounded number a call; what has its attempts back is not found again
      while (idChunk === null && answer.reintentados > 0) {
        answer = await call();
        retried += answer.reintentados;
      }
      const state = answer.estado;
      out.document({ job: idTrabajo, state, retried });
      if (retried === 0) out.print(`job ${idTrabajo} is ${state}: nothing in it failed or was cancelled`);
      else
        out.print(
          `job ${idTrabajo} is ${state}: ${counted(retried)} ${retried === 1 ? 'waits' : 'wait'} for a worker (carril work)`,
        );
    });
  },
});
