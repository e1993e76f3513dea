import type { ProcessResults } from '../results.js';
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
