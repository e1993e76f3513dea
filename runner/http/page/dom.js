/**
 * Makes an element. Text always becomes text: nothing that came from a database or a log is ever read as HTML.
 * Attributes whose value is undefined, null or false are left out; `on...` are listeners.
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Sets a text only when it is another one, so that a screen reader is not told again. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A table with a caption, in a region that scrolls sideways on narrow screens. The head of a column of numbers is `{ number }`. */
export function table(caption, heads, rows) {
  return el(
    'div',
    { class: 'scroll', role: 'region', 'aria-label': caption, tabindex: 0 },
    el(
      'table',
      {},
      el('caption', {}, caption),
      el('thead', {}, el('tr', {}, ...heads.map(headCell))),
      el('tbody', {}, ...rows),
    ),
  );
}

function headCell(head) {
  return typeof head === 'string'
    ? el('th', { scope: 'col' }, head)
    : el('th', { scope: 'col', class: 'number' }, head.number);
}

/** Calls `draw` at most once a frame, however often it is asked to. */
export function onceAFrame(draw) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
}
