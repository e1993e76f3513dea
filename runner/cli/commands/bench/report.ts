import type { BenchReport } from '../../../../benchmarks/report/page.js';
import { UsageError } from '../../../../engine/errors.js';
import { defineCommand, withOutput } from '../../context.js';
import { CommandError } from '../../errors.js';
import { writeWhole } from '../../whole-file.js';
import { folderOf, folderOption } from './recordings-option.js';
import type { FolderArguments } from './recordings-option.js';
import { ownTolerances, tolerancesOption } from './tolerances-option.js';
import type { TolerancesArguments } from './tolerances-option.js';

interface ReportArguments extends FolderArguments, TolerancesArguments {
  readonly a: string;
  readonly b: string | undefined;
  readonly html: string | undefined;
  readonly chart: string | undefined;
}

export const report = defineCommand<ReportArguments>({
  command: 'report <a> [b]',
  describe: 'write one recording, or two and their comparison, as one HTML page',
  builder: (args) =>
    tolerancesOption(
      folderOption(
        args
          .positional('a', { type: 'string', demandOption: true, describe: 'a label, or a file' })
          .positional('b', { type: 'string', describe: 'to be judged by A' })
          .option('html', { type: 'string', requiresArg: true, describe: 'file to write' })
          .option('chart', {
            type: 'string',
            requiresArg: true,
            describe: 'SVG file of how A grows with its lanes (recorded with --lanes 10,25,50)',
          }),
      ),
    )
      .example('$0 bench report both --html both.html', 'one page that needs nothing else')
      .example('$0 bench report before after --html rollout.html', 'with the verdicts of compare')
      .example('$0 bench report growth --chart growth.svg', 'only the chart')
      .epilogue(
        'Waits over time, the lanes of the slowest rounds, deadlocks with their statements, escalations by table. Two recordings that cannot be compared are shown beside each other, with the reasons.',
      ),
  handler: async (argv) => {
    const { html, chart } = argv;
    if (html === undefined && chart === undefined)
      throw new UsageError('say what to write: --html report.html, or --chart growth.svg');
    await withOutput(argv, async (out) => {
      const { readRecording } = await import('../../../../benchmarks/recording.js');
      const { benchPage } = await import('../../../../benchmarks/report/page.js');
      const { growthFile, widthsOf } = await import('../../../../benchmarks/report/growth.js');
      const folder = folderOf(argv);
      const a = readRecording(folder, argv.a);
      const b = argv.b === undefined ? undefined : readRecording(folder, argv.b);
      const comparison = await judged(a, b, argv);
      if (chart !== undefined) {
        if (widthsOf(a.rounds).length < 2)
          throw new UsageError(
            `${a.label} has rounds of one number of lanes only: record it with --lanes 10,25,50`,
          );
        const stopped = await writeWhole(chart, [growthFile(a.rounds)]);
        if (stopped !== undefined) return stopped;
        out.print(`growth of ${a.label}: ${chart}`);
      }
      if (html !== undefined) {
        const stopped = await writeWhole(html, benchPage({ a, b, comparison }));
        if (stopped !== undefined) return stopped;
        out.print(`${b === undefined ? a.label : `${a.label} against ${b.label}`}: ${html}`);
      }
      const reasons = comparison !== undefined && 'reasons' in comparison ? comparison.reasons : [];
      if (b !== undefined && reasons.length > 0) out.warn(`not judged: ${reasons.join('; ')}`);
      out.document({
        ...{ a: a.label, b: b?.label ?? null, html: html ?? null, chart: chart ?? null },
        broken: comparison !== undefined && 'broken' in comparison ? comparison.broken : null,
      });
      return 0;
    });
  },
});

/** Of one recording its legacy side against its hierarchical one, where it has both; the reasons where that may not be. */
async function judged(
  a: BenchReport['a'],
  b: BenchReport['b'],
  argv: TolerancesArguments,
): Promise<BenchReport['comparison']> {
  // one side alone, or how several numbers of lanes grow, has nothing to be judged by
  const sides = new Set(a.rounds.map(({ architecture }) => architecture)).size;
  const growing = a.rounds.some(({ lanes }) => lanes !== undefined);
  if (b === undefined && (sides < 2 || growing)) return undefined;
  const { compare } = await import('../../../../benchmarks/compare.js');
  try {
    return compare(a, b ?? a, await ownTolerances(argv));
  } catch (error) {
    if (!(error instanceof CommandError) || error.code !== 'INCOMPARABLE') throw error;
    return { reasons: (error.details as { reasons: readonly string[] }).reasons };
  }
}
