import type { ProcessResults, ServiceRow, ServiceRows } from '../results.js';
import type { Output } from './output.js';

/** One line a fund. */
export function printResults(results: ProcessResults, out: Output): void {
  out.table(
    ['fund', 'execution', 'state', 'lines', 'cash', 'total value', 'weights', 'repriced'],
    results.funds.map((fund) => [
      fund.fund,
      fund.execution_id,
      fund.state,
      fund.lines,
      fund.cash_lines,
      fund.total_value,
      fund.weight_sum,
      fund.repriced,
    ]),
  );
}

/** How many rows each service left, one line a fund; the state where it did not complete. */
export function printServiceRows(all: readonly ServiceRows[], out: Output): void {
  const services = [...new Set(all.map(({ service }) => service))];
  const funds = [...new Set(all.map(({ fund }) => fund))];
  out.print();
  out.print('rows by service');
  out.table(
    ['fund', ...services],
    funds.map((fund) => [
      fund,
      ...services.map((service) => {
        const one = all.find((it) => it.fund === fund && it.service === service);
        return one?.state === 'COMPLETADO' ? one.rows : (one?.state ?? '');
      }),
    ]),
  );
}

/** The rows of one service, every column. */
export function printServiceResults(rows: readonly ServiceRow[], out: Output): void {
  const [first] = rows;
  if (first === undefined) out.print('no rows');
  else
    out.table(
      Object.keys(first),
      rows.map((row) => Object.values(row).map((value) => (value === null ? '' : cell(value)))),
    );
}

function cell(value: string | number | boolean): string | number {
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : value;
}
