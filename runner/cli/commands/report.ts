import { UsageError } from '../../../engine/errors.js';
import { gatherReport } from '../../report/data.js';
import { reportPage } from '../../report/page.js';
import { defineCommand, withEngine } from '../context.js';
import { parseId } from '../durations.js';
import { writeWhole } from '../whole-file.js';

interface ReportArguments {
  readonly id: string;
  readonly html: string | undefined;
}

export const command = defineCommand<ReportArguments>({
  command: 'report <id>',
  describe: 'write a process, its funds, services and waits as one HTML page',
  builder: (args) =>
    args
      .positional('id', { type: 'string', describe: 'a process, or an execution of the legacy way' })
      .option('html', { type: 'string', requiresArg: true, describe: 'file to write' })
      .example(
        '$0 report 1042 --html run.html',
        'one page that needs nothing else, to look at, send or print',
      )
      .epilogue(
        'The services and waits come from the traces; without them a lane shows when its fund began and ended.',
      ),
  handler: async (argv) => {
    const id = parseId(argv.id, 'ID');
    const { html: file } = argv;
    if (file === undefined) throw new UsageError('say where to write the page: --html run.html');
    await withEngine(argv, async (engine, out) => {
      const report = await gatherReport(engine, id);
      const stopped = await writeWhole(file, reportPage(report));
      if (stopped !== undefined) return stopped;
      const { process, lanes, traced } = report;
      out.document({ id: process.idProceso, file, funds: lanes.length, traced });
      out.print(`process ${process.idProceso} of ${process.fechaReporte}, ${lanes.length} funds: ${file}`);
      if (!traced) out.warn('there are no traces of this process: the page says what is missing');
      return 0;
    });
  },
});
