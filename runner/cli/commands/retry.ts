import { checkConnections } from '../../connections.js';
import { findProcess } from '../../process.js';
import { retryProcess } from '../../undo.js';
import { defineCommand, withEngine } from '../context.js';
import { parseId } from '../durations.js';
import { laneConnections, laneOptions, readLaneOptions } from '../lane-options.js';
import type { LaneArguments } from '../lane-options.js';
import { resultsDocument, runProcess, sayOutcome } from '../run-process.js';

interface RetryArguments extends LaneArguments {
  readonly id: string;
  readonly work: boolean;
}

export const command = defineCommand<RetryArguments>({
  command: 'retry <id>',
  describe: 'run the failed funds of a process again, from the service that failed on',
  builder: (args) =>
    laneOptions(
      args
        .positional('id', {
          type: 'string',
          demandOption: true,
          describe: "the process, or one fund's execution for that fund alone",
        })
        .option('work', {
          type: 'boolean',
          default: true,
          describe: 'work on it until it has ended; --no-work leaves that to other workers (carril work)',
        }),
    )
      .example('$0 retry 1042', 'its failed and cancelled funds, each from its first unfinished service on')
      .example('$0 retry 1047 --no-work --json', '{ "process", "state", "retried" }')
      .epilogue(
        'In the same process: what is complete stays as it is, and so do the services that it began with. What was rolled ' +
          'back is not retried. Exit 1 when the process did not end COMPLETADO.',
      ),
  handler: async (argv) => {
    const options = readLaneOptions(argv);
    const id = parseId(argv.id, 'ID');
    await withEngine(
      argv,
      async (engine, out) => {
        if (argv.work) await checkConnections(engine, options.lanes);
        const { process, state, retried } = await retryProcess(engine, id);
        const funds = `${retried} fund${retried === 1 ? '' : 's'}`;
        if (retried === 0 || !argv.work) {
          out.document({ process, state, retried });
          if (retried === 0)
            out.print(`process ${process} is ${state}: nothing in it failed or was cancelled`);
          else
            out.print(
              `process ${process}: ${funds} wait${retried === 1 ? 's' : ''} for a worker (carril work)`,
            );
          return 0;
        }
        out.note(`process ${process}: ${funds} retried`);
        const found = await findProcess(engine, process);
        const outcome = await runProcess(engine, found, options, out);
        out.document({ retried, ...resultsDocument(outcome) });
        return await sayOutcome(engine, found, outcome, out);
      },
      laneConnections(options, 'carril retry'),
    );
  },
});
