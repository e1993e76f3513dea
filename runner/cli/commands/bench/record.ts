import { UsageError } from '../../../../engine/errors.js';
import { defineCommand, resolveTarget, withOutput } from '../../context.js';
import { parseCount } from '../../durations.js';
import { interrupted } from '../../interrupt.js';
import { loadOptions, readLoadOptions, stopAfterRound, writeChart } from './load-options.js';
import type { LoadArguments } from './load-options.js';
import { folderOf, folderOption } from './recordings-option.js';
import type { FolderArguments } from './recordings-option.js';

interface RecordArguments extends LoadArguments, FolderArguments {
  readonly label: string;
  readonly attach: boolean;
}

export const record = defineCommand<RecordArguments>({
  command: 'record',
  describe: 'measure as `bench contention` does, or watch a run of somebody else, and keep it',
  builder: (args) =>
    folderOption(loadOptions(args))
      .option('label', {
        type: 'string',
        demandOption: true,
        requiresArg: true,
        describe: 'name of the recording',
      })
      .option('attach', {
        type: 'boolean',
        default: false,
        describe: 'run nothing: watch the database itself for --minutes, a round a minute',
      })
      .example('$0 bench record --label before --architecture LEGADO', 'and later --label after')
      .example('$0 bench record --label nightly --attach --minutes 30', 'beside a production run'),
  handler: async (argv) => {
    const options = readLoadOptions(argv);
    if (argv.attach && options.minutes === undefined)
      throw new UsageError('--attach needs --minutes: for how long to watch');
    if (argv.attach && options.chart !== undefined)
      throw new UsageError('--chart is of a load that is run here, and --attach runs none');
    const minutes = argv.attach ? parseCount(argv.minutes ?? '', '--minutes', 1, 1440) : undefined;
    await withOutput(argv, async (out) => {
      const { checkFree, checkLabel, saveRecording } = await import('../../../../benchmarks/recording.js');
      const [label, folder] = [checkLabel(argv.label), folderOf(argv)];
      checkFree(folder, label);
      const { stopping, release } = stopAfterRound((line) => {
        out.warn(line);
      });
      try {
        const target = await resolveTarget(argv);
        const done =
          minutes === undefined
            ? await (
                await import('../../../../benchmarks/contention/contention.js')
              ).contention(target, { ...options, stopping }, out)
            : await (
                await import('../../../../benchmarks/contention/attach.js')
              ).attach(target, { minutes, stopping }, out);
        const recording = { ...done, label } as const;
        out.note(`recorded in ${saveRecording(folder, recording)}`);
        await writeChart(options, recording.rounds, (line) => {
          out.note(line);
        });
        const { showContention } = await import('../../../../benchmarks/contention/show.js');
        showContention(recording, out);
        out.document(recording);
        return stopping() ? interrupted : 0;
      } finally {
        release();
      }
    });
  },
});
