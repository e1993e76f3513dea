import { logs } from '../../../../procedures/generated/index.js';
import { defineCommand, withEngine } from '../../context.js';
import { parseCount } from '../../durations.js';
import { readQuestion, subjectOf, traceOptions, whoseOf } from './common.js';
import type { TraceArguments } from './common.js';

interface OverlapArguments extends TraceArguments {
  readonly limit: string | number;
}

export const overlaps = defineCommand<OverlapArguments>({
  command: 'overlaps [id]',
  describe: 'which funds used the same resource at the same time',
  builder: (args) =>
    traceOptions(args)
      .option('limit', { type: 'string', default: 50, describe: 'pairs at most, the longest first' })
      .example('$0 trace overlaps 1042', 'the fifty longest')
      .epilogue(
        'From when each began until it ended; what never ended is left out. A service is a resource: that funds run it side by side ' +
          'is what lanes are for. `trace bottlenecks` says whether they waited.',
      ),
  handler: async (argv) => {
    const question = readQuestion(argv);
    const maximo = parseCount(argv.limit, '--limit', 1, 100_000);
    await withEngine(argv, async (engine, out) => {
      const pairs = await logs.trazaSolapes(engine, { ...question, maximo }, { idempotent: true });
      const { said, json } = subjectOf(question);
      out.document({
        ...json,
        overlaps: pairs.map((pair) => ({
          resource: pair.recurso,
          fund1: pair.nombre1,
          fund2: pair.nombre2,
          fund1_id: pair.fund1,
          fund2_id: pair.fund2,
          attempt1: pair.parte1,
          attempt2: pair.parte2,
          start1: pair.inicioFund1,
          start2: pair.inicioFund2,
          start_difference_ms: pair.diferenciaMs,
          overlap_ms: pair.overlapMs,
        })),
      });
      if (pairs.length === 0) {
        out.print(`no two funds of ${said} used a resource at the same time, as far as there are traces`);
        return;
      }
      out.table(
        ['resource', 'fund', 'and fund', 'from', 'overlap ms', 'starts apart ms'],
        pairs.map((pair) => [
          pair.recurso,
          whoseOf(pair.nombre1, pair.fund1, pair.parte1),
          whoseOf(pair.nombre2, pair.fund2, pair.parte2),
          pair.inicioFund1 > pair.inicioFund2 ? pair.inicioFund1 : pair.inicioFund2,
          pair.overlapMs,
          Math.abs(pair.diferenciaMs),
        ]),
      );
      if (pairs.length === maximo) out.note(`the ${maximo} longest; --limit for more`);
    });
  },
});
