import { getJson } from '../api.js';
import { el, table } from '../dom.js';
import { problemPlace } from '../notice.js';
import { badge } from '../states.js';

/** Two recordings compared, as `carril bench compare` does. */
export function comparisonView({ ids: [a, b], signal }) {
  const problem = problemPlace();
  const place = el('div', {}, el('p', { class: 'faint' }, 'Comparing…'));
  void (async () => {
    try {
      const query = new URLSearchParams({ a, b });
      place.replaceChildren(...content(await getJson(`/api/recordings/compare?${query}`, { signal })));
    } catch (error) {
      if (signal.aborted) return;
      place.replaceChildren();
      problem.show(error);
    }
  })();
  return {
    title: a === b ? `Recording ${a}` : `${b} judged by ${a}`,
    content: [problem.place, place, el('p', {}, el('a', { href: '#/recordings' }, 'All recordings'))],
  };
}

function content({ a, b, judged, slower, waits, broken }) {
  return [
    el(
      'section',
      { class: 'card', 'aria-label': 'Verdict' },
      el(
        'p',
        { class: 'headline' },
        badge(broken ? 'broken' : 'tolerated'),
        broken ? 'A tolerance is broken.' : 'All is within what is tolerated.',
      ),
      el('p', { class: 'faint hint' }, `A ${sideOf(a)}; B ${sideOf(b)}`),
    ),
    table(
      'Measures, with the 95 % interval that is judged',
      ['Measure', { number: 'A' }, { number: 'B' }, 'Judged', 'Goal', 'Tolerated', 'Verdict'],
      judged.map((it) =>
        el(
          'tr',
          {},
          el('th', { scope: 'row' }, it.measure),
          el('td', { class: 'number' }, figure(it.a)),
          el('td', { class: 'number' }, figure(it.b)),
          el('td', {}, interval(it)),
          el('td', {}, limit(it, it.goal)),
          el('td', {}, limit(it, it.tolerated)),
          el('td', {}, badge(it.verdict)),
        ),
      ),
    ),
    slower.length === 0
      ? null
      : table(
          'Procedures that take half as long again, or more (p95, ms)',
          ['Procedure', { number: 'A' }, { number: 'B' }, { number: 'Times' }],
          slower.map((it) =>
            el(
              'tr',
              {},
              el('th', { scope: 'row' }, it.procedure),
              el('td', { class: 'number' }, figure(it.a_ms)),
              el('td', { class: 'number' }, figure(it.b_ms)),
              el('td', { class: 'number' }, it.times.toFixed(1)),
            ),
          ),
        ),
    waits.length === 0
      ? null
      : table(
          'Tables that lanes waited at (waits a round)',
          ['Table', { number: 'A' }, { number: 'B' }, 'In'],
          waits.map((it) =>
            el(
              'tr',
              {},
              el('th', { scope: 'row' }, it.table),
              el('td', { class: 'number' }, it.a.toFixed(1)),
              el('td', { class: 'number' }, it.b.toFixed(1)),
              el('td', { class: 'detail' }, it.procedures.join(', ')),
            ),
          ),
        ),
  ].filter((element) => element !== null);
}

function sideOf({ label, architecture, rounds }) {
  return `${label}: ${architecture === '' ? '' : `${architecture}, `}${rounds} rounds`;
}

/** Figures as the command line shows them. */
function figure(value) {
  if (value === null) return '–';
  return Number.isInteger(value) || Math.abs(value) >= 100 ? String(Math.round(value)) : value.toFixed(2);
}

function percent(value) {
  return `${Math.round(100 * value)} %`;
}

function interval({ judged, kind }) {
  if (judged === null) return '–';
  const show = kind === 'relative' ? percent : figure;
  return `${show(judged.median)} (${show(judged.low)}–${show(judged.high)})`;
}

function limit({ kind, better }, value) {
  return `${better === 'lower' ? '≤' : '≥'} ${kind === 'relative' ? percent(value) : figure(value)}`;
}
