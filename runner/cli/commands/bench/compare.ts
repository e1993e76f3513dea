import { defineCommand, withOutput } from '../../context.js';
import { folderOf, folderOption } from './recordings-option.js';
import type { FolderArguments } from './recordings-option.js';
import { ownTolerances, tolerancesOption } from './tolerances-option.js';
import type { TolerancesArguments } from './tolerances-option.js';

interface CompareArguments extends FolderArguments, TolerancesArguments {
  readonly a: string;
  readonly b: string | undefined;
}

export const compare = defineCommand<CompareArguments>({
  command: 'compare <a> [b]',
  describe: 'judge a recording by the one before; exit 1 when a tolerance is broken',
  builder: (args) =>
    tolerancesOption(
      folderOption(
        args
          .positional('a', { type: 'string', demandOption: true, describe: 'before: a label, or a file' })
          .positional('b', {
            type: 'string',
            describe: 'after; without it the legacy side of A against its hierarchical one',
          }),
      ),
    )
      .example('$0 bench compare before after', 'by the goals of the documents')
      .example('$0 bench compare both', 'of a recording with --architecture both')
      .example(
        '$0 bench compare --dir benchmarks/results leases-A leases-B',
        'two runs of one of `npm run bench`',
      )
      .epilogue(
        'At least five rounds a side. A tolerance is broken when the whole 95 % interval lies outside; two recordings of different data, machines or servers are refused. --tolerances: { "makespan_ms": { "kind": "relative", "better": "lower", "goal": 0.4, "tolerated": 0.6 } }.',
      ),
  handler: async (argv) => {
    await withOutput(argv, async (out) => {
      const { readRecorded } = await import('../../../../benchmarks/recording.js');
      const { compareRecordings } = await import('../../../../benchmarks/compare-recordings.js');
      const { showComparison } = await import('../../../../benchmarks/show-comparison.js');
      const folder = folderOf(argv);
      const a = readRecorded(folder, argv.a);
      const b = argv.b === undefined ? a : readRecorded(folder, argv.b);
      const comparison = compareRecordings(a, b, await ownTolerances(argv));
      out.document(comparison);
      showComparison(comparison, out);
      return comparison.broken ? 1 : 0;
    });
  },
});
