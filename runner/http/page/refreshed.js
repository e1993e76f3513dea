import { el } from './dom.js';

const everyMs = 3000;

/** A list that is asked for again every few seconds, and drawn anew when it has changed; the focus stays on the same link. */
export function refreshedList({ signal, problem, load, draw, isAlive = () => false }) {
  const list = el('div', {}, el('p', { class: 'faint' }, 'Loading…'));
  void (async () => {
    let shown = '';
    while (!signal.aborted) {
      try {
        const rows = await load();
        const now = JSON.stringify(rows);
        if (now !== shown || isAlive(rows)) {
          shown = now;
          redraw(list, draw(rows));
        }
        problem.clear();
      } catch (error) {
        if (signal.aborted) return;
        problem.show(error);
      }
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  })();
  return list;
}

function redraw(list, content) {
  const focused = list.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
  list.replaceChildren(content);
  if (focused !== null)
    list.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}
