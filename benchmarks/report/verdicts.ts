import { html } from '../../runner/report/html.js';
import type { Markup } from '../../runner/report/html.js';
import type { Comparison, Verdict } from '../compare.js';
import { figure, intervalOf, limit } from '../judged-text.js';
import { blame } from '../show-comparison.js';
import { table } from './table.js';

/** A sign besides the word and the colour. */
const signs: Readonly<Record<Verdict, string>> = {
  goal: '✓',
  tolerated: '○',
  unsure: '?',
  broken: '✕',
  'not measured': '–',
};

/** The comparer's table with its verdicts, and what may explain a broken one. */
export function verdicts({ a, b, judged, slower, waits, broken }: Comparison): Markup {
  const why = blame(slower, waits);
  return html`<h2 id="verdicts">
      Verdict: ${broken ? '✕ a tolerance is broken' : '✓ within what is tolerated'}
    </h2>
    <p>
      A is ${a.label}, ${a.architecture}, ${a.rounds} rounds; B is ${b.label}, ${b.architecture}, ${b.rounds}
      rounds. A figure is a median; only a whole 95 % interval outside the tolerance breaks it.
    </p>
    ${table(
      'verdicts',
      [
        ...([['measure'], ['A', 'n'], ['B', 'n'], ['judged (95 %)', 'n']] as const),
        ...([['goal', 'n'], ['tolerated', 'n'], ['verdict']] as const),
      ],
      judged.map((it) => [
        ...[it.measure, figure(it.a), figure(it.b), intervalOf(it)],
        ...[limit(it, it.goal), limit(it, it.tolerated)],
        html`<span class="verdict ${it.verdict}">${signs[it.verdict]} ${it.verdict}</span>`,
      ]),
    )}
    ${broken && why !== '' ? html`<p class="notice">What may have broken it: ${why}.</p>` : ''}
    ${
      slower.length === 0
        ? ''
        : html`<h3>What takes half as long again, or more</h3>
            ${table(
              'slower procedures',
              [['procedure'], ['kind'], ['A, ms a call', 'n'], ['B, ms a call', 'n'], ['times', 'n']],
              slower.map((it) => [
                it.procedure,
                it.kind,
                figure(it.a_ms),
                figure(it.b_ms),
                it.times.toFixed(1),
              ]),
            )}`
    }
    ${
      waits.length === 0
        ? ''
        : html`<h3>Tables that lanes waited at</h3>
            ${table(
              'waits by table',
              [['table'], ['A, waits a round', 'n'], ['B, waits a round', 'n'], ['in']],
              waits.map((it) => [it.table, it.a.toFixed(1), it.b.toFixed(1), it.procedures.join(', ')]),
            )}`
    }`;
}
