import { requireName } from '../../../load/folder.js';
import { readFunds } from '../../../load/funds.js';
import { writeFunds } from '../../../load/write.js';
import { defineCommand, withEngine } from '../../context.js';
import { problemsError } from './report.js';

export const command = defineCommand<{ readonly file: string }>({
  command: 'funds <file>',
  describe: 'load the fund master from a CSV file with the columns of dimensionales.BD_Funds',
  builder: (args) =>
    args
      .positional('file', { type: 'string', demandOption: true, describe: 'CSV file' })
      .example('$0 load funds samples/funds.csv', ''),
  handler: async (argv) => {
    requireName(argv.file);
    const { funds, problems } = readFunds(argv.file);
    if (problems.length > 0) throw problemsError(problems, 'nothing was loaded');
    await withEngine(argv, async (engine, out) => {
      const { inserted, updated, unchanged } = await writeFunds(engine, funds);
      out.print(`${argv.file}: ${inserted} funds inserted, ${updated} updated, ${unchanged} unchanged`);
      out.document({ file: argv.file, funds: funds.length, inserted, updated, unchanged });
    });
  },
});
