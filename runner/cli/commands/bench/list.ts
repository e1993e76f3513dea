import { defineCommand, withOutput } from '../../context.js';
import { folderOf, folderOption } from './recordings-option.js';
import type { FolderArguments } from './recordings-option.js';

export const list = defineCommand<FolderArguments>({
  command: 'list',
  describe: 'the recordings, newest first',
  builder: (args) => folderOption(args).example('$0 bench list', 'what compare may be given'),
  handler: async (argv) => {
    await withOutput(argv, async (out) => {
      const { listRecordings, summaryOf } = await import('../../../../benchmarks/recording.js');
      const folder = folderOf(argv);
      const recordings = listRecordings(folder);
      const rows = recordings.map((one) => ({ ...summaryOf(one), file: one.file }));
      out.document({ folder, recordings: rows });
      if (rows.length === 0)
        out.note(
          `no recordings in ${folder}: carril bench record --label NAME; those of npm run bench are in --dir benchmarks/results`,
        );
      else
        out.table(
          ['label', 'at', 'benchmark', 'rounds', 'architectures', 'migration'],
          rows.map((row) => [
            ...[row.label, row.at, row.benchmark, row.rounds],
            ...[row.architectures.join(', '), row.migration],
          ]),
        );
    });
  },
});
