import { UsageError } from '../../../engine/errors.js';
import type { Engine } from '../../../engine/index.js';
import { logs } from '../../../procedures/generated/index.js';
import { readResults, readServiceResults, readServiceRows, serviceNames } from '../../results.js';
import type { ServiceName } from '../../results.js';
import { defineCommand, withEngine } from '../context.js';
import { parseDate, parseId } from '../durations.js';
import { CommandError } from '../errors.js';
import { printResults, printServiceResults, printServiceRows } from '../results-view.js';

interface ResultsArguments {
  readonly date: string | undefined;
  readonly process: string | undefined;
  readonly service: ServiceName | undefined;
  readonly fund: string | undefined;
}

export const command = defineCommand<ResultsArguments>({
  command: 'results',
  describe: "show the results of a date's newest process, or of one process",
  builder: (args) =>
    args
      .option('date', { type: 'string', requiresArg: true, describe: "this date's newest process" })
      .option('process', { type: 'string', requiresArg: true, describe: 'this process' })
      .option('service', {
        choices: serviceNames,
        requiresArg: true,
        describe: 'the rows that this service left, one by one',
      })
      .option('fund', { type: 'string', requiresArg: true, describe: 'only of this fund; with --service' })
      .conflicts('date', 'process')
      .implies('fund', 'service')
      .example('$0 results --date 2021-05-07 --json', "that date's newest process, for a script")
      .example('$0 results --process 1042', 'one process: totals, and how many rows each service left')
      .example('$0 results --process 1042 --service UBS --fund VTI', "the custodian's breaks of one fund"),
  handler: async (argv) => {
    const find = finder(argv);
    await withEngine(argv, async (engine, out) => {
      const id = await find(engine);
      const [results, services] = [await readResults(engine, id), await readServiceRows(engine, id)];
      const { date, process } = results;
      const { service, fund } = argv;
      out.print(`process ${process.id} of ${date}: ${process.state}`);
      if (service === undefined) {
        out.document({ ...results, services });
        printResults(results, out);
        printServiceRows(services, out);
        return;
      }
      const names = results.funds.map((one) => one.fund);
      if (fund !== undefined && !names.includes(fund)) {
        throw new CommandError(
          `process ${process.id} has no fund ${fund}; it has ${names.join(', ')}`,
          'NOT_FOUND',
        );
      }
      const rows = await readServiceResults(engine, service, id, fund);
      out.document({ date, process, service, rows });
      printServiceResults(rows, out);
    });
  },
});

function finder({ date, process }: ResultsArguments): (engine: Engine) => Promise<bigint> {
  if (process !== undefined) {
    const id = parseId(process, '--process');
    return () => Promise.resolve(id);
  }
  if (date === undefined) throw new UsageError('say which results: --date or --process');
  const day = parseDate(date, '--date');
  return async (engine) => {
    const [newest] = await logs.listarProcesos(
      engine,
      { fechaReporte: day, maximo: 1 },
      { idempotent: true },
    );
    if (newest !== undefined) return newest.idProceso;
    throw new CommandError(
      `there is no process of ${day}; \`carril run --date ${day}\` starts one`,
      'NOT_FOUND',
    );
  };
}
