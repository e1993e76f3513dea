import { html } from '../../runner/report/html.js';
import type { Markup } from '../../runner/report/html.js';
import { legendOf, lineChart } from './line-chart.js';
import type { LineChart } from './line-chart.js';
import type { ReportSide } from './sides.js';
import { table } from './table.js';

/** Makespan and funds an hour of each round, drawn and told. */
export function roundsSection(sides: readonly ReportSide[]): Markup {
  const numbers = [...new Set(sides.flatMap(({ rounds }) => rounds.map(({ round }) => round)))].toSorted(
    (a, b) => a - b,
  );
  const chart = (
    title: string,
    measure: 'makespan_ms' | 'funds_per_hour',
    say: LineChart['say'],
  ): LineChart => ({
    title,
    across: 'round',
    labels: numbers.map(String),
    series: sides.map(({ name, rounds }) => ({
      name,
      values: numbers.map((n) => {
        const found = rounds.find(({ round }) => round === n);
        return found === undefined ? null : { value: found[measure] };
      }),
    })),
    say,
  });
  return html`<h2 id="rounds">Rounds</h2>
    ${legendOf(sides.map(({ name }) => name))}
    <div class="charts">
      ${lineChart(chart('Makespan, seconds', 'makespan_ms', (ms) => String(Math.round(ms / 100) / 10)))}
      ${lineChart(
        chart('Funds an hour', 'funds_per_hour', (funds) =>
          funds < 10_000 ? String(Math.round(funds)) : `${Math.round(funds / 100) / 10}k`,
        ),
      )}
    </div>
    ${roundsTable(sides)}`;
}

export function roundsTable(sides: readonly ReportSide[]): Markup {
  const lanes = sides.some(({ rounds }) => rounds.some((round) => round.lanes !== undefined));
  return table(
    'rounds',
    [
      ...([['side'], ['round', 'n']] as const),
      ...(lanes ? ([['lanes', 'n']] as const) : []),
      ...([
        ['deadlocks', 'n'],
        ['waits for rows', 'n'],
        ['ms waited', 'n'],
        ['retries', 'n'],
      ] as const),
      ...([
        ['ms lost to retries', 'n'],
        ['makespan ms', 'n'],
        ['funds an hour', 'n'],
      ] as const),
      ...([
        ['server CPU ms', 'n'],
        ['client CPU ms', 'n'],
        ['errors', 'n'],
      ] as const),
    ],
    sides.flatMap(({ name, rounds }) =>
      rounds.map((round) => [
        ...[name, round.round, ...(lanes ? [round.lanes ?? ''] : [])],
        ...[round.deadlocks, round.lock_waits, Math.round(round.lock_wait_ms), round.retries],
        ...[Math.round(round.lost_to_retries_ms), Math.round(round.makespan_ms).toLocaleString('en')],
        round.funds_per_hour.toLocaleString('en'),
        round.server_cpu_ms?.toLocaleString('en') ?? 'not known',
        round.client_cpu_ms.toLocaleString('en'),
        Object.entries(round.errors)
          .map(([error, n]) => `${error}: ${n}`)
          .join(', '),
      ]),
    ),
  );
}
