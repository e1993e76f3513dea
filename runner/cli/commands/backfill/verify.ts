import { logs } from '../../../../procedures/generated/index.js';
import { verifyBackfill } from '../../../backfill.js';
import { defineCommand, withEngine } from '../../context.js';
import { exitOf, paceOptions, parsePace, readState, sayStopped, withProgress } from './common.js';
import type { PaceArguments } from './common.js';

export const verify = defineCommand<PaceArguments>({
  command: 'verify',
  describe: 'compare every table with what was measured before; exit 1 when anything differs',
  builder: (args) =>
    paceOptions(args, 20_000)
      .example('$0 backfill verify', 'after run, or after revert')
      .example(
        '$0 backfill verify --json',
        '{ "ended", "correct", "tables": [{ "table", "before", "after", "same", … }] }',
      )
      .epilogue(
        'A checksum is two sums of slices of the SHA-256 of every row, over all its columns, with each new ID turned back into what ' +
          'it was: the order of the rows does not matter, and two alike do not cancel each other.',
      ),
  handler: async (argv) => {
    const pace = parsePace(argv, 100_000);
    await withEngine(argv, async (engine, out) => {
      const { medidas, fase } = await readState(engine);
      const { end, correct } = await withProgress(
        engine,
        {
          command: 'verify',
          title: 'verify',
          waitForMigrator: argv.waitForMigrator,
          total: medidas,
          done: 0,
        },
        out,
        async (loop) => await verifyBackfill(engine, { ...pace, ...loop }),
      );
      const tables = await logs.backfillListarMedidas(engine, { idempotent: true });
      out.document({
        ended: end,
        correct: end === 'done' ? correct : null,
        tables: tables.map((row) => ({
          table: row.tabla,
          before: { rows: row.antesFilas, checksum: row.antesSuma },
          after: row.despuesFilas === null ? null : { rows: row.despuesFilas, checksum: row.despuesSuma },
          rekeyed: row.cambiadas,
          set_aside: row.apartadas,
          left: row.pendientes,
          same: row.igual,
        })),
      });
      if (end !== 'done') {
        sayStopped(end, 'verify', out);
        return exitOf(end);
      }
      out.table(
        ['table', 'rows before', 'after', 're-keyed', 'set aside', 'left', 'checksum'],
        tables.map((row) => [
          row.tabla,
          Number(row.antesFilas),
          Number(row.despuesFilas ?? 0n),
          Number(row.cambiadas),
          Number(row.apartadas),
          Number(row.pendientes ?? 0n),
          row.igual === true ? 'same' : 'DIFFERS',
        ]),
      );
      out.print(
        correct
          ? `verified: every row is there, and as it was${fase === 'REVERTIDO' ? '' : ' but for its IDs'}`
          : 'NOT verified: see the tables that differ, or have rows left',
      );
      if (correct && fase === 'COMPLETO') out.note('next: carril backfill finish');
      return correct ? 0 : 1;
    });
  },
});
