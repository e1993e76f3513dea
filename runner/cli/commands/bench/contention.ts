import { UsageError } from '../../../../engine/errors.js';
import { defineCommand, resolveTarget, withOutput } from '../../context.js';
import { interrupted } from '../../interrupt.js';
import { loadOptions, readLoadOptions, stopAfterRound } from './load-options.js';
import type { LoadArguments } from './load-options.js';
import { writeWhole } from '../../whole-file.js';

interface ChartArguments {
  readonly chart: string | undefined;
}

export const contention = defineCommand<LoadArguments & ChartArguments>({
  command: 'contention',
  describe: 'run generated funds the old and the new way and count deadlocks, waits and time',
  builder: (args) =>
    loadOptions(args)
      .example(
        '$0 bench contention --funds 50 --lanes 50',
        'five rounds a side, in a scratch database beside this one',
      )
      .option('chart', {
        type: 'string',
        requiresArg: true,
        describe: 'SVG file of how both sides grow, with several numbers of --lanes',
      })
      .example('$0 bench contention --lanes 10,25,50,100,200 --chart growth.svg', 'how both sides grow')
      .example(
        '$0 bench contention --rounds 5 --json',
        '{ "rounds": [{ "architecture", "round", "deadlocks", "lock_waits", "retries", "makespan_ms", "funds_per_hour" }] }',
      )
      .epilogue(
        'Its own data in its own database, dropped afterwards. Exit 1 when a round did not end COMPLETADO.',
      ),
  handler: async (argv) => {
    const options = readLoadOptions(argv);
    const { chart } = argv;
    if (chart !== undefined && options.lanes.length < 2)
      throw new UsageError('--chart needs several numbers of lanes: --lanes 10,25,50');
    await withOutput(argv, async (out) => {
      const bench = await import('../../../../benchmarks/contention/contention.js');
      const { showContention } = await import('../../../../benchmarks/contention/show.js');
      const { stopping, release } = stopAfterRound((line) => {
        out.warn(line);
      });
      try {
        const done = await bench.contention(await resolveTarget(argv), { ...options, stopping }, out);
        out.document(done);
        showContention(done, out);
        if (chart !== undefined) {
          const { growthFile } = await import('../../../../benchmarks/report/growth.js');
          await writeWhole(chart, [growthFile(done.rounds)]);
          out.note(`chart in ${chart}`);
        }
        if (stopping()) return interrupted;
        return done.rounds.every(({ state }) => state === 'COMPLETADO') ? 0 : 1;
      } finally {
        release();
      }
    });
  },
});
