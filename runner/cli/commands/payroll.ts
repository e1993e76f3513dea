import { defineCommand } from '../context.js';
import { consolidate } from './payroll/consolidate.js';
import { discrepancies } from './payroll/discrepancies.js';
import { exportCommand } from './payroll/export.js';
import { generate } from './payroll/generate.js';
import { list } from './payroll/list.js';
import { load } from './payroll/load.js';
import { rollback } from './payroll/rollback.js';
import { status } from './payroll/status.js';

export const command = defineCommand({
  command: 'payroll',
  describe: 'load, consolidate, watch, roll back and export payroll closings',
  builder: (args) =>
    args
      .command(load)
      .command(generate)
      .command(consolidate)
      .command(list)
      .command(status)
      .command(discrepancies)
      .command(rollback)
      .command(exportCommand)
      .example('$0 payroll load --client ACME --month 2025-07 --libro libro.xlsx', 'a closing and its Libro')
      .example('$0 payroll consolidate 4 --lanes 2', 'closing 4')
      .demandCommand(
        1,
        'say what to do: load, generate, consolidate, list, status, discrepancies, rollback or export',
      ),
  handler: () => {
    // one of the above does it
  },
});
