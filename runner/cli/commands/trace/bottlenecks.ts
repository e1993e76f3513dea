import { logs } from '../../../../procedures/generated/index.js';
import { defineCommand, withEngine } from '../../context.js';
import { noTraces, readQuestion, subjectOf, traceOptions } from './common.js';
import type { TraceArguments } from './common.js';

export const bottlenecks = defineCommand<TraceArguments>({
  command: 'bottlenecks [id]',
  describe: 'what was waited for, and what took longest, by resource',
  builder: (args) =>
    traceOptions(args)
      .example('$0 trace bottlenecks 1042', 'a process')
      .example('$0 trace bottlenecks --job 77 --json', 'a log scan')
      .epilogue('Locks are waits on a lock that were seen: the server is looked at twice a second.'),
  handler: async (argv) => {
    const question = readQuestion(argv);
    await withEngine(argv, async (engine, out) => {
      const resources = await logs.trazaCuellos(engine, question, { idempotent: true });
      out.document({
        ...subjectOf(question).json,
        resources: resources.map((row) => ({
          resource: row.recurso,
          uses: row.totalAccesos,
          average_ms: row.duracionPromedioMs,
          longest_ms: row.duracionMaximaMs,
          total_ms: Number(row.duracionTotalMs),
          locks: row.totalLocks,
          waits: row.totalEsperas,
          waited_ms: Number(row.esperaMs),
          errors: row.errores,
        })),
      });
      if (resources.length === 0) {
        out.print(noTraces(question));
        return;
      }
      out.table(
        ['resource', 'uses', 'average ms', 'longest ms', 'total ms', 'locks', 'waits', 'waited ms', 'errors'],
        resources.map((row) => [
          row.recurso,
          row.totalAccesos,
          row.duracionPromedioMs,
          row.duracionMaximaMs,
          row.duracionTotalMs,
          row.totalLocks,
          row.totalEsperas,
          row.esperaMs,
          row.errores,
        ]),
      );
    });
  },
});
