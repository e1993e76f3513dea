import { html } from '../../runner/report/html.js';
import type { Markup } from '../../runner/report/html.js';
import { begin } from './svg.js';
import { missingIndexes } from '../contention/missing-indexes.js';
import type { Called, Round } from '../contention/model.js';
import { median } from '../statistics.js';
import type { ReportSide } from './sides.js';
import { table } from './table.js';

const mostFunctions = 12;

/** Procedures and services of each side: how long their calls took, what they wrote, and what went wrong in them. */
export function calls(sides: readonly ReportSide[]): Markup {
  return html`<h2 id="calls">Procedures and services</h2>
    <p class="soft">
      Medians of the rounds, the maximum of all; rows as a run that is not timed wrote them, waits and retries
      a round.
    </p>
    ${sides.map((side) => sideCalls(side))}`;
}

function sideCalls({ name, rounds, recording }: ReportSide): Markup {
  const census = recording.census.find(({ architecture }) => architecture === rounds[0]?.architecture);
  const procedures = callRows(
    rounds,
    (round) => round.procedures,
    (of) => census?.rows?.[of.toLowerCase()],
  );
  const services = callRows(
    rounds,
    (round) => round.services,
    (of) => census?.service_rows?.[of],
  );
  const own = ownTimes(rounds);
  return html`<h3>${name}</h3>
    ${procedures.length === 0 ? html`<p>What its clients called is not known.</p>` : callTable(name, 'procedure', procedures)}
    ${services.length === 0 ? '' : callTable(name, 'service', services)}
    ${
      own.length === 0
        ? ''
        : table(
            `own time of procedures of ${name}`,
            [['own time on the server'], ['calls a round', 'n'], ['ms a call', 'n'], ['ms a round', 'n']],
            own,
          )
    }`;
}

function callTable(side: string, what: string, rows: readonly (readonly string[])[]): Markup {
  return table(
    `${what}s of ${side}`,
    [
      ...([
        [what],
        ['calls', 'n'],
        ['p50 ms', 'n'],
        ['p95 ms', 'n'],
        ['p99 ms', 'n'],
        ['max ms', 'n'],
      ] as const),
      ...([
        ['rows', 'n'],
        ['waits', 'n'],
        ['retries', 'n'],
      ] as const),
    ],
    rows,
  );
}

function callRows(
  rounds: readonly Round[],
  of: (round: Round) => Readonly<Record<string, Called>>,
  rowsOf: (name: string) => number | undefined,
): readonly (readonly string[])[] {
  const names = [...new Set(rounds.flatMap((round) => Object.keys(of(round))))];
  return names
    .map((name) => {
      const list = rounds.flatMap((round) => of(round)[name] ?? []);
      const middle = (key: 'calls' | 'p50_ms' | 'p95_ms' | 'p99_ms') => median(list.map((one) => one[key]));
      const total = list.reduce((sum, one) => sum + one.total_ms, 0);
      return {
        total,
        cells: [
          ...[
            name,
            String(middle('calls')),
            ms(middle('p50_ms')),
            ms(middle('p95_ms')),
            ms(middle('p99_ms')),
          ],
          ms(Math.max(...list.map((one) => one.max_ms))),
          rowsOf(name)?.toLocaleString('en') ?? '–',
          ...[mean(list.map((one) => one.waits)), mean(list.map((one) => one.retries))],
        ],
      };
    })
    .toSorted((a, b) => b.total - a.total)
    .map(({ cells }) => cells);
}

function ownTimes(rounds: readonly Round[]): readonly (readonly string[])[] {
  const names = [...new Set(rounds.flatMap((round) => Object.keys(round.functions)))];
  return names
    .map((name) => {
      const list = rounds.flatMap((round) => round.functions[name] ?? []);
      const [n, self] = [median(list.map((one) => one.calls)), median(list.map((one) => one.self_ms))];
      return { self, cells: [name, String(n), ms(self / Math.max(1, n)), ms(self)] };
    })
    .toSorted((a, b) => b.self - a.self)
    .slice(0, mostFunctions)
    .map(({ cells }) => cells);
}

/** The statements that took most time, where the server keeps them. */
export function slowStatements(sides: readonly ReportSide[]): Markup | '' {
  const recordings = [...new Set(sides.map(({ recording }) => recording))].filter(
    ({ statements }) => statements.length > 0,
  );
  if (recordings.length === 0) return '';
  return html`<h2 id="statements">Slowest statements</h2>
    <p class="soft">
      Since the server began to count. The indexes are those that the statement’s procedure misses, as the
      optimizer saw it, and how much cheaper it thinks a statement would be; the plans are in the recording.
    </p>
    ${recordings.map(
      ({ label, statements }) =>
        html`<h3>${label}</h3>
          ${table(
            `slowest statements of ${label}`,
            [
              ...([['in'], ['statement'], ['times', 'n'], ['total ms', 'n'], ['longest ms', 'n']] as const),
              ...([['CPU ms', 'n'], ['reads', 'n'], ['missing indexes']] as const),
            ],
            statements.map((one) => [
              one.procedure ?? '',
              html`<code>${begin(one.text, 300)}</code>`,
              ...[one.executions, ms(one.total_ms), ms(one.max_ms), ms(one.cpu_ms)],
              one.reads.toLocaleString('en'),
              html`${(one.plan === null ? [] : missingIndexes(one.plan)).map((index) => html`<code>${index}</code> `)}`,
            ]),
          )}`,
    )}`;
}

function mean(values: readonly (number | undefined)[]): string {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return '–';
  const value = known.reduce((sum, one) => sum + one, 0) / known.length;
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}

function ms(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(1);
}
