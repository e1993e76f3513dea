import { getJson, postJson } from '../api.js';
import { el, table } from '../dom.js';
import { count, duration, time } from '../format.js';
import { attempt, problemPlace } from '../notice.js';
import { refreshedList } from '../refreshed.js';
import { session } from '../session.js';
import { badge } from '../states.js';

/** The newest processes, and a form that starts one. */
export function processesView({ signal }) {
  const problem = problemPlace();
  const list = refreshedList({
    signal,
    problem,
    load: async () => (await getJson('/api/procesos/v3?limite=50', { signal })).procesos,
    draw: (processes) => (processes.length === 0 ? nothing() : processTable(processes)),
    // what runs gets older without a change
    isAlive: (processes) => processes.some(({ FechaFin }) => FechaFin === null),
  });
  return { title: 'Processes', content: [session.mayRun ? startForm() : null, problem.place, list] };
}

function nothing() {
  return el(
    'p',
    { class: 'card faint' },
    'There is no process yet. Start one of a date whose holdings are loaded.',
  );
}

function processTable(processes) {
  const heads = ['Process', 'Date', 'State', 'Funds', 'Started', 'Took', 'By'];
  return table(
    'The newest processes',
    heads,
    processes.map((p) =>
      el(
        'tr',
        {},
        el('th', { scope: 'row' }, el('a', { href: `#/processes/${p.ID_Proceso}` }, p.ID_Proceso)),
        el('td', {}, p.FechaReporte),
        el('td', {}, badge(p.Estado)),
        el('td', {}, fundsOf(p)),
        el('td', {}, time(p.FechaInicio)),
        el('td', {}, duration(p.FechaInicio, p.FechaFin)),
        el('td', {}, p.Usuario ?? '—'),
      ),
    ),
  );
}

function fundsOf({ TotalFondos, FondosExitosos, FondosFallidos }) {
  return `${count(FondosExitosos)} of ${count(TotalFondos)}${FondosFallidos > 0 ? `, ${count(FondosFallidos)} failed` : ''}`;
}

function startForm() {
  const problem = problemPlace();
  const date = el('input', { id: 'date', type: 'date', required: true });
  const funds = el('input', {
    id: 'funds',
    type: 'text',
    placeholder: 'all that are active',
    spellcheck: 'false',
  });
  const button = el('button', { type: 'submit' }, 'Start');
  // one key a form filled in: pressing twice starts one process
  let key = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
  return el(
    'form',
    {
      class: 'card row',
      'aria-label': 'Start a process',
      oninput: () => {
        key = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
      },
      onsubmit: (event) => {
        event.preventDefault();
        void attempt(button, problem, async () => {
          const fondos = funds.value.split(/[\s,;]+/).filter((name) => name !== '');
          const { ID_Proceso } = await postJson(
            '/api/procesos/v3/ejecutar',
            { fechaReporte: date.value, ...(fondos.length > 0 ? { fondos } : {}) },
            { 'idempotency-key': key },
          );
          location.hash = `#/processes/${ID_Proceso}`;
        });
      },
    },
    el('div', { class: 'field' }, el('label', { for: 'date' }, 'Report date'), date),
    el('div', { class: 'field wide' }, el('label', { for: 'funds' }, 'Funds'), funds),
    button,
    problem.place,
  );
}
