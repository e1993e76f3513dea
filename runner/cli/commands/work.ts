import { UsageError } from '../../../engine/errors.js';
import { handlers } from '../../handlers/index.js';
import type { WorkerEvents } from '../../lanes/events.js';
import type { Chunk } from '../../lanes/handler.js';
import { quote } from '../../quote.js';
import { Worker } from '../../worker.js';
import { defineCommand, withEngine } from '../context.js';
import { parseDuration } from '../durations.js';
import { interrupted } from '../interrupt.js';
import { laneConnections, laneOptions, readLaneOptions } from '../lane-options.js';
import type { LaneArguments } from '../lane-options.js';
import type { Output } from '../output.js';
import { tracerFor } from '../tracing.js';
import { workUntilInterrupted } from '../work-until.js';
import { JobTally, drawTally, tallied } from '../work-progress.js';

interface WorkArguments extends LaneArguments {
  readonly kinds: string | undefined;
  readonly idleExit: string | undefined;
}

export const command = defineCommand<WorkArguments>({
  command: 'work',
  describe: 'work on whatever waits, beside other workers',
  builder: (args) =>
    laneOptions(
      args
        .option('kinds', {
          type: 'string',
          requiresArg: true,
          describe: `kinds of jobs, separated by commas [default: ${handlers.map(({ kind }) => kind).join(',')}]`,
        })
        .option('idle-exit', {
          type: 'string',
          requiresArg: true,
          describe: 'leave after so long without work, once no job of these kinds is left [default: stay]',
        }),
      'chunks side by side',
    )
      .example('$0 work --idle-exit 10s', 'finish what a killed run left behind')
      .example('$0 work --lanes 16 --lease 60s', 'a standing worker, on any number of machines'),
  handler: async (argv) => {
    const options = readLaneOptions(argv);
    const chosen = chooseHandlers(argv.kinds);
    const idleExitMs = argv.idleExit === undefined ? undefined : parseDuration(argv.idleExit, '--idle-exit');
    await withEngine(
      argv,
      async (engine, out) => {
        const counts = { completed: 0, failed: 0, split: 0, lost: 0 };
        const tally = new JobTally();
        const events = tallied(workEvents(counts, out), tally);
        const tracer = tracerFor(options.trace, engine, out);
        const worker = new Worker({ engine, handlers: chosen, ...options, idleExitMs, events, tracer });
        out.note(
          `${worker.holder}: ${options.lanes} lane${options.lanes === 1 ? '' : 's'} on ${engine.description}`,
        );
        const live = out.live ? drawTally(engine, worker, tally, out) : undefined;
        let stopped: boolean;
        try {
          stopped = await workUntilInterrupted(worker, out);
        } finally {
          live?.stop();
        }
        const split = counts.split === 0 ? '' : `, ${counts.split} split`;
        out.print(
          `${counts.completed} completed, ${counts.failed} attempts failed${split}, ${counts.lost} lost`,
        );
        out.document({ holder: worker.holder, ...counts });
        return stopped ? interrupted : 0;
      },
      laneConnections(options, 'carril work'),
    );
  },
});

function chooseHandlers(kinds: string | undefined): typeof handlers {
  if (kinds === undefined) return handlers;
  return kinds.split(',').map((name) => {
    const handler = handlers.find(({ kind }) => kind === name.trim().toUpperCase());
    if (handler !== undefined) return handler;
    throw new UsageError(
      `--kinds: there is no kind ${quote(name)}; there are ${handlers.map(({ kind }) => kind).join(', ')}`,
    );
  });
}

/** A chunk as the lines of `carril work` call it. */
export function chunkName(chunk: Chunk): string {
  const handler = handlers.find(({ kind }) => kind === chunk.tipo);
  return `job ${chunk.idTrabajo} ${handler?.nameOf(chunk) ?? `chunk ${chunk.idChunk}`}`;
}

/** A line for everything; where a bar counts what goes well, only for what does not. */
function workEvents(
  counts: { completed: number; failed: number; split: number; lost: number },
  out: Output,
): WorkerEvents {
  return {
    claimed(chunk) {
      if (!out.live)
        out.note(`${chunkName(chunk)}: claimed, attempt ${chunk.intento} of ${chunk.maxIntentos}`);
    },
    completed(chunk, state) {
      counts.completed += 1;
      if (!out.live) out.note(`${chunkName(chunk)}: ${state}`);
    },
    failed(chunk, message, retryAt) {
      counts.failed += 1;
      const next = retryAt === null ? 'no further attempt' : `next attempt at ${retryAt.toISOString()}`;
      out.note(`${chunkName(chunk)}: failed, ${next}: ${message}`);
    },
    split(chunk, [first, second], message) {
      counts.split += 1;
      out.note(`${chunkName(chunk)}: too large, goes on as chunks ${first} and ${second}: ${message}`);
    },
    dropped(chunk, why, message) {
      if (why !== 'given-back') counts.lost += 1;
      out.note(`${chunkName(chunk)}: ${why}: ${message}`);
    },
    warning(message) {
      out.warn(message);
    },
  };
}
