import { getJson } from '../api.js';
import { el, table } from '../dom.js';
import { count, time } from '../format.js';
import { problemPlace } from '../notice.js';

/** The recordings of the benchmarks, and a form that compares two. */
export function recordingsView({ signal }) {
  const problem = problemPlace();
  const list = el('div', {}, el('p', { class: 'faint' }, 'Loading…'));
  void (async () => {
    try {
      const { recordings } = await getJson('/api/recordings', { signal });
      list.replaceChildren(
        ...(recordings.length === 0 ? [nothing()] : [compareForm(recordings), recordingTable(recordings)]),
      );
    } catch (error) {
      if (!signal.aborted) problem.show(error);
    }
  })();
  return { title: 'Recordings', content: [problem.place, list] };
}

function nothing() {
  return el(
    'p',
    { class: 'card faint' },
    'There is no recording yet. ',
    el('code', {}, 'carril bench record --label before'),
    ' makes one.',
  );
}

function compareForm(recordings) {
  const options = () => recordings.map(({ label }) => el('option', { value: label }, label));
  // the newest is judged by the one before
  const before = el('select', { id: 'before' }, ...options());
  const after = el('select', { id: 'after' }, ...options());
  before.selectedIndex = Math.min(1, recordings.length - 1);
  return el(
    'form',
    {
      class: 'card row',
      'aria-label': 'Compare',
      onsubmit: (event) => {
        event.preventDefault();
        location.hash = `#/recordings/${before.value}/${after.value}`;
      },
    },
    el('div', { class: 'field wide' }, el('label', { for: 'before' }, 'A, before'), before),
    el('div', { class: 'field wide' }, el('label', { for: 'after' }, 'B, after'), after),
    el('button', { type: 'submit' }, 'Compare'),
    el(
      'p',
      { class: 'faint hint' },
      'One of both architectures compared with itself is its legacy side against its hierarchical one.',
    ),
  );
}

function recordingTable(recordings) {
  return table(
    'The recordings, newest first',
    ['Label', 'Recorded', 'Benchmark', { number: 'Rounds' }, 'Architectures', 'Migration'],
    recordings.map((it) =>
      el(
        'tr',
        {},
        el(
          'th',
          { scope: 'row' },
          it.architectures.length > 1
            ? el('a', { href: `#/recordings/${it.label}/${it.label}` }, it.label)
            : it.label,
        ),
        el('td', {}, time(it.at)),
        el('td', {}, it.benchmark),
        el('td', { class: 'number' }, count(it.rounds)),
        el('td', {}, it.architectures.join(', ')),
        el('td', {}, it.migration),
      ),
    ),
  );
}
