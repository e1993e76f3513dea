import { defineCommand, withEngine } from '../../context.js';
import type { GlobalOptions } from '../../context.js';

export const markDisposable = defineCommand<GlobalOptions>({
  command: 'mark-disposable',
  describe: 'allow `db reset`, generated data and benchmarks in the database that the URL names',
  builder: (args) =>
    args.example('$0 db mark-disposable', 'say that the data of a test database may be thrown away'),
  handler: (argv) =>
    withEngine(argv, async (engine, out) => {
      const { markDisposable: mark } = await import('../../../../migrator/disposable.js');
      await mark(engine);
      out.print(`marked: the data of ${engine.description} may be thrown away`);
      out.document({ disposable: true });
    }),
});
