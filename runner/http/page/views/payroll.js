import { getJson } from '../api.js';
import { el, table } from '../dom.js';
import { amount, count, span } from '../format.js';
import { problemPlace } from '../notice.js';
import { refreshedList } from '../refreshed.js';
import { badge } from '../states.js';

/** The newest payroll closings. */
export function payrollView({ signal }) {
  const problem = problemPlace();
  const list = refreshedList({
    signal,
    problem,
    load: async () => (await getJson('/api/nomina/v1/cierres?limite=50', { signal })).cierres,
    draw: (closings) => (closings.length === 0 ? nothing() : closingTable(closings)),
  });
  return { title: 'Payroll', content: [problem.place, list] };
}

function nothing() {
  return el(
    'p',
    { class: 'card faint' },
    'There is no closing yet. ',
    el('code', {}, 'carril payroll load'),
    ' brings one from workbooks or CSV files.',
  );
}

function closingTable(closings) {
  return table(
    'The newest closings',
    [
      'Closing',
      'Client',
      'Month',
      'State',
      { number: 'Employees' },
      { number: 'Discrepancies' },
      { number: 'Took' },
      { number: 'Líquido' },
    ],
    closings.map((c) =>
      el(
        'tr',
        {},
        el('th', { scope: 'row' }, el('a', { href: `#/payroll/${c.ID_Cierre}` }, c.ID_Cierre)),
        el('td', {}, c.Cliente),
        el('td', {}, monthOf(c)),
        el('td', {}, badge(c.Estado), c.Revision_Requerida ? ' review required' : null),
        el('td', { class: 'number' }, c.Empleados === null ? '—' : count(c.Empleados)),
        el('td', { class: 'number' }, c.Discrepancias === null ? '—' : count(c.Discrepancias)),
        el('td', { class: 'number' }, span(c.Segundos)),
        el('td', { class: 'number' }, amount(c.Liquido_Pagar)),
      ),
    ),
  );
}

export function monthOf({ Anno, Mes }) {
  return `${Anno}-${String(Mes).padStart(2, '0')}`;
}
