import { UsageError } from '../../../engine/errors.js';
import type { Engine } from '../../../engine/index.js';
import { checkConnections } from '../../connections.js';
import { findProcess, startProcess } from '../../process.js';
import type { FundsProcess } from '../../process.js';
import { quote } from '../../quote.js';
import type { ProcessResults } from '../../results.js';
import { defineCommand, withEngine } from '../context.js';
import { parseDate, parseId } from '../durations.js';
import { interrupted } from '../interrupt.js';
import { laneConnections, laneOptions, readLaneOptions } from '../lane-options.js';
import type { LaneArguments } from '../lane-options.js';
import type { Output } from '../output.js';
import { printResults } from '../results-view.js';
import { explainFailures, runProcess } from '../run-process.js';

interface RunArguments extends LaneArguments {
  readonly date: string | undefined;
  readonly funds: string | undefined;
  readonly resume: string | undefined;
}

export const command = defineCommand<RunArguments>({
  command: 'run',
  describe: "run a date's funds, one lane a fund",
  builder: (args) =>
    laneOptions(
      args
        .option('date', {
          type: 'string',
          requiresArg: true,
          describe: 'date of the holdings; always a new process',
        })
        .option('funds', {
          type: 'string',
          requiresArg: true,
          describe: 'short names, separated by commas [default: all active funds of the cube]',
        })
        .option('resume', {
          type: 'string',
          requiresArg: true,
          describe: 'continue this process instead of starting one',
        })
        .conflicts('resume', ['date', 'funds']),
    )
      .example('$0 run --date 2021-05-07', 'all funds of that date')
      .example('$0 run --date 2021-05-07 --funds ARKK,ARKG', 'two funds')
      .example('$0 run --resume 1042', 'go on where a run was interrupted')
      .epilogue(
        'Ends when the process has ended, funds held by other workers included. Exit 1 when it did not end COMPLETADO.',
      ),
  handler: async (argv) => {
    const options = readLaneOptions(argv);
    const choose = chosen(argv);
    await withEngine(
      argv,
      async (engine, out) => {
        // before a process is started that could not be worked on
        await checkConnections(engine, options.lanes);
        const process = await choose(engine, out);
        const outcome = await runProcess(engine, process, options, out);
        const { results } = outcome;
        const seconds = outcome.seconds.toFixed(2);
        printResults(results, out);
        out.document({ ...results, seconds });
        if (outcome.interrupted) {
          out.note(`interrupted; go on with: carril run --resume ${process.id}`);
          return interrupted;
        }
        out.print(`process ${process.id} of ${process.date}: ${results.process.state} in ${seconds} s`);
        warnOfEmptyFunds(results, out);
        if (results.process.state === 'COMPLETADO') return 0;
        await explainFailures(engine, process.id, out);
        return 1;
      },
      laneConnections(options, 'carril run'),
    );
  },
});

/** A fund without positions completes with nothing in it, which is right, and seldom what was meant. */
function warnOfEmptyFunds({ date, funds }: ProcessResults, out: Output): void {
  const empty = funds
    .filter(({ state, lines }) => state === 'COMPLETADO' && lines === 0)
    .map(({ fund }) => fund);
  if (empty.length > 0)
    out.warn(
      `no positions of ${date} in homol.IPA for ${empty.join(', ')}: were its files loaded (carril load)?`,
    );
}

/** Checks the arguments before anything is opened, and says how the process comes about. */
function chosen({
  date,
  funds,
  resume,
}: RunArguments): (engine: Engine, out: Output) => Promise<FundsProcess> {
  if (resume !== undefined) {
    const id = parseId(resume, '--resume');
    return async (engine, out) => {
      const process = await findProcess(engine, id);
      out.note(`process ${process.id} of ${process.date}: resumed, ${process.funds} funds`);
      return process;
    };
  }
  if (date === undefined)
    throw new UsageError('say which date to run (--date), or what to continue (--resume)');
  const day = parseDate(date, '--date');
  const names = funds?.split(',').map((name) => name.trim());
  if (names?.includes('') === true) throw new UsageError(`--funds: ${quote(funds ?? '')} has an empty name`);
  return async (engine, out) => {
    const process = await startProcess(engine, day, names);
    out.note(`process ${process.id} of ${process.date}: started, ${process.funds} funds`);
    return process;
  };
}
