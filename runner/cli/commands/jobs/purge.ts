import { setTimeout as sleep } from 'node:timers/promises';

import { UsageError } from '../../../../engine/errors.js';
import type { Engine } from '../../../../engine/index.js';
import { trabajo } from '../../../../procedures/generated/index.js';
import { parseAge } from '../../ages.js';
import { defineCommand, withEngine } from '../../context.js';
import { interrupted, onInterrupt } from '../../interrupt.js';
import type { Output } from '../../output.js';
import { counted, parseKind } from './view.js';

interface PurgeArguments {
  readonly olderThan: string | undefined;
  readonly kind: string | undefined;
  readonly force: boolean;
}

interface Purged {
  jobs: number;
  chunks: number;
  blocks: number;
  /** Whether there is more that is old enough. */
  left: boolean;
}

/** How often it says how far it is. */
const tellEveryMs = 2000;

export const purge = defineCommand<PurgeArguments>({
  command: 'purge',
  describe: 'delete jobs that ended long ago, with their chunks',
  builder: (args) =>
    args
      .option('older-than', {
        type: 'string',
        requiresArg: true,
        describe: 'how long ago they have ended at least: 30d, 12h',
      })
      .option('kind', {
        type: 'string',
        requiresArg: true,
        describe: 'only jobs of this kind [default: all that may be purged]',
      })
      .option('force', {
        type: 'boolean',
        default: false,
        describe: 'also with --older-than below 1h: the newest history goes, too',
      })
      .example('$0 jobs purge --older-than 30d', 'what ended a month ago or earlier')
      .example(
        '$0 jobs purge --older-than 30d --kind LOGS --json',
        '{ "before", "jobs", "chunks", "blocks", "left" }',
      )
      .epilogue(
        'At most 2,000 rows a transaction, with a pause after each as long as it took; Ctrl-C ends it after the transaction ' +
          'that runs. Jobs of kind FONDOS belong to their processes and stay, as do the rows of LO_PROCESOS.',
      ),
  handler: async (argv) => {
    if (argv.olderThan === undefined)
      throw new UsageError('say how long ago the jobs have ended: --older-than 30d');
    const age = parseAge(argv.olderThan, argv.force);
    const tipo = parseKind(argv.kind);
    await withEngine(argv, async (engine, out) => {
      const antesDe = new Date(Date.now() - age);
      const [purged, stopped] = await purgeAll(engine, { antesDe, tipo }, out);
      out.document({ before: antesDe, ...purged });
      out.print(`${sayPurged(purged)} purged, ended before ${antesDe.toISOString()}`);
      return stopped ? interrupted : 0;
    });
  },
});

async function purgeAll(
  engine: Engine,
  what: { readonly antesDe: Date; readonly tipo: string | null },
  out: Output,
): Promise<[Purged, boolean]> {
  const controller = new AbortController();
  const release = onInterrupt(() => {
    controller.abort();
  });
  const purged: Purged = { jobs: 0, chunks: 0, blocks: 0, left: true };
  let told = performance.now();
  try {
    while (purged.left && !controller.signal.aborted) {
      const begun = performance.now();
      const { trabajos, chunks, otros, quedan } = await trabajo.purgarTrabajos(engine, what, {
        idempotent: true,
      });
      purged.jobs += trabajos;
      purged.chunks += chunks;
      purged.blocks += otros;
      purged.left = quedan;
      if (performance.now() - told > tellEveryMs) {
        told = performance.now();
        out.note(`${sayPurged(purged)} so far`);
      }
      if (!purged.left) break;
      // half the time for the others
      const pause = Math.min(1000, performance.now() - begun);
      await sleep(pause, undefined, { signal: controller.signal }).catch(() => undefined);
    }
  } finally {
    release();
  }
  return [purged, purged.left && controller.signal.aborted];
}

function sayPurged({ jobs, chunks, blocks }: Purged): string {
  const more = blocks === 0 ? '' : ` and ${counted(blocks, 'error block')}`;
  return `${counted(jobs, 'job')}, ${counted(chunks)}${more}`;
}
