import { UsageError } from '../../../../engine/errors.js';
import { describeCellProblem } from '../../../payroll/cells.js';
import type { CellProblem } from '../../../payroll/cells.js';
import { readAnalyst, readLibro, readMovements, readNovedades } from '../../../payroll/files.js';
import type { ReadFile } from '../../../payroll/files.js';
import type { ClosingName, SourceEmployee, SourceMovement } from '../../../payroll/sources.js';
import { closeLoad, openLoad, writeEmployees, writeMovements } from '../../../payroll/write.js';
import { quote } from '../../../quote.js';
import { defineCommand, withEngine } from '../../context.js';
import { CommandError } from '../../errors.js';
import { fileProblem } from '../../file-problem.js';
import { abortOnInterrupt } from './interrupted.js';

interface LoadArguments {
  readonly client: string;
  readonly month: string;
  readonly libro: string | undefined;
  readonly novedades: string | undefined;
  readonly movements: string | undefined;
  readonly analyst: string | undefined;
}

interface Files {
  readonly libro: readonly SourceEmployee[] | undefined;
  readonly novedades: readonly SourceEmployee[] | undefined;
  readonly movements: readonly SourceMovement[] | undefined;
  readonly analyst: readonly SourceMovement[] | undefined;
}

export const load = defineCommand<LoadArguments>({
  command: 'load',
  describe: "load a client's month: workbooks (.xlsx), or folders with a CSV file a sheet",
  builder: (args) =>
    args
      .option('client', { type: 'string', requiresArg: true, demandOption: true, describe: 'whose closing' })
      .option('month', { type: 'string', requiresArg: true, demandOption: true, describe: 'as 2025-07' })
      .option('libro', {
        type: 'string',
        requiresArg: true,
        describe: 'Libro de Remuneraciones: sheets empleados, conceptos',
      })
      .option('novedades', {
        type: 'string',
        requiresArg: true,
        describe: 'Novedades: sheets empleados, conceptos',
      })
      .option('movements', {
        type: 'string',
        requiresArg: true,
        describe: 'sheets altas_bajas, ausentismos, vacaciones',
      })
      .option('analyst', {
        type: 'string',
        requiresArg: true,
        describe: 'sheets ingresos, finiquitos, incidencias',
      })
      .example(
        '$0 payroll load --client ACME --month 2025-07 --libro libro.xlsx --novedades novedades.xlsx',
        'a new closing, or the same one again: what is given replaces what was there',
      )
      .example(
        '$0 payroll load --client ACME --month 2025-07 --movements movimientos/',
        'CSV files of a folder',
      )
      .epilogue(
        'Every bad cell is reported with sheet, row and column, and then nothing is loaded. Movements are added to those of the personnel system; a row that is there already is not added twice. --json: {"closing_id", "state", "employees", "novedades", "movements", "repeated", "discrepancies"}.',
      ),
  handler: async (argv) => {
    const name = closingName(argv);
    const files = await readAll(argv);
    await withEngine(argv, async (engine, out) => {
      const interrupt = abortOnInterrupt(out);
      const { signal } = interrupt;
      const brought = {
        libro: files.libro !== undefined,
        novedades: files.novedades !== undefined,
        analyst: files.analyst !== undefined,
      };
      const people = (files.libro?.length ?? 0) + (files.novedades?.length ?? 0);
      const progress = out.progress('employees', people);
      let done = 0;
      const written = (count: number) => {
        done += count;
        progress.update(done);
      };
      try {
        const { closing } = await openLoad(engine, name, brought, { signal });
        out.note(`closing ${closing} of ${name.client}, ${argv.month}`);
        interrupt.what = `closing ${closing} stays in the state cargando until it is loaded again`;
        await writeEmployees(engine, closing, 'libro', files.libro ?? [], { written, signal });
        await writeEmployees(engine, closing, 'novedades', files.novedades ?? [], { written, signal });
        const moved = await writeMovements(
          engine,
          closing,
          [...(files.movements ?? []), ...(files.analyst ?? [])],
          {
            signal,
          },
        );
        const { estado, empleados, novedades, discrepancias } = await closeLoad(engine, closing);
        progress.stop();
        out.document({
          closing_id: closing,
          state: estado,
          employees: empleados,
          novedades,
          movements: moved.inserted,
          repeated: moved.repeated,
          discrepancies: discrepancias,
        });
        out.print(
          `closing ${closing}: ${estado}, ${empleados} employees, ${novedades} in the Novedades, ${moved.inserted} movements, ` +
            `${discrepancias} ${discrepancias === 1 ? 'discrepancy' : 'discrepancies'}`,
        );
        return 0;
      } catch (error) {
        return interrupt.codeOf(error);
      } finally {
        interrupt.release();
      }
    });
  },
});

function closingName({ client, month }: LoadArguments): ClosingName {
  const [, year, number] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month) ?? [];
  if (year === undefined || number === undefined || Number(year) < 1900)
    throw new UsageError(`--month: ${quote(month)} is no month; write it as 2025-07`);
  if (client.trim() === '' || client.length > 200)
    throw new UsageError('--client: a name of 1 to 200 characters');
  return { client: client.trim(), year: Number(year), month: Number(number) };
}

/** Reads and checks everything before anything is loaded. @throws CommandError with every bad cell */
async function readAll({ libro, novedades, movements, analyst }: LoadArguments): Promise<Files> {
  if ([libro, novedades, movements, analyst].every((path) => path === undefined))
    throw new UsageError('say what to load: --libro, --novedades, --movements or --analyst');
  const problems: CellProblem[] = [];
  const read = async <T>(
    path: string | undefined,
    reader: (path: string) => Promise<ReadFile<T>>,
  ): Promise<readonly T[] | undefined> => {
    if (path === undefined) return undefined;
    try {
      const file = await reader(path);
      problems.push(...file.problems);
      return file.content;
    } catch (error) {
      if (error instanceof UsageError) throw error;
      throw new UsageError(`cannot read ${path}: ${fileProblem(error)}`);
    }
  };
  const files = {
    libro: await read(libro, readLibro),
    novedades: await read(novedades, readNovedades),
    movements: await read(movements, readMovements),
    analyst: await read(analyst, readAnalyst),
  };
  if (problems.length > 0) {
    const count = problems.length === 1 ? '1 bad cell' : `${problems.length} bad cells`;
    throw new CommandError(
      `${count}; nothing was loaded\n${problems.map(describeCellProblem).join('\n')}`,
      'BAD_INPUT',
      { problems },
    );
  }
  return files;
}
