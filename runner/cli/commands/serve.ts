import { join } from 'node:path';
import { isIP } from 'node:net';

import type { Logger } from 'pino';

import { UsageError } from '../../../engine/errors.js';
import { embeddedHome } from '../../../engine/embedded/home.js';
import { connectionsOf } from '../../connections.js';
import { handlers } from '../../handlers/index.js';
import { hasCredentials } from '../../http/credentials.js';
import { createServer } from '../../http/server.js';
import { Worker } from '../../worker.js';
import { defineCommand, withEngine } from '../context.js';
import { parseCount, parseDuration } from '../durations.js';
import { onInterrupt } from '../interrupt.js';
import { laneConnections, laneOptions, readLaneOptions } from '../lane-options.js';
import type { LaneArguments } from '../lane-options.js';
import { recordingsIn } from '../recordings.js';
import { parseSize } from '../sizes.js';
import { tracerFor } from '../tracing.js';
import { packageVersion } from '../version.js';
import { folderOf } from './bench/recordings-option.js';

interface ServeArguments extends LaneArguments {
  readonly host: string;
  readonly port: string | number;
  readonly workers: string | number;
  readonly uploads: string | undefined;
  readonly maxUpload: string;
  readonly keepUploads: string;
  readonly rate: string | number;
  readonly streams: string | number;
  readonly recordings: string | undefined;
}

/** Besides its lanes a server asks and answers on so many connections. */
const serverConnections = 6;

export const command = defineCommand<ServeArguments>({
  command: 'serve',
  describe: 'answer over HTTP: start, watch and cancel runs, log reviews and payroll consolidations',
  builder: (args) =>
    laneOptions(
      args
        .option('host', {
          type: 'string',
          default: '127.0.0.1',
          requiresArg: true,
          describe: 'address to listen on',
        })
        .option('port', { type: 'string', default: 8080, requiresArg: true, describe: '0: any that is free' })
        .option('workers', {
          type: 'string',
          default: 0,
          requiresArg: true,
          describe:
            'workers in this process, each with --lanes; without any, `carril work` runs what is filed here',
        })
        .option('uploads', {
          type: 'string',
          requiresArg: true,
          describe: 'where uploaded logs are kept; workers read them there [default: .carril/uploads]',
        })
        .option('max-upload', {
          type: 'string',
          default: '2GB',
          requiresArg: true,
          describe: 'size of a log at most',
        })
        .option('keep-uploads', {
          type: 'string',
          default: '30d',
          requiresArg: true,
          describe: 'how long an uploaded log stays on disk when its review has ended; what was found stays',
        })
        .option('rate', {
          type: 'string',
          default: 1000,
          requiresArg: true,
          describe: 'requests a second of one token',
        })
        .option('streams', {
          type: 'string',
          default: 1000,
          requiresArg: true,
          describe: 'open streams at most',
        })
        .option('recordings', {
          type: 'string',
          requiresArg: true,
          describe:
            'folder of the benchmarks’ recordings to show [default: recordings in .carril, or in CARRIL_HOME]',
        }),
    )
      .example('$0 token create me --role run && $0 serve --workers 1', 'one process that does everything')
      .example('$0 serve --host 0.0.0.0 --port 80', 'behind a proxy that speaks TLS; workers elsewhere')
      .epilogue(
        'Everything but /healthz and /readyz wants a bearer token. /api/docs describes the API. Ctrl-C or SIGTERM ends streams with a ' +
          'hint to come back, lets running services finish and gives the leases back.',
      ),
  handler: async (argv) => {
    const port = parseCount(argv.port, '--port', 0, 65_535);
    const workers = parseCount(argv.workers, '--workers', 0, 16);
    const uploadLimit = parseSize(argv.maxUpload, '--max-upload', 1024, 2 ** 40);
    const keepUploadsMs = parseDuration(argv.keepUploads, '--keep-uploads');
    const rate = parseCount(argv.rate, '--rate', 1, 1_000_000);
    const streams = parseCount(argv.streams, '--streams', 1, 100_000);
    const options = readLaneOptions(argv);
    const retried = new Map<string, number>();
    let log: Logger | undefined;
    const uploads = argv.uploads ?? join(embeddedHome().folder, 'uploads');
    await withEngine(
      argv,
      async (engine, out) => {
        if (!(await hasCredentials(engine))) {
          if (!isLoopback(argv.host))
            throw new UsageError(
              `--host ${argv.host}: others could reach it, and there is no token yet; \`carril token create NAME --role run\` makes one`,
            );
          out.warn(
            'there is no token yet, so only health is answered; `carril token create NAME --role run` makes one',
          );
        }
        const pool: Worker[] = Array.from(
          { length: workers },
          () =>
            new Worker({
              engine,
              handlers,
              ...options,
              tracer: tracerFor(options.trace, engine, out),
              events: {
                warning: (message) => {
                  server.log.warn(message);
                },
              },
            }),
        );
        const server = await createServer({
          engine,
          uploads,
          uploadLimit,
          keepUploadsMs,
          rate,
          streams,
          lanes: () => pool.reduce((sum, worker) => sum + worker.running().length, 0),
          retried: () => retried,
          recordings: recordingsIn(folderOf({ dir: argv.recordings })),
          version: packageVersion(),
        });
        log = server.log;
        const stopped = new Promise<void>((resolve) => {
          const release = onInterrupt((times) => {
            if (times === 1) {
              out.warn('draining: streams end, running services finish first; once more stops at once');
              for (const worker of pool) worker.stop();
              release();
              resolve();
              onInterrupt(() => {
                for (const worker of pool) worker.stopNow();
              });
            }
          });
        });
        const working = Promise.all(pool.map((worker) => worker.run()));
        try {
          const address = await server.listen(argv.host, port);
          out.print(`listening on ${address}`);
          out.document({ address });
          // a worker whose database stays away ends the server: whoever started it starts it again
          await Promise.race([stopped, working.then(() => stopped)]);
        } finally {
          for (const worker of pool) worker.stop();
          await server.drain();
          await working;
        }
        return 0;
      },
      {
        ...laneConnections(options, 'carril serve'),
        // each worker's traces have one more
        poolMax: serverConnections + workers * (connectionsOf(options.lanes) + Number(options.trace)),
        onRetry: ({ attempt, delayMs, error, procedure }) => {
          retried.set(error.code, (retried.get(error.code) ?? 0) + 1);
          log?.warn({ procedure, code: error.code, attempt, delayMs }, error.message);
        },
      },
    );
  },
});

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
