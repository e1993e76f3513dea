import { UsageError } from '../../../engine/errors.js';
import type { Engine } from '../../../engine/index.js';
import { homol } from '../../../procedures/generated/index.js';
import { checkConnections } from '../../connections.js';
import { weekdaysBetween } from '../../dates.js';
import { architectures, findProcess, startRun } from '../../process.js';
import type { Architecture, FundsProcess } from '../../process.js';
import { quote } from '../../quote.js';
import { requireServices } from '../check-services.js';
import { defineCommand, withEngine } from '../context.js';
import { parseCount, parseDate, parseId } from '../durations.js';
import { CommandError } from '../errors.js';
import { interrupted } from '../interrupt.js';
import { laneConnections, laneOptions, readLaneOptions } from '../lane-options.js';
import type { LaneArguments } from '../lane-options.js';
import type { Output } from '../output.js';
import { resultsDocument, runProcess, sayOutcome } from '../run-process.js';
import type { RunOptions } from '../run-process.js';

interface RunArguments extends LaneArguments {
  readonly date: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly funds: string | undefined;
  readonly service: string | undefined;
  readonly resume: string | undefined;
  readonly architecture: Architecture | undefined;
  readonly watch: boolean;
  readonly maxFailures: string | undefined;
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
        .option('from', {
          type: 'string',
          requiresArg: true,
          describe: 'with --to: each date of the range that has holdings, one after another',
        })
        .option('to', { type: 'string', requiresArg: true, describe: 'the last date of the range' })
        .option('funds', {
          type: 'string',
          requiresArg: true,
          describe: 'short names, separated by commas [default: all active funds of the cube]',
        })
        .option('service', {
          type: 'string',
          requiresArg: true,
          describe: 'this service alone, and before it what it depends on, where a fund lacks that',
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
        .option('max-failures', {
          type: 'string',
          requiresArg: true,
          describe: 'cancel the rest once so many funds have failed [default: run all]',
        })
        .option('watch', {
          type: 'boolean',
          default: false,
          describe: 'show the lanes while they run; in a pipe a line for each service',
        })
        .conflicts('resume', ['date', 'from', 'to', 'funds', 'service', 'architecture'])
        .conflicts('date', ['from', 'to']),
    )
      .example('$0 run --date 2021-05-07', 'all funds of that date')
      .example('$0 run --date 2021-05-07 --funds ARKK,ARKG', 'two funds')
      .example('$0 run --from 2021-04-26 --to 2021-05-07 --watch', 'date after date')
      .example('$0 run --date 2021-05-07 --service UBS', 'one service, from the positions computed before')
      .example('$0 run --date 2021-05-07 --architecture LEGADO', 'once more the way of before')
      .example('$0 run --resume 1042', 'go on where a run was interrupted')
      .epilogue(
        'Ends when the process has ended, funds held by other workers included. A range stops at the first date that did not ' +
          'end COMPLETADO, for the next one builds on it. Exit 1 when one did not end COMPLETADO.',
      ),
  handler: async (argv) => {
    const options = {
      ...readLaneOptions(argv),
      watch: argv.watch,
      maxFailures:
        argv.maxFailures === undefined
          ? undefined
          : parseCount(argv.maxFailures, '--max-failures', 1, 1_000_000),
    };
    const work = chosen(argv);
    await withEngine(
      argv,
      async (engine, out) => {
        // before a process is started that could not be worked on
        await checkConnections(engine, options.lanes);
        return await work(engine, options, out);
      },
      laneConnections(options, 'carril run'),
    );
  },
});

type Work = (engine: Engine, options: RunOptions, out: Output) => Promise<number>;

/** Checks the arguments before anything is opened, and says what is to be done. */
function chosen(argv: RunArguments): Work {
  const { date, from, to, resume, service, architecture } = argv;
  if (resume !== undefined) {
    const id = parseId(resume, '--resume');
    return async (engine, options, out) => {
      const process = await findProcess(engine, id);
      out.note(`process ${process.id} of ${process.date}: resumed, ${process.funds} funds${wayOf(process)}`);
      return await runDate(engine, [process], options, out);
    };
  }
  const names = argv.funds?.split(',').map((name) => name.trim());
  if (names?.includes('') === true)
    throw new UsageError(`--funds: ${quote(argv.funds ?? '')} has an empty name`);
  const start = async (engine: Engine, day: string, out: Output) => {
    const processes = await startRun(engine, day, names, architecture, service);
    const what = service === undefined ? '' : `, ${service} alone`;
    for (const process of processes)
      out.note(
        `process ${process.id} of ${process.date}: started, ${process.funds} funds${wayOf(process)}${what}`,
      );
    return processes;
  };
  if (from !== undefined && to !== undefined) {
    const range = { from: parseDate(from, '--from'), to: parseDate(to, '--to') };
    if (range.from > range.to) throw new UsageError(`--from ${from} is after --to ${to}`);
    return async (engine, options, out) => {
      await requireServices(engine);
      return await runRange(engine, range, (day) => start(engine, day, out), options, out);
    };
  }
  if (date === undefined) {
    throw new UsageError(
      'say which date to run (--date), which dates (--from and --to), or what to continue (--resume)',
    );
  }
  const day = parseDate(date, '--date');
  return async (engine, options, out) => {
    await requireServices(engine);
    return await runDate(engine, await start(engine, day, out), options, out);
  };
}

function wayOf({ architecture }: FundsProcess): string {
  return architecture === 'LEGADO' ? ' (LEGADO)' : '';
}

async function runDate(
  engine: Engine,
  processes: readonly FundsProcess[],
  options: RunOptions,
  out: Output,
): Promise<number> {
  const { documents, code } = await runAll(engine, processes, options, out);
  const [only] = documents;
  // one process as it always was; of two, which only a switch that is set for some funds makes, both
  out.document(processes.length === 1 && only !== undefined ? only : { processes: documents });
  return code;
}

/** The processes of a date, one after another, whatever becomes of each; only Ctrl-C leaves some out. */
async function runAll(
  engine: Engine,
  processes: readonly FundsProcess[],
  options: RunOptions,
  out: Output,
): Promise<{ readonly documents: Record<string, unknown>[]; readonly code: number }> {
  const documents: Record<string, unknown>[] = [];
  let worst = 0;
  for (const [i, process] of processes.entries()) {
    const outcome = await runProcess(engine, process, options, out);
    documents.push(resultsDocument(outcome));
    const code = await sayOutcome(engine, process, outcome, out);
    worst = Math.max(worst, code);
    if (outcome.interrupted) {
      for (const { id } of processes.slice(i + 1)) out.note(`and with: carril run --resume ${id}`);
      break;
    }
  }
  return { documents, code: worst };
}

/** One date after another: a date's PNL is measured from the one before. */
async function runRange(
  engine: Engine,
  range: { readonly from: string; readonly to: string },
  start: (day: string) => Promise<readonly FundsProcess[]>,
  options: RunOptions,
  out: Output,
): Promise<number> {
  const { from, to } = range;
  const rows = await homol.fechasCargadas(engine, { desde: from, hasta: to }, { idempotent: true });
  const days = rows.map(({ fechaReporte }) => fechaReporte);
  const skipped = weekdaysBetween(from, to).filter((day) => !days.includes(day));
  if (days.length === 0) {
    throw new CommandError(
      `no date from ${from} to ${to} has positions in homol.IPA: were its files loaded (carril load)?`,
      'NOT_FOUND',
    );
  }
  if (skipped.length > 0) {
    const more = skipped.length > 10 ? `, … (${skipped.length} weekdays)` : '';
    out.note(`no positions, skipped: ${skipped.slice(0, 10).join(', ')}${more}`);
  }
  const processes: Record<string, unknown>[] = [];
  let code = 0;
  let done = 0;
  for (const day of days) {
    const ran = await runAll(engine, await start(day), { ...options, title: day }, out);
    processes.push(...ran.documents);
    code = ran.code;
    done += 1;
    if (code !== 0) break;
  }
  const left = days.slice(done);
  out.document({ ...range, skipped, not_run: left, processes });
  const [next] = left;
  if (next !== undefined && code !== interrupted)
    out.warn(`not run, for they build on a date that is not complete: ${left.join(', ')}`);
  if (next !== undefined) out.note(`then: carril run --from ${next} --to ${to}`);
  return code;
}
