import { expiry } from './api.js';
import { el } from './dom.js';
import { session } from './session.js';
import { closingView } from './views/closing.js';
import { comparisonView } from './views/comparison.js';
import { loginView } from './views/login.js';
import { logView } from './views/log.js';
import { logsView } from './views/logs.js';
import { payrollView } from './views/payroll.js';
import { processView } from './views/process.js';
import { processesView } from './views/processes.js';
import { recordingsView } from './views/recordings.js';

/** Paths behind the `#`, and the view of each. A view gets its IDs and a signal that aborts when it is left. */
const routes = [
  [/^\/processes$/, processesView],
  [/^\/processes\/(\d+)$/, processView],
  [/^\/logs$/, logsView],
  [/^\/logs\/(\d+)$/, logView],
  [/^\/payroll$/, payrollView],
  [/^\/payroll\/(\d+)$/, closingView],
  [/^\/recordings$/, recordingsView],
  [/^\/recordings\/([\w.-]+)\/([\w.-]+)$/, comparisonView],
];

const main = document.getElementById('main');
const nav = document.getElementById('nav');
const who = document.getElementById('who');
let leaving = new AbortController();

/** Shows what the address names; `why` is told at the login. */
function show(why) {
  leaving.abort();
  leaving = new AbortController();
  frame();
  const path = location.hash.slice(1);
  const [pattern, view] =
    session.token === null ? [/^/, loginView] : (routes.find(([route]) => route.test(path)) ?? []);
  if (view === undefined) {
    location.replace('#/processes');
    return;
  }
  const [, ...ids] = pattern.exec(path);
  const { title, content } = view({
    ids,
    signal: leaving.signal,
    why: typeof why === 'string' ? why : '',
    begun: show,
  });
  document.title = `${title} · carril`;
  main.replaceChildren(el('h1', { tabindex: -1 }, title), ...content);
  // who cannot see the page learns where they are; a view that wants the focus elsewhere asks for it
  (main.querySelector('[autofocus]') ?? main.querySelector('h1')).focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

function frame() {
  const { user } = session;
  nav.hidden = user === null;
  who.hidden = user === null;
  for (const link of nav.querySelectorAll('a')) {
    if (location.hash.startsWith(link.hash)) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  if (user === null) return;
  who.replaceChildren(
    el('span', {}, user.name, ' ', el('span', { class: 'faint' }, `(${user.role})`)),
    el('button', { type: 'button', class: 'quiet', onclick: () => leave('You are logged out.') }, 'Log out'),
  );
}

function leave(why) {
  session.end();
  show(why);
}

expiry.addEventListener('expired', () => {
  leave('The token is not valid any more: log in again.');
});
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
window.addEventListener('hashchange', show);
show();
