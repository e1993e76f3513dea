import { el } from './dom.js';

/** The database's states: their tone, a sign that needs no colour, and what they mean to who does not read Spanish. */
const states = {
  PENDIENTE: ['wait', '○', 'waiting'],
  EN_PROGRESO: ['run', '▶', 'running'],
  COMPLETADO: ['good', '✓', 'completed'],
  COMPLETADO_CON_ERRORES: ['warn', '!', 'completed with errors'],
  ERROR: ['bad', '✕', 'failed'],
  OMITIDO: ['wait', '–', 'skipped'],
  CANCELADO: ['warn', '⊘', 'cancelled'],
  REVERTIDO: ['warn', '↶', 'rolled back'],
};

/** The states of document 001, in the database's words. */
export const inSpanish = {
  pending: 'PENDIENTE',
  processing: 'EN_PROGRESO',
  completed: 'COMPLETADO',
  failed: 'ERROR',
  cancelled: 'CANCELADO',
};

export function look(state) {
  const [tone, sign, meaning] = states[state] ?? ['wait', '?', state];
  return { tone, sign, meaning };
}

export function badge(state) {
  const element = el('span', {});
  setBadge(element, state);
  return element;
}

export function setBadge(element, state) {
  if (element.dataset.state === state) return;
  const { tone, sign, meaning } = look(state);
  element.dataset.state = state;
  element.className = `badge ${tone}`;
  element.title = meaning;
  element.replaceChildren(el('span', { 'aria-hidden': 'true' }, sign), ` ${state}`);
}
