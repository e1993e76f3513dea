import { announce } from '../announce.js';
import { getJson, postJson } from '../api.js';
import { el, onceAFrame, setText, table } from '../dom.js';
import { follow } from '../events.js';
import { count, time } from '../format.js';
import { attempt, problemPlace } from '../notice.js';
import { session } from '../session.js';
import { inSpanish, setBadge } from '../states.js';

/** A page with all blocks of a large log would be of use to nobody: the newest ones are shown, all are counted. */
const mostShown = 100;

/** One review of a log: progress, blocks as they are found, and the report by signature. */
export function logView({ ids: [job], signal }) {
  const problem = problemPlace();
  const head = createHead();
  const stream = createStream();
  const report = el('section', { 'aria-label': 'Report' });
  let status;

  const cancel = el(
    'button',
    {
      type: 'button',
      class: 'danger',
      hidden: true,
      onclick: () => {
        if (!confirm(`Cancel review ${job}?`)) return;
        void attempt(cancel, problem, async () => {
          await postJson(`/api/v2/cancel/${job}`);
          await refresh();
        });
      },
    },
    'Cancel the review',
  );
  const refresh = async () => {
    status = await getJson(`/api/v2/status/${job}`, { signal });
    head.draw(status);
    cancel.hidden = !session.mayRun || hasEnded(status);
    return hasEnded(status);
  };
  const showReport = async () => {
    const { signatures, blocks } = await getJson(`/api/v2/report/${job}`, { signal });
    report.replaceChildren(el('h2', {}, 'Report by signature'), reportTable(signatures, blocks));
  };

  void (async () => {
    const polling = setInterval(() => void refresh().catch(() => undefined), 1000);
    signal.addEventListener('abort', () => clearInterval(polling));
    try {
      await refresh();
      await follow(`/api/v2/results/${job}/stream`, {
        signal,
        onEvent: ({ event, data }) => {
          if (event === undefined) stream.add(data);
          return data.is_complete === true;
        },
        onState: head.connection,
        ended: refresh,
      });
      // the last chunk ends a moment before its job does
      while (!signal.aborted && !(await refresh())) await new Promise((resolve) => setTimeout(resolve, 250));
      if (!signal.aborted) {
        announce(`The review has ended: ${status.status}, ${status.anomalies_found} error blocks.`);
        await showReport();
      }
    } catch (error) {
      if (!signal.aborted) problem.show(error);
    } finally {
      clearInterval(polling);
    }
  })();
  return { title: `Review ${job}`, content: [head.element, cancel, problem.place, report, stream.element] };
}

function hasEnded({ status }) {
  return status !== 'pending' && status !== 'processing';
}

function createHead() {
  const state = el('span', {});
  const line = el('span', {});
  const live = el('span', { class: 'connection faint' });
  const progress = el('progress', { max: 1, value: 0, 'aria-label': 'Scanned' });
  const message = el('p', { class: 'message', hidden: true });
  return {
    element: el(
      'section',
      { class: 'card', 'aria-label': 'State' },
      el('p', { class: 'headline' }, state, line, live),
      progress,
      message,
    ),
    connection(now) {
      setText(live, { live: '● live', broken: '○ reconnecting…', ended: '' }[now]);
    },
    draw(status) {
      setBadge(state, inSpanish[status.status]);
      const left = status.estimated_remaining_time;
      setText(
        line,
        `${count(status.chunks_processed)} of ${count(status.total_chunks)} chunks · ${count(status.anomalies_found)} error blocks` +
          (left === null ? '' : ` · about ${count(left)} s left`),
      );
      progress.value = status.progress;
      message.hidden = status.error_message === null;
      setText(message, status.error_message ?? '');
    },
  };
}

function createStream() {
  const list = el('ol', { class: 'blocks', reversed: true });
  const said = el('p', { class: 'faint' }, 'Nothing yet.');
  let found = 0;
  let chunks = 0;
  let fresh = [];
  const draw = onceAFrame(() => {
    list.prepend(...fresh.reverse());
    fresh = [];
    while (list.childElementCount > mostShown) list.lastElementChild.remove();
    const all = found <= mostShown ? '' : `, the newest ${mostShown} shown`;
    setText(said, `${count(found)} error blocks in ${count(chunks)} chunks${all}.`);
  });
  return {
    element: el(
      'section',
      { 'aria-label': 'Error blocks' },
      el('h2', {}, 'Error blocks as they are found'),
      said,
      list,
    ),
    add({ anomalies, error }) {
      chunks += 1;
      found += anomalies.length;
      for (const { log_entry: text, explanation } of anomalies.slice(-mostShown))
        fresh.push(block(text, explanation));
      if (error) fresh.push(block(error, 'This chunk could not be read'));
      fresh = fresh.slice(-mostShown);
      draw();
    },
  };
}

function block(text, explanation) {
  return el('li', {}, el('details', {}, el('summary', {}, explanation), el('pre', {}, text)));
}

function reportTable(signatures, blocks) {
  if (signatures.length === 0) return el('p', { class: 'card faint' }, 'No error block was found.');
  return table(
    `${count(blocks)} error blocks, the most frequent first`,
    [{ number: 'Times' }, 'Level', 'Signature', 'First', 'Last'],
    signatures.map((row) =>
      el(
        'tr',
        {},
        el('td', { class: 'number' }, count(row.count)),
        el('td', {}, el('span', { class: `level ${row.level.toLowerCase()}` }, row.level)),
        el(
          'td',
          { class: 'signature' },
          el('details', {}, el('summary', {}, row.signature), el('pre', {}, row.example)),
        ),
        el('td', {}, time(row.first)),
        el('td', {}, time(row.last)),
      ),
    ),
  );
}
