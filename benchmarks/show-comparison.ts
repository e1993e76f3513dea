import type { Output } from '../runner/cli/output.js';
import type { Comparison, Judged } from './compare.js';

/** The table of a comparison, what is broken below it. */
export function showComparison({ a, b, judged, slower, waits, broken }: Comparison, out: Output): void {
  const side = ({ label, architecture, rounds }: Comparison['a']) =>
    `${label}: ${architecture === '' ? '' : `${architecture}, `}${rounds} rounds`;
  out.print(`A ${side(a)}; B ${side(b)}`);
  out.table(
    ['measure', 'A', 'B', 'judged (95 %)', 'goal', 'tolerated', 'verdict'],
    judged.map((it) => [
      ...[it.measure, figure(it.a), figure(it.b), intervalOf(it)],
      ...[limit(it, it.goal), limit(it, it.tolerated), it.verdict],
    ]),
  );
  if (slower.length > 0) {
    out.print();
    out.print('procedures that take half as long again, or more (p95, ms)');
    out.table(
      ['procedure', 'A', 'B', 'times'],
      slower.map((it) => [it.procedure, figure(it.a_ms), figure(it.b_ms), it.times.toFixed(1)]),
    );
  }
  if (waits.length > 0) {
    out.print();
    out.print('tables that lanes waited at (waits a round)');
    out.table(
      ['table', 'A', 'B', 'in'],
      waits.map((it) => [it.table, it.a.toFixed(1), it.b.toFixed(1), it.procedures.join(', ')]),
    );
  }
  for (const it of judged)
    if (it.verdict === 'broken') out.warn(`broken: ${it.measure}${blame(slower, waits)}`);
  out.print(broken ? 'a tolerance is broken' : 'within what is tolerated');
}

function blame(slower: Comparison['slower'], waits: Comparison['waits']): string {
  const [procedure] = slower;
  const table = waits.find((it) => it.b > it.a);
  const why = [
    ...(procedure === undefined
      ? []
      : [`${procedure.procedure} takes ${procedure.times.toFixed(1)} times as long`]),
    ...(table === undefined
      ? []
      : [`lanes wait at ${table.table} in ${table.procedures.join(', ') || 'some procedure'}`]),
  ];
  return why.length === 0 ? '' : ` (${why.join('; ')})`;
}

function figure(value: number | null): string {
  if (value === null) return '–';
  return Number.isInteger(value) || Math.abs(value) >= 100 ? String(Math.round(value)) : value.toFixed(2);
}

function intervalOf({ judged, kind }: Judged): string {
  if (judged === null) return '–';
  const { median, low, high } = judged;
  return kind === 'relative'
    ? `${percent(median)} (${percent(low)}–${percent(high)})`
    : `${figure(median)} (${figure(low)}–${figure(high)})`;
}

function limit({ kind, better }: Judged, value: number): string {
  return `${better === 'lower' ? '≤' : '≥'} ${kind === 'relative' ? percent(value) : figure(value)}`;
}

function percent(value: number): string {
  return `${Math.round(100 * value)} %`;
}
