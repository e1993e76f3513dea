import { getJson } from './api.js';
import { el, setText, table } from './dom.js';
import { attempt } from './notice.js';

/** As docs/payroll.md explains them. */
const types = [
  'CERO_EN_NOVEDADES',
  'CONCEPTO_DUPLICADO',
  'CONCEPTO_SIN_NOMBRE',
  'FINIQUITO_NO_INFORMADO',
  'FINIQUITO_SIN_MOVIMIENTO',
  'INGRESO_NO_INFORMADO',
  'INGRESO_SIN_MOVIMIENTO',
  'NOVEDADES_SIN_LIBRO',
  'RUT_DUPLICADO',
  'RUT_INVALIDO',
  'TIPO_DESCONOCIDO',
  'TIPO_DISTINTO',
];

const pageRows = 100;

/** A closing's discrepancies, of one type or of all, a page at a time. */
export function createDiscrepancies(path, { signal, problem }) {
  const type = el(
    'select',
    { id: 'type', onchange: () => void load() },
    el('option', { value: '' }, 'all'),
    ...types.map((name) => el('option', { value: name }, name)),
  );
  const place = el('div', {});
  const said = el('p', { class: 'faint', role: 'status' });
  const more = el(
    'button',
    { type: 'button', class: 'quiet', hidden: true, onclick: () => void attempt(more, problem, append) },
    'More',
  );
  let body;
  let next;
  let turn = 0;

  async function page(from) {
    const query = new URLSearchParams({ desde: from, limite: pageRows });
    if (type.value !== '') query.set('tipo', type.value);
    return await getJson(`${path}/discrepancias?${query}`, { signal });
  }

  function show({ discrepancias, siguiente }) {
    next = siguiente;
    body.append(...discrepancias.map(row));
    more.hidden = next === null;
    const shown = body.childElementCount;
    setText(said, shown === 0 ? 'There are none.' : `${shown} shown${next === null ? ', all of them' : ''}.`);
  }

  async function append() {
    const mine = turn;
    const answer = await page(next);
    if (mine === turn) show(answer);
  }

  async function load() {
    turn += 1;
    const mine = turn;
    try {
      const answer = await page('0');
      // another type was chosen meanwhile
      if (mine !== turn) return;
      const grid = table('Discrepancies', ['RUT', 'Type', 'Concept', 'Detail', 'Found by'], []);
      body = grid.querySelector('tbody');
      place.replaceChildren(...(answer.discrepancias.length === 0 ? [] : [grid]));
      show(answer);
    } catch (error) {
      if (!signal.aborted) problem.show(error);
    }
  }

  return {
    element: el(
      'section',
      { class: 'stack', 'aria-label': 'Discrepancies of the closing' },
      el(
        'div',
        { class: 'row' },
        el('div', { class: 'field narrow' }, el('label', { for: 'type' }, 'Discrepancies of type'), type),
        said,
      ),
      place,
      more,
    ),
    load,
  };
}

function row({ RUT, Tipo, Codigo_Concepto, Detalle, En_Consolidacion }) {
  return el(
    'tr',
    {},
    el('th', { scope: 'row' }, RUT === '' ? '—' : RUT),
    el('td', {}, Tipo),
    el('td', {}, Codigo_Concepto ?? '—'),
    el('td', { class: 'detail' }, Detalle),
    el('td', {}, En_Consolidacion ? 'consolidation' : 'load'),
  );
}
