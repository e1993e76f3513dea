import { defineCommand, resolveTarget, withOutput } from '../../context.js';
import { interrupted } from '../../interrupt.js';
import { loadOptions, readLoadOptions, stopAfterRound, writeChart } from './load-options.js';
import type { LoadArguments } from './load-options.js';

export const contention = defineCommand<LoadArguments>({
  command: 'contention',
  describe: 'run generated funds the old and the new way and count deadlocks, waits and time',
  builder: (args) =>
    loadOptions(args)
      .example(
        '$0 bench contention --funds 50 --lanes 50',
        'five rounds a side, in a scratch database beside this one',
      )
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
        await writeChart(options, done.rounds, (line) => {
          out.note(line);
        });
        if (stopping()) return interrupted;
        return done.rounds.every(({ state }) => state === 'COMPLETADO') ? 0 : 1;
      } finally {
        release();
      }
    });
  },
});
