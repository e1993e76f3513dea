import { announce } from '../announce.js';
import { getJson, postJson } from '../api.js';
import { el, onceAFrame, setText } from '../dom.js';
import { follow } from '../events.js';
import { count, duration, time } from '../format.js';
import { createLane } from '../lane.js';
import { attempt, problemPlace } from '../notice.js';
import { session } from '../session.js';
import { look, setBadge } from '../states.js';
import { createTraces } from '../trace.js';

/** One process, a lane a fund, as it goes on. */
export function processView({ ids: [id], signal }) {
  const path = `/api/procesos/v3/proceso/${id}`;
  const problem = problemPlace();
  const head = createHead();
  const lanes = el('ol', { class: 'lanes', 'aria-label': 'Funds' });
  const byExecution = new Map();
  const traces = createTraces(path, { signal, problem });
  let process;

  const draw = onceAFrame(() => {
    if (process !== undefined) head.draw(process);
    cancel.hidden = !session.mayRun || process === undefined || process.FechaFin !== null;
    for (const { lane, execution } of byExecution.values()) lane.draw(execution);
  });
  const cancel = el(
    'button',
    {
      type: 'button',
      class: 'danger',
      hidden: true,
      onclick: () => {
        if (!confirm(`Cancel process ${id}? What waits is cancelled at once, what runs a moment later.`))
          return;
        void attempt(cancel, problem, async () => {
          process = await postJson(`${path}/cancelar`);
          draw();
        });
      },
    },
    'Cancel the process',
  );

  async function load() {
    const one = await getJson(path, { signal });
    process = one.proceso;
    for (const execution of one.ejecuciones) {
      const known = byExecution.get(execution.ID_Ejecucion);
      if (known !== undefined) known.execution = execution;
      else {
        const lane = createLane(execution, (place) => void traces.showFund(execution, place));
        byExecution.set(execution.ID_Ejecucion, { lane, execution });
        lanes.append(lane.element);
      }
    }
    draw();
  }

  function take({ event, data }) {
    const known = byExecution.get(data.ID_Ejecucion);
    if (event === 'servicio') {
      const service = known?.execution.servicios.find(({ Servicio }) => Servicio === data.Servicio);
      if (service !== undefined) service.Estado = data.Estado;
    } else if (event === 'ejecucion' && known !== undefined) {
      known.execution = { ...known.execution, ...data };
    } else if (event === 'proceso') {
      process = data;
      const ended = data.FondosExitosos + data.FondosFallidos + data.FondosOmitidos;
      announce(`${ended} of ${data.TotalFondos} funds have ended.`);
    } else if (event === 'fin') announce(`The process has ended: ${look(data.Estado).meaning}.`);
    draw();
    return event === 'fin';
  }

  void (async () => {
    try {
      await load();
      await follow(`${path}/eventos`, {
        signal,
        onEvent: take,
        onState: head.connection,
        ended: () => process.FechaFin !== null,
      });
      // what came in while the stream was away
      if (!signal.aborted) await load();
      traces.refresh();
    } catch (error) {
      if (!signal.aborted) problem.show(error);
    }
  })();
  // what runs gets older without news
  const ticking = setInterval(draw, 1000);
  signal.addEventListener('abort', () => clearInterval(ticking));

  return { title: `Process ${id}`, content: [head.element, cancel, problem.place, lanes, traces.element] };
}

function createHead() {
  const state = el('span', {});
  const line = el('span', {});
  const live = el('span', { class: 'connection faint' });
  const progress = el('progress', { max: 1, value: 0, 'aria-label': 'Funds that have ended' });
  const figures = el('dl', { class: 'figures' });
  const shown = Object.fromEntries(
    ['Succeeded', 'Running', 'Waiting', 'Failed', 'Skipped'].map((name) => [name, el('dd', {})]),
  );
  for (const [name, value] of Object.entries(shown)) figures.append(el('div', {}, el('dt', {}, name), value));
  return {
    element: el(
      'section',
      { class: 'card', 'aria-label': 'State' },
      el('p', { class: 'headline' }, state, line, live),
      progress,
      figures,
    ),
    connection(now) {
      const texts = { live: '● live', broken: '○ reconnecting…', ended: '' };
      setText(live, texts[now]);
    },
    draw(p) {
      setBadge(state, p.Estado);
      setText(
        line,
        `Report date ${p.FechaReporte} · started ${time(p.FechaInicio)} by ${p.Usuario ?? '—'} · ${duration(p.FechaInicio, p.FechaFin)}`,
      );
      progress.max = Math.max(1, p.TotalFondos);
      progress.value = p.FondosExitosos + p.FondosFallidos + p.FondosOmitidos;
      setText(shown.Succeeded, count(p.FondosExitosos));
      setText(shown.Running, count(p.FondosEnProgreso));
      setText(shown.Waiting, count(p.FondosPendientes));
      setText(shown.Failed, count(p.FondosFallidos));
      setText(shown.Skipped, count(p.FondosOmitidos));
    },
  };
}
