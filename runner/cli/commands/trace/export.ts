import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { chromeTrace } from '../../../trace/chrome.js';
import { readTraces } from '../../../trace/read.js';
import { defineCommand, withEngine } from '../../context.js';
import { writeWhole } from '../../whole-file.js';
import { noTraces, readQuestion, subjectOf, traceOptions } from './common.js';
import type { TraceArguments } from './common.js';

interface ExportArguments extends TraceArguments {
  readonly format: string;
  readonly out: string | undefined;
}

/** How often it says how far it is. */
const tellEveryMs = 2000;

export const exportTraces = defineCommand<ExportArguments>({
  command: 'export [id]',
  describe: 'write the traces as a file that Perfetto and chrome://tracing open',
  builder: (args) =>
    traceOptions(args)
      .option('format', { choices: ['chrome'], default: 'chrome', describe: 'the Trace Event Format' })
      .option('out', { type: 'string', requiresArg: true, describe: 'file to write [default: stdout]' })
      .example(
        '$0 trace export 1042 --format chrome --out run.json',
        'then open it at https://ui.perfetto.dev',
      )
      .epilogue('One track a fund, and one a lane. Times are microseconds since the first record.'),
  handler: async (argv) => {
    const question = readQuestion(argv);
    await withEngine(argv, async (engine, out) => {
      const { said, json } = subjectOf(question);
      let records = 0;
      let told = performance.now();
      const pieces = chromeTrace(readTraces(engine, question), { subject: said }, (count) => {
        records = count;
        if (argv.out === undefined || performance.now() - told < tellEveryMs) return;
        told = performance.now();
        out.note(`${count} records so far`);
      });
      if (argv.out === undefined) {
        await pipeline(Readable.from(pieces), process.stdout, { end: false });
        return 0;
      }
      const stopped = await writeWhole(argv.out, pieces);
      if (stopped !== undefined) return stopped;
      out.document({ ...json, file: argv.out, records });
      if (records === 0) out.warn(noTraces(question));
      out.print(`${records} records of ${said} in ${argv.out}`);
      return 0;
    });
  },
});
