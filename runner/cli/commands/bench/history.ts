import type { Recorded } from '../../../../benchmarks/recording.js';
import { defineCommand, withOutput } from '../../context.js';
import { folderOf, folderOption } from './recordings-option.js';
import type { FolderArguments } from './recordings-option.js';

export const history = defineCommand<FolderArguments & { readonly benchmark: string | undefined }>({
  command: 'history',
  describe: 'what each migration did: the recordings from the oldest on, a line a figure',
  builder: (args) =>
    folderOption(
      args.option('benchmark', { type: 'string', requiresArg: true, describe: 'only this one, as leases' }),
    )
      .example('$0 bench history', 'medians, with the migration the database stood at')
      .example('$0 bench history --dir benchmarks/results --benchmark leases', 'of one of `npm run bench`'),
  handler: async (argv) => {
    await withOutput(argv, async (out) => {
      const { listRecordings } = await import('../../../../benchmarks/recording.js');
      const { medianInterval } = await import('../../../../benchmarks/statistics.js');
      const { shownWith } = await import('../../../../benchmarks/figure.js');
      const { intervalText } = await import('../../../../benchmarks/show-figures.js');
      const recordings = listRecordings(folderOf(argv)).filter(
        ({ benchmark }) => argv.benchmark === undefined || benchmark === argv.benchmark,
      );
      const points = inOrder(recordings).flatMap(({ label, at, migration, benchmark, data, figures }) =>
        figures
          .filter(({ headline }) => headline === true)
          .map((figure) => ({ figure, from: { at, migration, label, benchmark, data } })),
      );
      out.document({
        history: points.map(({ figure: { name, unit, better, rounds }, from }) => ({
          ...from,
          ...{ figure: name, unit, better, rounds: rounds.length, ...medianInterval(rounds) },
        })),
      });
      if (points.length === 0) out.note('no recordings yet: carril bench record --label NAME');
      out.table(
        ['benchmark', 'at', 'migration', 'figure', 'median', '95 %', 'rounds'],
        points.map(({ figure, from }) => [
          ...[from.benchmark, from.at.slice(0, 16), from.migration, figure.name],
          shownWith(medianInterval(figure.rounds).median, figure.unit),
          ...[intervalText(figure), figure.rounds.length],
        ]),
      );
    });
  },
});

/** A benchmark's recordings together, the oldest first. */
function inOrder(recordings: readonly Recorded[]): readonly Recorded[] {
  return recordings.toSorted((a, b) => a.benchmark.localeCompare(b.benchmark) || a.at.localeCompare(b.at));
}
