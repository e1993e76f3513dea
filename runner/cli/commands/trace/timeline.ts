import { logs } from '../../../../procedures/generated/index.js';
import { defineCommand, withEngine } from '../../context.js';
import { noTraces, readQuestion, subjectOf, traceOptions, whoseOf } from './common.js';
import type { TraceArguments } from './common.js';

export const timeline = defineCommand<TraceArguments>({
  command: 'timeline [id]',
  describe: 'each fund, stage by stage',
  builder: (args) =>
    traceOptions(args)
      .example('$0 trace timeline 1042', 'a process')
      .example('$0 trace timeline 1042 --json', 'the same for a script'),
  handler: async (argv) => {
    const question = readQuestion(argv);
    await withEngine(argv, async (engine, out) => {
      const stages = await logs.trazaLineaTiempo(engine, question, { idempotent: true });
      out.document({
        ...subjectOf(question).json,
        stages: stages.map((row) => ({
          fund: row.fundShortName,
          fund_id: row.idFund,
          chunk: row.chunk,
          stage: row.etapa,
          start: row.inicio,
          end: row.fin,
          duration_ms: row.duracionMs === null ? null : Number(row.duracionMs),
          worked_ms: Number(row.trabajoMs),
          waited_ms: Number(row.esperaMs),
          attempts: row.intentos,
          errors: row.errores,
          unfinished: row.abiertos,
        })),
      });
      if (stages.length === 0) {
        out.print(noTraces(question));
        return;
      }
      out.table(
        ['fund', 'stage', 'start', 'ms', 'worked ms', 'waited ms', 'tries', 'errors', 'unfinished'],
        stages.map((row) => [
          whoseOf(row.fundShortName, row.idFund, row.chunk),
          row.etapa,
          row.inicio,
          row.duracionMs,
          row.trabajoMs,
          row.esperaMs,
          row.intentos,
          row.errores,
          row.abiertos,
        ]),
        {
          head: ['fund', 'stage', 'ms', 'waited ms', 'tries', 'errors'],
          rows: stages.map((row) => [
            whoseOf(row.fundShortName, row.idFund, row.chunk),
            row.etapa,
            row.duracionMs,
            row.esperaMs,
            row.intentos,
            row.errores,
          ]),
        },
      );
    });
  },
});
