import { defineCommand, withOutput } from '../../context.js';
import { folderOf, folderOption } from './recordings-option.js';
import type { FolderArguments } from './recordings-option.js';

export const show = defineCommand<FolderArguments & { readonly recording: string }>({
  command: 'show <recording>',
  describe: 'one recording in figures',
  builder: (args) =>
    folderOption(
      args.positional('recording', { type: 'string', demandOption: true, describe: 'a label, or a file' }),
    ).example('$0 bench show before', 'by its label'),
  handler: async (argv) => {
    await withOutput(argv, async (out) => {
      const { isContention, readRecorded } = await import('../../../../benchmarks/recording.js');
      const { showContention } = await import('../../../../benchmarks/contention/show.js');
      const { showFigures } = await import('../../../../benchmarks/show-figures.js');
      const recording = readRecorded(folderOf(argv), argv.recording);
      const { machine, versions, migration, at } = recording;
      out.document(recording);
      out.print(`${recording.label}: ${at}, migration ${migration}`);
      out.print(`${machine.cores} cores of ${machine.cpu}, ${machine.memory_gb} GB, ${machine.os}`);
      out.print(`carril ${versions.carril}, Node ${versions.node}, ${versions.database}`);
      if (isContention(recording)) {
        showContention(recording, out);
        return;
      }
      out.print(
        Object.entries(recording.data)
          .map(([name, value]) => `${name} ${String(value)}`)
          .join(', '),
      );
      out.print();
      showFigures(recording.figures, out);
    });
  },
});
