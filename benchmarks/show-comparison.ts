import type { Output } from '../runner/cli/output.js';
import type { Comparison } from './compare.js';
import { figure, intervalOf, limit } from './judged-text.js';

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
    out.print('what takes half as long again, or more (ms: p95 of calls and services, own time of steps)');
    out.table(
      ['procedure', 'kind', 'A', 'B', 'times'],
      slower.map((it) => [it.procedure, it.kind, figure(it.a_ms), figure(it.b_ms), it.times.toFixed(1)]),
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
  const why = blame(slower, waits);
  for (const it of judged)
    if (it.verdict === 'broken') out.warn(`broken: ${it.measure}${why === '' ? '' : ` (${why})`}`);
  out.print(broken ? 'a tolerance is broken' : 'within what is tolerated');
}

/** What may have broken it. */
export function blame(slower: Comparison['slower'], waits: Comparison['waits']): string {
  // a step says more than the call it runs in, and the one that lost most more than the one that was shortest before
  const lost = ({ a_ms, b_ms }: (typeof slower)[number]) => b_ms - a_ms;
  const [step] = slower.filter(({ kind }) => kind === 'step').toSorted((x, y) => lost(y) - lost(x));
  const procedure = step ?? slower[0];
  const table = waits.find((it) => it.b > it.a);
  const why = [
    ...(procedure === undefined
      ? []
      : [`${procedure.procedure} takes ${procedure.times.toFixed(1)} times as long`]),
    ...(table === undefined
      ? []
      : [`lanes wait at ${table.table} in ${table.procedures.join(', ') || 'some procedure'}`]),
  ];
  return why.join('; ');
}
