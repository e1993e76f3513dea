import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';

import { stringify } from 'csv-stringify/sync';

import { UsageError } from '../../../../engine/errors.js';
import type { Engine } from '../../../../engine/index.js';
import { nomina } from '../../../../procedures/generated/index.js';
import { defineCommand, withEngine } from '../../context.js';
import { parseId } from '../../durations.js';
import { fileProblem } from '../../file-problem.js';

interface ExportArguments {
  readonly id: string;
  readonly csv: boolean | undefined;
  readonly out: string | undefined;
  readonly concepts: boolean;
}

export const exportCommand = defineCommand<ExportArguments>({
  command: 'export <id>',
  describe: 'write the consolidated employees of a closing, or their concepts, as CSV',
  builder: (args) =>
    args
      .positional('id', { type: 'string', demandOption: true, describe: 'the closing' })
      .option('csv', { type: 'boolean', describe: 'as CSV, the one format there is' })
      .option('out', { type: 'string', requiresArg: true, describe: 'a file; standard output when left out' })
      .option('concepts', {
        type: 'boolean',
        default: false,
        describe: 'a line a concept instead of an employee',
      })
      .example('$0 payroll export 4 --csv > closing-4.csv', 'the employees with their totals')
      .example('$0 payroll export 4 --csv --concepts --out concepts.csv', 'their concepts')
      .epilogue('Amounts are exact decimals. A file is replaced. Not with --json.'),
  handler: async (argv) => {
    const closing = parseId(argv.id, 'ID');
    if (argv.csv !== true) throw new UsageError('say how: export --csv');
    if (argv.json === true) throw new UsageError('export writes CSV: leave --json out');
    // notes would stand in the middle of the lines
    await withEngine({ ...argv, quiet: true }, async (engine, out) => {
      const lines = await write(engine, closing, argv.concepts, argv.out);
      if (argv.out !== undefined) out.warn(`${lines} lines written to ${argv.out}`);
    });
  },
});

async function write(
  engine: Engine,
  closing: bigint,
  concepts: boolean,
  file: string | undefined,
): Promise<number> {
  // a closing that does not exist is an error before the file is touched
  await nomina.estadoConsolidacion(engine, { idCierre: closing }, { idempotent: true });
  const target = file === undefined ? process.stdout : createWriteStream(file);
  const failed = file === undefined ? undefined : finished(target);
  failed?.catch(() => undefined);
  const send = async (text: string) => {
    if (!target.write(text))
      await Promise.race([once(target, 'drain'), ...(failed === undefined ? [] : [failed])]);
  };
  try {
    await send(stringify([concepts ? conceptTitles : employeeTitles]));
    let lines = 0;
    for (let after = 0n; ;) {
      const page = await nomina.listarConsolidados(
        engine,
        { idCierre: closing, desdeId: after, maximo: 500 },
        { idempotent: true },
      );
      const last = page.at(-1);
      if (last === undefined) break;
      const rows = concepts ? await conceptRows(engine, closing, after, last.id) : page.map(employeeRow);
      await send(stringify(rows));
      lines += rows.length;
      after = last.id;
    }
    if (file !== undefined) {
      target.end();
      await failed;
    }
    return lines;
  } catch (error) {
    if (error instanceof Error && 'syscall' in error && file !== undefined)
      throw new UsageError(`cannot write ${file}: ${fileProblem(error)}`);
    throw error;
  }
}

const employeeTitles = [
  'rut',
  'nombre_completo',
  'cargo',
  'centro_costo',
  'es_ingreso',
  'es_finiquito',
  'tiene_ausentismo',
  'total_haberes',
  'total_descuentos',
  'liquido_pagar',
  'fuentes_utilizadas',
  'reglas_aplicadas',
  'discrepancias_resueltas',
];
const conceptTitles = ['rut', 'codigo_concepto', 'nombre_concepto', 'valor', 'tipo_concepto', 'fuente_dato'];

function employeeRow(row: nomina.ListarConsolidadosRow): (string | number)[] {
  const list = (json: string) => (JSON.parse(json) as string[]).join(' ');
  return [
    row.rut,
    row.nombreCompleto,
    row.cargo,
    row.centroCosto,
    Number(row.esIngreso),
    Number(row.esFiniquito),
    Number(row.tieneAusentismo),
    row.totalHaberes,
    row.totalDescuentos,
    row.liquidoPagar,
    list(row.fuentesUtilizadas),
    list(row.reglasAplicadas),
    row.discrepanciasResueltas,
  ];
}

async function conceptRows(
  engine: Engine,
  closing: bigint,
  after: bigint,
  last: bigint,
): Promise<string[][]> {
  const rows = await nomina.listarConceptos(
    engine,
    { idCierre: closing, desdeId: after, hastaId: last },
    { idempotent: true },
  );
  return rows.map((row) => [
    row.rut,
    row.codigoConcepto,
    row.nombreConcepto,
    row.valor,
    row.tipoConcepto,
    row.fuenteDato,
  ]);
}
