import type { Output } from '../../runner/cli/output.js';
import { median, medianInterval } from '../statistics.js';
import type { Recording } from '../recording.js';
import { widthsOf } from '../report/growth.js';
import type { Called, Round } from './model.js';

const counted = [
  ...(['deadlocks', 'lock_waits', 'lock_wait_ms', 'other_waits', 'retries', 'lost_to_retries_ms'] as const),
  ...(['client_cpu_ms', 'server_cpu_ms'] as const),
] as const;
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
      ...counted.map((name) => [
        name,
        ...sides.map((side) => spread(of(side).map((round) => round[name] ?? null))),
      ]),
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
  const widths = widthsOf(rounds);
  if (widths.length > 1) showGrowth(widths, sides, rounds, out);
  const [before, after] = [of('LEGADO'), of('JERARQUICA')];
  if (widths.length < 2 && before.length > 0 && after.length > 0) {
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
  showServices(sides, rounds, census, out);
  for (const remark of remarks) out.warn(remark);
}

/** Medians by the number of lanes. */
function showGrowth(
  widths: readonly number[],
  sides: readonly string[],
  rounds: readonly Round[],
  out: Output,
): void {
  const cells = (measure: 'makespan_ms' | 'funds_per_hour' | 'lock_waits') =>
    widths.map((width) =>
      sides.map((side) => {
        const of = rounds.filter(({ architecture, lanes }) => architecture === side && lanes === width);
        return of.length === 0 ? '' : String(Math.round(median(of.map((round) => round[measure]))));
      }),
    );
  const [makespan, funds, waits] = [cells('makespan_ms'), cells('funds_per_hour'), cells('lock_waits')];
  out.print();
  out.print('by lanes: makespan in ms, funds an hour, waits for rows');
  out.table(
    ['lanes', ...['ms', 'funds an hour', 'waits'].flatMap((what) => sides.map((side) => `${side} ${what}`))],
    widths.map((width, i) => [width, ...(makespan[i] ?? []), ...(funds[i] ?? []), ...(waits[i] ?? [])]),
  );
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

function spread(known: readonly (number | null)[]): string {
  const values = known.filter((value) => value !== null);
  if (values.length < known.length) return 'not known';
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

/** Medians of the rounds, of one side: what a call took, and what went wrong in a round's. */
function callRows(
  rounds: readonly Round[],
  of: (round: Round) => Readonly<Record<string, Called>>,
): readonly (readonly string[])[] {
  const names = [...new Set(rounds.flatMap((round) => Object.keys(of(round))))];
  return names.map((name) => {
    const calls = rounds.flatMap((round) => of(round)[name] ?? []);
    const middle = (key: 'calls' | 'p50_ms' | 'p95_ms' | 'p99_ms' | 'max_ms') =>
      median(calls.map((it) => it[key])).toFixed(key === 'calls' ? 0 : 1);
    const counts = (key: 'waits' | 'retries') => {
      const values = calls.flatMap((it) => it[key] ?? []);
      return values.length === 0 ? '–' : String(median(values));
    };
    return [
      ...[name, middle('calls'), middle('p50_ms'), middle('p95_ms'), middle('p99_ms'), middle('max_ms')],
      ...[counts('waits'), counts('retries')],
    ];
  });
}

/** Of a load of somebody else's nothing is known about its services. */
function showServices(
  sides: readonly string[],
  rounds: readonly Round[],
  census: Recording['census'],
  out: Output,
): void {
  for (const side of sides) {
    const of = rounds.filter(({ architecture }) => architecture === side);
    const written = census.find(({ architecture }) => architecture === side);
    for (const [what, calls, rows] of [
      ['service', callRows(of, (round) => round.services), written?.service_rows],
      ['procedure', callRows(of, (round) => round.procedures), written?.rows],
    ] as const) {
      if (calls.length === 0) continue;
      out.print();
      out.print(
        `${side}: milliseconds of a call by ${what}, medians of the rounds; rows, waits and retries a round`,
      );
      out.table(
        [what, 'calls', 'p50', 'p95', 'p99', 'max', 'waits', 'retries', 'rows'],
        calls.map((row) => [
          ...row,
          rows?.[what === 'service' ? (row[0] ?? '') : (row[0] ?? '').toLowerCase()] ?? '–',
        ]),
      );
    }
  }
}
