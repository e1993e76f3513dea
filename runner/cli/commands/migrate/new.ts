import { join } from 'node:path';

import { packageRoot } from '../../../../engine/index.js';
import { defineCommand, withOutput } from '../../context.js';
import { checkNumber } from './common.js';
import type { MigrateOptions } from './common.js';

interface Options extends MigrateOptions {
  readonly name: string;
  readonly number?: number | undefined;
}

export const command = defineCommand<Options>({
  command: 'new <name>',
  describe: 'write the scripts of a new migration, for both dialects, from a template',
  builder: (args) =>
    args
      .positional('name', { type: 'string', demandOption: true, describe: 'as indice_de_fondos' })
      .option('migrations', {
        type: 'string',
        array: true,
        requiresArg: true,
        describe:
          "the folder it goes into, with sqlserver/ and postgres/ below; the first one when repeated [default: 'migrations' here]",
      })
      .option('number', {
        type: 'number',
        requiresArg: true,
        describe: "its number, as 9 for one of the site's own [default: the next one after the highest]",
      })
      .example(
        '$0 migrate new indice_de_fondos --migrations sitio --number 9',
        "a site's own, between 008 and 012",
      ),
  handler: async (argv) => {
    const number = checkNumber(argv.number, '--number');
    const { writeNewMigration } = await import('../../../../migrator/index.js');
    await withOutput(argv, (out) => {
      const [folder = 'migrations', ...more] = argv.migrations ?? [];
      const others = [...more, join(packageRoot(), 'migrations')];
      const files = writeNewMigration(folder, argv.name, { number, others });
      out.document({ files });
      for (const file of files) out.print(file);
      return Promise.resolve(0);
    });
  },
});
