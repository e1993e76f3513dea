import { getJson } from '../api.js';
import { el } from '../dom.js';
import { attempt, problemPlace } from '../notice.js';
import { session } from '../session.js';

/** Asks for a token. It is kept in this tab only. */
export function loginView({ why, begun }) {
  const problem = problemPlace();
  const token = el('input', {
    id: 'token',
    type: 'password',
    autocomplete: 'current-password',
    required: true,
    spellcheck: 'false',
    autofocus: true,
    'aria-describedby': 'token-help',
  });
  const button = el('button', { type: 'submit' }, 'Log in');
  const form = el(
    'form',
    {
      class: 'card login',
      onsubmit: (event) => {
        event.preventDefault();
        void attempt(button, problem, async () => {
          const value = token.value.trim();
          session.begin(value, await getJson('/api/whoami', { token: value }));
          begun();
        });
      },
    },
    why === '' ? null : el('p', { class: 'notice', role: 'status' }, why),
    el('label', { for: 'token' }, 'Token'),
    token,
    el(
      'p',
      { id: 'token-help', class: 'faint' },
      'Whoever runs this server makes one with ',
      el('code', {}, 'carril token create NAME --role run'),
      '. It is forgotten when this tab is closed.',
    ),
    problem.place,
    button,
  );
  return { title: 'Log in', content: [form] };
}
