import { setTimeout as sleep } from 'node:timers/promises';

import { UsageError } from '../../../../engine/errors.js';
import type { Engine } from '../../../../engine/index.js';
import { logs } from '../../../../procedures/generated/index.js';
import { parseAge } from '../../ages.js';
import { defineCommand, withEngine } from '../../context.js';
import { interrupted, onInterrupt } from '../../interrupt.js';
import type { Output } from '../../output.js';

interface PurgeArguments {
  readonly olderThan: string | undefined;
  readonly force: boolean;
}

/** How often it says how far it is. */
const tellEveryMs = 2000;

export const purge = defineCommand<PurgeArguments>({
  command: 'purge',
  describe: 'delete old traces',
  builder: (args) =>
    args
      .option('older-than', {
        type: 'string',
        requiresArg: true,
        describe: 'how old they are at least: 30d, 12h',
      })
      .option('force', {
        type: 'boolean',
        default: false,
        describe: 'also with --older-than below 1h: the newest traces go, too',
      })
      .example('$0 trace purge --older-than 30d', 'what is a month old or older')
      .epilogue(
        'At most 2,000 rows a transaction, with a pause after each as long as it took; Ctrl-C ends it after the transaction ' +
          'that runs.',
      ),
  handler: async (argv) => {
    if (argv.olderThan === undefined) throw new UsageError('say how old the traces are: --older-than 30d');
    const age = parseAge(argv.olderThan, argv.force);
    await withEngine(argv, async (engine, out) => {
      const before = new Date(Date.now() - age);
      const { records, left, stopped } = await purgeAll(engine, before, out);
      out.document({ before, records, left });
      out.print(`${records} trace records purged, from before ${before.toISOString()}`);
      return stopped ? interrupted : 0;
    });
  },
});

async function purgeAll(
  engine: Engine,
  antesDe: Date,
  out: Output,
): Promise<{ readonly records: number; readonly left: boolean; readonly stopped: boolean }> {
  const controller = new AbortController();
  const release = onInterrupt(() => {
    controller.abort();
  });
  let [records, left, told] = [0, true, performance.now()];
  try {
    while (left && !controller.signal.aborted) {
      const begun = performance.now();
      const { borradas, quedan } = await logs.trazaPurgar(engine, { antesDe }, { idempotent: true });
      records += borradas;
      left = quedan;
      if (performance.now() - told > tellEveryMs) {
        told = performance.now();
        out.note(`${records} records so far`);
      }
      if (!left) break;
      // half the time for the others
      const pause = Math.min(1000, performance.now() - begun);
      await sleep(pause, undefined, { signal: controller.signal }).catch(() => undefined);
    }
  } finally {
    release();
  }
  return { records, left, stopped: left && controller.signal.aborted };
}
