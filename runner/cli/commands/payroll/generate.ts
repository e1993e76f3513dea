import { requireDisposable } from '../../../../migrator/disposable.js';
import { generatePayroll } from '../../../payroll/generate.js';
import { defineCommand, withEngine } from '../../context.js';
import { parseCount } from '../../durations.js';
import { abortOnInterrupt } from './interrupted.js';

interface GenerateArguments {
  readonly employees: string;
  readonly seed: string | number;
  readonly concepts: string | number;
  readonly defects: boolean;
}

export const generate = defineCommand<GenerateArguments>({
  command: 'generate',
  describe: 'load a made-up closing, the same for the same seed, and print its ID',
  builder: (args) =>
    args
      .option('employees', {
        type: 'string',
        requiresArg: true,
        demandOption: true,
        describe: 'rows of its Libro',
      })
      .option('seed', { type: 'string', default: 7, describe: 'where the random numbers start' })
      .option('concepts', { type: 'string', default: 24, describe: 'concepts an employee' })
      .option('defects', {
        type: 'boolean',
        default: false,
        describe: 'with everything that real files get wrong: duplicate RUTs, zeros, types that differ…',
      })
      .example('$0 payroll generate --employees 133 --seed 7', "the document's size")
      .example('$0 payroll generate --employees 10000 --defects --json', '{ "closing_id" }'),
  handler: async (argv) => {
    const options = {
      employees: parseCount(argv.employees, '--employees', 1, 200_000),
      seed: parseCount(argv.seed, '--seed', 0, 2 ** 32 - 1),
      concepts: parseCount(argv.concepts, '--concepts', 1, 900),
      defects: argv.defects,
    };
    await withEngine(argv, async (engine, out) => {
      await requireDisposable(engine, 'payroll generate');
      const interrupt = abortOnInterrupt(out, 'the closing stays in the state cargando');
      const progress = out.progress('employees', options.employees);
      let done = 0;
      try {
        const { closing, estado } = await generatePayroll(engine, options, {
          written: (count) => {
            done += count;
            progress.update(done);
          },
          signal: interrupt.signal,
        });
        progress.stop();
        out.note(`${options.employees} employees, ${estado}`);
        out.print(String(closing));
        out.document({ closing_id: closing });
        return 0;
      } catch (error) {
        return interrupt.codeOf(error);
      } finally {
        interrupt.release();
      }
    });
  },
});
