import { stopEmbedded } from '../../../../engine/embedded/index.js';
import { defineCommand, resolveTarget, withOutput } from '../../context.js';
import type { GlobalOptions } from '../../context.js';
import { embeddedOnly } from './targets.js';

export const stop = defineCommand<GlobalOptions>({
  command: 'stop',
  describe: 'stop the embedded PostgreSQL, whoever uses it; what was not committed is rolled back',
  builder: (args) => args.example('$0 db stop', 'end it, also one that a crash left behind'),
  handler: (argv) =>
    withOutput(argv, async (out) => {
      const { home } = embeddedOnly(await resolveTarget(argv), 'db stop');
      const stopped = await stopEmbedded({ home });
      out.print(stopped ? 'stopped' : 'it was not running');
      out.document({ stopped });
    }),
});
