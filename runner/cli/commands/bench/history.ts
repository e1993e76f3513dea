import { defineCommand, withOutput } from '../../context.js';
import { folderOf, folderOption } from './recordings-option.js';
import type { FolderArguments } from './recordings-option.js';

export const history = defineCommand<FolderArguments>({
  command: 'history',
  describe: 'what each migration did: the recordings from the oldest on, a line a side',
  builder: (args) =>
    folderOption(args).example('$0 bench history', 'medians, with the migration the database stood at'),
  handler: async (argv) => {
    await withOutput(argv, async (out) => {
      const { listRecordings } = await import('../../../../benchmarks/recording.js');
      const { median } = await import('../../../../benchmarks/statistics.js');
      const lines = listRecordings(folderOf(argv))
        .toReversed()
        .flatMap(({ label, at, migration, data, rounds }) =>
          [...new Set(rounds.map(({ architecture }) => architecture))].map((architecture) => {
            const of = rounds.filter((round) => round.architecture === architecture);
            const middle = (key: 'makespan_ms' | 'funds_per_hour' | 'deadlocks' | 'lock_waits') =>
              median(of.map((round) => round[key]));
            return {
              ...{ at, migration, label, architecture, data, rounds: of.length },
              ...{ deadlocks: middle('deadlocks'), lock_waits: middle('lock_waits') },
              ...{ makespan_ms: middle('makespan_ms'), funds_per_hour: middle('funds_per_hour') },
            };
          }),
        );
      out.document({ history: lines });
      if (lines.length === 0) out.note('no recordings yet: carril bench record --label NAME');
      out.table(
        ['at', 'migration', 'label', 'side', 'rounds', 'deadlocks', 'waits', 'makespan ms', 'funds an hour'],
        lines.map((line) => [
          ...[line.at, line.migration, line.label, line.architecture, line.rounds, line.deadlocks],
          ...[line.lock_waits, Math.round(line.makespan_ms), Math.round(line.funds_per_hour)],
        ]),
      );
    });
  },
});
