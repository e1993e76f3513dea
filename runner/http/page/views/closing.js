import { announce } from '../announce.js';
import { getJson, postJson } from '../api.js';
import { createDiscrepancies } from '../discrepancies.js';
import { el, setText } from '../dom.js';
import { follow } from '../events.js';
import { amount, count, span } from '../format.js';
import { attempt, problemPlace } from '../notice.js';
import { session } from '../session.js';
import { look, setBadge } from '../states.js';
import { monthOf } from './payroll.js';

/** How often one is asked for that is not being consolidated: somebody else may begin. */
const idleMs = 3000;

const verified = ['verificado_sin_discrepancias', 'con_discrepancias'];

/** One payroll closing: its consolidation as it goes on, its figures, its discrepancies; start, cancel, roll back. */
export function closingView({ ids: [id], signal }) {
  const path = `/api/nomina/v1/cierres/${id}`;
  const problem = problemPlace();
  const head = createHead();
  const discrepancies = createDiscrepancies(path, { signal, problem });
  let wake = () => undefined;
  let told;

  const draw = (state) => {
    head.draw(state);
    const running = state.Estado === 'consolidando_datos';
    const started = state.ID_Trabajo !== null || state.Estado === 'revirtiendo_consolidacion';
    start.hidden = !session.mayRun || !verified.includes(state.Estado);
    cancel.hidden = !session.mayRun || !running;
    rollback.hidden = !session.mayRun || running || !started;
    // its consolidation finds some, its rollback takes them away
    if (told !== state.Discrepancias) void discrepancies.load();
    told = state.Discrepancias;
  };
  const act = async (button, action) => {
    await attempt(button, problem, action);
    wake();
  };

  const start = startForm((button, limiteSegundos, key) =>
    act(button, async () => {
      draw(await postJson(`${path}/consolidar`, { limiteSegundos }, { 'idempotency-key': key }));
    }),
  );
  const cancel = el(
    'button',
    {
      type: 'button',
      class: 'danger',
      hidden: true,
      onclick: () => {
        if (
          !confirm(
            `Cancel the consolidation of closing ${id}? What it has written stays until it is rolled back.`,
          )
        )
          return;
        void act(cancel, async () => draw(await postJson(`${path}/cancelar`)));
      },
    },
    'Cancel the consolidation',
  );
  const rollback = el(
    'button',
    {
      type: 'button',
      class: 'danger',
      hidden: true,
      onclick: () => {
        if (!confirm(`Roll closing ${id} back? What its consolidation has left is deleted.`)) return;
        void act(rollback, async () => {
          const { Borrados } = await postJson(`${path}/revertir`);
          announce(`Rolled back: ${count(Borrados)} rows deleted.`);
        });
      },
    },
    'Roll the consolidation back',
  );

  void (async () => {
    while (!signal.aborted) {
      try {
        const state = await getJson(path, { signal });
        draw(state);
        if (state.Estado === 'consolidando_datos') await watch();
        else
          await new Promise((resolve) => {
            wake = resolve;
            setTimeout(resolve, idleMs);
          });
      } catch (error) {
        if (signal.aborted) return;
        problem.show(error);
        if (error.status === 404) return;
        await new Promise((resolve) => setTimeout(resolve, idleMs));
      }
    }
  })();

  async function watch() {
    await follow(`${path}/eventos`, {
      signal,
      onEvent: ({ event, data }) => {
        if (event === 'cierre') {
          draw(data);
          announce(`${Math.floor(data.Porcentaje)} % of closing ${id} is consolidated.`);
        } else if (event === 'fin') announce(`The consolidation has ended: ${look(data.Estado).meaning}.`);
        return event === 'fin';
      },
      onState: head.connection,
      ended: () => false,
    });
  }

  return {
    title: `Closing ${id}`,
    content: [head.element, start, cancel, rollback, problem.place, discrepancies.element],
  };
}

function startForm(onStart) {
  const minutes = el('input', {
    id: 'minutes',
    type: 'number',
    min: 1,
    max: 43200,
    value: 5,
    required: true,
  });
  const button = el('button', { type: 'submit' }, 'Consolidate');
  const newKey = () => crypto.randomUUID?.() ?? String(Math.random()).slice(2);
  return el(
    'form',
    {
      class: 'card row',
      'aria-label': 'Consolidate',
      hidden: true,
      onsubmit: (event) => {
        event.preventDefault();
        // a press is a request of its own: rolled back, the same closing may be consolidated again
        void onStart(button, Number(minutes.value) * 60, newKey());
      },
    },
    el('div', { class: 'field' }, el('label', { for: 'minutes' }, 'Cut off after, minutes'), minutes),
    button,
  );
}

function createHead() {
  const state = el('span', {});
  const line = el('span', {});
  const live = el('span', { class: 'connection faint' });
  const progress = el('progress', { max: 100, value: 0, 'aria-label': 'Consolidated' });
  const message = el('p', { class: 'message', hidden: true });
  const figures = el('dl', { class: 'figures' });
  const money = el('dl', { class: 'figures' });
  const names = ['Employees', 'Employees/s', 'Time', 'Left', 'Chunks', 'Records', 'Discrepancies'];
  const totals = ['Haberes', 'Descuentos', 'Líquido'];
  const shown = Object.fromEntries(
    [...names, ...totals].map((name) => {
      const value = el('dd', {});
      const figure = el('div', {}, el('dt', {}, name), value);
      (totals.includes(name) ? money : figures).append(figure);
      return [name, { figure, value }];
    }),
  );
  const set = (name, text) => {
    shown[name].figure.hidden = text === null;
    setText(shown[name].value, text ?? '');
  };
  return {
    element: el(
      'section',
      { class: 'card', 'aria-label': 'State' },
      el('p', { class: 'headline' }, state, line, live),
      progress,
      figures,
      money,
      message,
    ),
    connection(now) {
      setText(live, { live: '● live', broken: '○ reconnecting…', ended: '' }[now]);
    },
    draw(c) {
      const begun = c.ID_Trabajo !== null;
      setBadge(state, c.Estado);
      setText(
        line,
        `${c.Cliente} · ${monthOf(c)}${c.Revision_Requerida ? ' · review required' : ''}${begun ? ` · job ${c.ID_Trabajo}` : ''}`,
      );
      progress.hidden = !begun;
      progress.value = c.Porcentaje;
      set(
        'Employees',
        begun ? `${count(c.Empleados_Procesados)} of ${count(c.Empleados)}` : count(c.Empleados),
      );
      set('Employees/s', c.Empleados_Por_s === null ? null : count(Math.round(c.Empleados_Por_s)));
      set('Time', begun ? span(c.Segundos) : null);
      set('Left', c.Faltan_s === null ? null : span(c.Faltan_s));
      set(
        'Chunks',
        begun
          ? `${count(c.Chunks_Completados)} of ${count(c.Chunks)}${c.Chunks_Fallidos > 0 ? `, ${count(c.Chunks_Fallidos)} failed` : ''}`
          : null,
      );
      set('Records', begun ? count(c.Registros) : null);
      set('Discrepancies', count(c.Discrepancias));
      set('Haberes', c.Total_Haberes === null ? null : amount(c.Total_Haberes));
      set('Descuentos', c.Total_Descuentos === null ? null : amount(c.Total_Descuentos));
      set('Líquido', c.Liquido_Pagar === null ? null : amount(c.Liquido_Pagar));
      message.hidden = c.Ultimo_Error === null;
      setText(message, c.Ultimo_Error ?? '');
    },
  };
}
