import { nomina } from '../../../../procedures/generated/index.js';
import { defineCommand, withEngine } from '../../context.js';
import { parseId } from '../../durations.js';

interface DiscrepanciesArguments {
  readonly id: string;
  readonly type: string | undefined;
}

type Discrepancy = nomina.ListarDiscrepanciasRow;

export const discrepancies = defineCommand<DiscrepanciesArguments>({
  command: 'discrepancies <id>',
  describe: "list a closing's discrepancies: known before, and found and resolved by its consolidation",
  builder: (args) =>
    args
      .positional('id', { type: 'string', demandOption: true, describe: 'the closing' })
      .option('type', { type: 'string', requiresArg: true, describe: 'of one type only: RUT_DUPLICADO, …' })
      .example('$0 payroll discrepancies 4', 'all, and how many of each type')
      .example('$0 payroll discrepancies 4 --type TIPO_DISTINTO --json', '')
      .epilogue(
        '--json: {"closing_id", "counts": {TYPE: n}, "discrepancies": [{"rut", "type", "concept", "detail", "found_by"}]}; found_by is "load" or "consolidation".',
      ),
  handler: async (argv) => {
    const idCierre = parseId(argv.id, 'ID');
    const tipo = argv.type?.trim().toUpperCase() ?? null;
    await withEngine(argv, async (engine, out) => {
      const all: Discrepancy[] = [];
      for (let desdeId = 0n; ;) {
        const page = await nomina.listarDiscrepancias(
          engine,
          { idCierre, tipo, desdeId },
          { idempotent: true },
        );
        all.push(...page);
        const last = page.at(-1);
        if (last === undefined || page.length < 2000) break;
        desdeId = last.id;
      }
      const counts = new Map<string, number>();
      for (const one of all) counts.set(one.tipo, (counts.get(one.tipo) ?? 0) + 1);
      const sorted = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
      out.document({
        closing_id: idCierre,
        counts: Object.fromEntries(sorted),
        discrepancies: all.map((one) => ({
          rut: one.rut,
          type: one.tipo,
          concept: one.codigoConcepto,
          detail: one.detalle,
          found_by: foundBy(one),
        })),
      });
      if (all.length === 0) {
        out.print('no discrepancies');
        return;
      }
      out.table(
        ['rut', 'type', 'concept', 'detail', 'found by'],
        all.map((one) => [one.rut, one.tipo, one.codigoConcepto, one.detalle, foundBy(one)]),
        { head: ['rut', 'type', 'concept'], rows: all.map((one) => [one.rut, one.tipo, one.codigoConcepto]) },
      );
      out.print();
      out.table(['type', 'count'], sorted);
    });
  },
});

function foundBy({ enConsolidacion }: Discrepancy): string {
  return enConsolidacion ? 'consolidation' : 'load';
}
