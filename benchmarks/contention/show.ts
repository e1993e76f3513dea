import type { Output } from '../../runner/cli/output.js';
import { median, medianInterval } from '../statistics.js';
import type { Recording } from '../recording.js';
import type { Round } from './model.js';

const counted = ['deadlocks', 'lock_waits', 'lock_wait_ms', 'other_waits', 'retries'] as const;
const timed = ['makespan_ms', 'funds_per_hour'] as const;

/** Both sides in figures; nothing with `--json`. */
export function showContention(
  { rounds, census, data, remarks }: Omit<Recording, 'label'>,
  out: Output,
): void {
  const sides = [...new Set(rounds.map(({ architecture }) => architecture))];
  const of = (side: string) => rounds.filter(({ architecture }) => architecture === side);
  out.print();
  const { funds, positions, lanes } = data;
  const load =
    funds === undefined ? '' : `${funds} funds, ${positions ?? '?'} positions each, ${lanes ?? '?'} lanes; `;
  out.print(`${load}${of(sides[0] ?? '').length} rounds a side`);
  out.table(
    ['', ...sides],
    [
      ...timed.map((name) => [name, ...sides.map((side) => interval(of(side).map((round) => round[name])))]),
      ...counted.map((name) => [name, ...sides.map((side) => spread(of(side).map((round) => round[name])))]),
      ['lock_escalations', ...sides.map((side) => escalations(of(side)))],
      ...(census.length === 0
        ? []
        : [
            ['largest statement, rows', ...sides.map((side) => largest(census, side))],
            [
              'statements of 5,000 rows or more',
              ...sides.map(
                (side) => census.find((one) => one.architecture === side)?.statements_of_5000 ?? '',
              ),
            ],
          ]),
    ],
  );
  const [before, after] = [of('LEGADO'), of('JERARQUICA')];
  if (before.length > 0 && after.length > 0) {
    const factor =
      median(after.map((it) => it.funds_per_hour)) / median(before.map((it) => it.funds_per_hour));
    out.print(`JERARQUICA does ${factor.toFixed(2)} times as many funds an hour`);
  }
  for (const side of sides) {
    const waited = tablesOf(of(side));
    if (waited.length === 0) continue;
    out.print();
    out.print(`${side}: where lanes waited for each other`);
    out.table(['table', 'waits a round', 'ms a round'], waited);
  }
  showServices(sides, rounds, out);
  for (const remark of remarks) out.warn(remark);
}

function largest(census: Recording['census'], side: string): string {
  const one = census.find(({ architecture }) => architecture === side);
  return one === undefined ? '' : `${one.largest_statement_rows} (${one.largest_statement})`;
}

function escalations(rounds: readonly Round[]): string {
  const [first] = rounds;
  if (first === undefined) return '';
  return typeof first.lock_escalations === 'string'
    ? first.lock_escalations
    : spread(rounds.map(({ lock_escalations }) => Number(lock_escalations)));
}

function interval(values: readonly number[]): string {
  const { median: middle, low, high } = medianInterval(values);
  return `${Math.round(middle)} (${Math.round(low)}–${Math.round(high)})`;
}

function spread(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? String(least) : `${median(values)} (${least}–${most})`;
}

function tablesOf(rounds: readonly Round[]): [string, string, string][] {
  const names = new Set(
    rounds.flatMap(({ tables }) => tables.filter(({ waits }) => waits > 0).map(({ table }) => table)),
  );
  const mean = (table: string, what: 'waits' | 'wait_ms') =>
    rounds.reduce((sum, round) => sum + (round.tables.find((one) => one.table === table)?.[what] ?? 0), 0) /
    rounds.length;
  return [...names]
    .toSorted((a, b) => mean(b, 'wait_ms') - mean(a, 'wait_ms'))
    .map((table) => [table, mean(table, 'waits').toFixed(1), mean(table, 'wait_ms').toFixed(1)]);
}

function timesOf(rounds: readonly Round[], service: string): string[] {
  const times = rounds.flatMap(({ services }) => services[service] ?? []);
  if (times.length === 0) return ['', '', ''];
  return (['p50_ms', 'p95_ms', 'max_ms'] as const).map((key) =>
    median(times.map((it) => it[key])).toFixed(1),
  );
}

/** Of a load of somebody else's nothing is known about its services. */
function showServices(sides: readonly string[], rounds: readonly Round[], out: Output): void {
  const services = [...new Set(rounds.flatMap((round) => Object.keys(round.services)))];
  if (services.length === 0) return;
  const of = (side: string) => rounds.filter(({ architecture }) => architecture === side);
  out.print();
  out.print('milliseconds of a call by service: p50, p95 and max, medians of the rounds');
  out.table(
    ['service', ...sides.flatMap((side) => [`${side} p50`, 'p95', 'max'])],
    services.map((service) => [service, ...sides.flatMap((side) => timesOf(of(side), service))]),
  );
}
