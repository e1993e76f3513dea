import { nomina } from '../../../../procedures/generated/index.js';
import { defineCommand, withEngine } from '../../context.js';
import { parseCount } from '../../durations.js';

interface ListArguments {
  readonly limit: string | number;
}

export const list = defineCommand<ListArguments>({
  command: 'list',
  describe: 'list the newest closings, with what their consolidation left',
  builder: (args) =>
    args
      .option('limit', { type: 'string', requiresArg: true, default: 20, describe: 'so many at most' })
      .example('$0 payroll list', 'the newest 20')
      .example('$0 payroll list --limit 100 --json', 'for a script'),
  handler: async (argv) => {
    const maximo = parseCount(argv.limit, '--limit', 1, 2000);
    await withEngine(argv, async (engine, out) => {
      const rows = await nomina.listarCierres(engine, { maximo }, { idempotent: true });
      out.document({
        closings: rows.map((row) => ({
          closing_id: row.idCierre,
          client: row.cliente,
          month: monthOf(row),
          state: row.estado,
          review_required: row.revisionRequerida,
          job: row.idTrabajo,
          started: row.inicio,
          employees: row.empleados,
          seconds: row.segundos,
          discrepancies: row.discrepancias,
          liquido: row.liquidoPagar,
        })),
      });
      if (rows.length === 0) {
        out.print('no closings');
        return;
      }
      out.table(
        ['closing', 'client', 'month', 'state', 'employees', 'discrepancies', 'líquido'],
        rows.map((row) => [
          ...[row.idCierre, row.cliente, monthOf(row), row.estado, row.empleados],
          ...[row.discrepancias, row.liquidoPagar],
        ]),
      );
    });
  },
});

function monthOf({ anno, mes }: nomina.ListarCierresRow): string {
  return `${anno}-${String(mes).padStart(2, '0')}`;
}
