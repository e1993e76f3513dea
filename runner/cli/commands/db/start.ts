import { acquireEmbedded, embeddedStatus } from '../../../../engine/embedded/index.js';
import { defineCommand, resolveTarget, withOutput } from '../../context.js';
import type { GlobalOptions } from '../../context.js';
import { describeStatus, statusDocument } from './status.js';
import { embeddedOnly } from './targets.js';

export const start = defineCommand<GlobalOptions>({
  command: 'start',
  describe: 'start the embedded PostgreSQL and leave it running until `carril db stop`',
  builder: (args) => args.example('$0 db start', 'keep it up between commands'),
  handler: (argv) =>
    withOutput(argv, async (out) => {
      const { home, database } = embeddedOnly(await resolveTarget(argv), 'db start');
      const server = await acquireEmbedded({
        home,
        database,
        stay: true,
        onProgress: (text) => {
          out.note(text);
        },
        onNotice: (text) => {
          out.warn(text);
        },
      });
      await server.release();
      const status = await embeddedStatus({ home });
      for (const line of describeStatus(status)) out.print(line);
      out.document(statusDocument(status));
    }),
});
