import { UsageError } from '../../../engine/errors.js';
import type { Engine } from '../../../engine/index.js';
import { checkConnections } from '../../connections.js';
import { architectures, findProcess, startRun } from '../../process.js';
import type { Architecture, FundsProcess } from '../../process.js';
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
import type { ProcessOutcome } from '../run-process.js';

interface RunArguments extends LaneArguments {
  readonly date: string | undefined;
  readonly funds: string | undefined;
  readonly resume: string | undefined;
  readonly architecture: Architecture | undefined;
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
        .option('architecture', {
          choices: architectures,
          requiresArg: true,
          describe: 'for this run, whatever the switch says of its funds (carril rollout)',
        })
        .conflicts('resume', ['date', 'funds', 'architecture']),
    )
      .example('$0 run --date 2021-05-07', 'all funds of that date')
      .example('$0 run --date 2021-05-07 --funds ARKK,ARKG', 'two funds')
      .example('$0 run --date 2021-05-07 --architecture LEGADO', 'once more the way of before')
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
        const processes = await choose(engine, out);
        const outcomes: ProcessOutcome[] = [];
        for (const [i, process] of processes.entries()) {
          const outcome = await runProcess(engine, process, options, out);
          outcomes.push(outcome);
          printResults(outcome.results, out);
          if (outcome.interrupted) {
            document(outcomes, processes.length, out);
            const left = processes.slice(i).map(({ id }) => `carril run --resume ${id}`);
            out.note(`interrupted; go on with: ${left.join(' and ')}`);
            return interrupted;
          }
          out.print(
            `process ${process.id} of ${process.date}: ${outcome.results.process.state} in ${outcome.seconds.toFixed(2)} s`,
          );
        }
        document(outcomes, processes.length, out);
        for (const { results } of outcomes) warnOfEmptyFunds(results, out);
        const failed = outcomes.filter(({ results }) => results.process.state !== 'COMPLETADO');
        for (const { results } of failed) await explainFailures(engine, BigInt(results.process.id), out);
        return failed.length === 0 ? 0 : 1;
      },
      laneConnections(options, 'carril run'),
    );
  },
});

/** One process as it always was; of two, which only a switch that is set for some funds makes, both. */
function document(outcomes: readonly ProcessOutcome[], processes: number, out: Output): void {
  const documents = outcomes.map(({ results, seconds }) => ({ ...results, seconds: seconds.toFixed(2) }));
  const [only] = documents;
  out.document(processes === 1 && only !== undefined ? only : { processes: documents });
}

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
  architecture,
}: RunArguments): (engine: Engine, out: Output) => Promise<readonly FundsProcess[]> {
  if (resume !== undefined) {
    const id = parseId(resume, '--resume');
    return async (engine, out) => {
      const process = await findProcess(engine, id);
      out.note(`process ${process.id} of ${process.date}: resumed, ${process.funds} funds${wayOf(process)}`);
      return [process];
    };
  }
  if (date === undefined)
    throw new UsageError('say which date to run (--date), or what to continue (--resume)');
  const day = parseDate(date, '--date');
  const names = funds?.split(',').map((name) => name.trim());
  if (names?.includes('') === true) throw new UsageError(`--funds: ${quote(funds ?? '')} has an empty name`);
  return async (engine, out) => {
    const processes = await startRun(engine, day, names, architecture);
    for (const process of processes)
      out.note(`process ${process.id} of ${process.date}: started, ${process.funds} funds${wayOf(process)}`);
    return processes;
  };
}

function wayOf({ architecture }: FundsProcess): string {
  return architecture === 'LEGADO' ? ' (LEGADO)' : '';
}
