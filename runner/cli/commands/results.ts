import { UsageError } from '../../../engine/errors.js';
import type { Engine } from '../../../engine/index.js';
import { logs } from '../../../procedures/generated/index.js';
import { readResults } from '../../results.js';
import { defineCommand, withEngine } from '../context.js';
import { parseDate, parseId } from '../durations.js';
import { CommandError } from '../errors.js';
import { printResults } from '../results-view.js';

interface ResultsArguments {
  readonly date: string | undefined;
  readonly process: string | undefined;
}

export const command = defineCommand<ResultsArguments>({
  command: 'results',
  describe: "show the results of a date's newest process, or of one process",
  builder: (args) =>
    args
      .option('date', { type: 'string', requiresArg: true, describe: "this date's newest process" })
      .option('process', { type: 'string', requiresArg: true, describe: 'this process' })
      .conflicts('date', 'process')
      .example('$0 results --date 2021-05-07 --json', "that date's newest process, for a script")
      .example('$0 results --process 1042', 'one process'),
  handler: async (argv) => {
    const find = finder(argv);
    await withEngine(argv, async (engine, out) => {
      const results = await readResults(engine, await find(engine));
      out.document(results);
      out.print(`process ${results.process.id} of ${results.date}: ${results.process.state}`);
      printResults(results, out);
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
