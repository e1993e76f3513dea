import { el } from './dom.js';

/** A place for what went wrong, read out at once. */
export function problemPlace() {
  const place = el('div', { class: 'problem', role: 'alert', hidden: true });
  return {
    place,
    clear() {
      place.hidden = true;
      place.replaceChildren();
    },
    show(error) {
      place.hidden = false;
      place.replaceChildren(
        el('strong', {}, error.status === 403 ? 'Your token may not do that. ' : 'That did not work. '),
        error.message,
        error.requestId ? el('span', { class: 'faint' }, ` (request ${error.requestId})`) : null,
      );
    },
  };
}

/** Runs an action of a button or form: disabled meanwhile, its failure shown. */
export async function attempt(button, problem, action) {
  problem.clear();
  button.disabled = true;
  try {
    await action();
  } catch (error) {
    if (error.name !== 'AbortError') problem.show(error);
  } finally {
    button.disabled = false;
  }
}
