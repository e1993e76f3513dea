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
  // of a payroll closing
  cargando: ['run', '▶', 'being loaded'],
  verificado_sin_discrepancias: ['wait', '○', 'checked, may be consolidated'],
  con_discrepancias: ['wait', '○', 'checked with discrepancies, may be consolidated'],
  consolidando_datos: ['run', '▶', 'being consolidated'],
  datos_consolidados: ['good', '✓', 'consolidated'],
  consolidacion_parcial: ['warn', '!', 'consolidated in part'],
  error_consolidacion: ['bad', '✕', 'failed'],
  error_recursos: ['bad', '✕', 'failed for want of memory'],
  consolidacion_cancelada: ['warn', '⊘', 'cancelled'],
  timeout_consolidacion: ['bad', '✕', 'out of time'],
  revirtiendo_consolidacion: ['run', '↶', 'being rolled back'],
  // of a comparison
  goal: ['good', '✓', 'the goal is reached'],
  tolerated: ['good', '≈', 'the goal is not reached, and that is borne'],
  unsure: ['warn', '?', 'part of the interval lies outside what is tolerated'],
  broken: ['bad', '✕', 'the whole interval lies outside what is tolerated'],
  'not measured': ['wait', '–', 'one of the two has no number of it'],
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
