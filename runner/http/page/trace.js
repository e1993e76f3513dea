import { getJson } from './api.js';
import { el, table } from './dom.js';
import { count, duration, time } from './format.js';

/** What a process's trace shows: a fund's timeline in its lane, and below the lanes what was waited for and what ran side by side. */
export function createTraces(path, { signal, problem }) {
  const open = new Map();
  let timeline;

  /** Asked for once for all lanes that are opened; again once the process has ended. */
  const stages = async () => {
    timeline ??= getJson(`${path}/traza`, { signal });
    return (await timeline).etapas;
  };
  const drawFund = async (execution, place) => {
    const own = (await stages()).filter(({ ID_Fund }) => ID_Fund === execution.ID_Fund);
    place.replaceChildren(
      own.length === 0
        ? el('p', { class: 'faint' }, 'There is no trace of it (yet), or it was purged.')
        : fundTable(execution.FundShortName ?? 'all funds', own),
    );
  };
  const guarded = async (action) => {
    try {
      await action();
    } catch (error) {
      timeline = undefined;
      if (!signal.aborted) problem.show(error);
    }
  };

  const content = el('div', {});
  const element = el(
    'details',
    {
      class: 'card',
      ontoggle: () => {
        if (element.open) void guarded(drawWhole);
      },
    },
    el('summary', {}, 'Trace: bottlenecks and overlaps'),
    content,
  );
  const drawWhole = async () => {
    const [{ recursos }, { solapes }] = await Promise.all([
      getJson(`${path}/cuellos`, { signal }),
      getJson(`${path}/solapes?limite=50`, { signal }),
    ]);
    content.replaceChildren(
      ...(recursos.length === 0
        ? [el('p', { class: 'faint' }, 'There is no trace of this process (yet), or it was purged.')]
        : [resourceTable(recursos), overlapTable(solapes)]),
    );
  };

  return {
    element,
    async showFund(execution, place) {
      open.set(place, execution);
      await guarded(() => drawFund(execution, place));
    },
    /** The process has ended: its trace is whole now. */
    refresh() {
      timeline = undefined;
      for (const [place, execution] of open) void guarded(() => drawFund(execution, place));
      if (element.open) void guarded(drawWhole);
    },
  };
}

function fundTable(fund, stages) {
  const begun = Math.min(...stages.map(({ Inicio }) => Date.parse(Inicio)));
  const ended = Math.max(...stages.map(({ Inicio, Fin }) => Date.parse(Fin ?? Inicio)));
  const whole = Math.max(1, ended - begun);
  return table(
    `Timeline of ${fund}`,
    ['Service', 'When', { number: 'After' }, { number: 'Took' }, { number: 'Waited' }, { number: 'Tries' }],
    stages.map((stage) =>
      el(
        'tr',
        {},
        el('th', { scope: 'row' }, stage.Etapa ?? '—'),
        el('td', { class: 'when' }, bar(stage, { begun, whole })),
        el('td', { class: 'number' }, milliseconds(Date.parse(stage.Inicio) - begun)),
        el('td', { class: 'number' }, stage.Fin === null ? 'not ended' : duration(stage.Inicio, stage.Fin)),
        el('td', { class: 'number' }, milliseconds(stage.Espera_Ms)),
        el('td', { class: 'number' }, count(stage.Intentos), stage.Errores > 0 ? `, ${count(stage.Errores)} failed` : null),
      ),
    ),
  );
}

/** Where in the fund's time it ran; what it waited is the end of its bar, since a trace tells how long, not when. The columns say the same. */
function bar({ Inicio, Fin, Espera_Ms, Errores }, { begun, whole }) {
  const from = Date.parse(Inicio) - begun;
  const took = (Fin === null ? begun + whole : Date.parse(Fin)) - begun - from;
  const waited = el('span', { class: 'waited' });
  waited.style.width = `${(100 * Math.min(Espera_Ms, took)) / Math.max(1, took)}%`;
  const span = el('span', { class: `part ${Errores > 0 ? 'bad' : Fin === null ? 'run' : 'good'}` }, waited);
  span.style.left = `${(100 * from) / whole}%`;
  span.style.width = `${(100 * took) / whole}%`;
  return el('span', { class: 'time', 'aria-hidden': 'true' }, span);
}

function resourceTable(resources) {
  return table(
    'Bottlenecks: what was waited for, then what took longest',
    ['Resource', { number: 'Uses' }, { number: 'Average' }, { number: 'Longest' }, { number: 'Locks' }, { number: 'Waits' }, { number: 'Waited' }, { number: 'Errors' }],
    resources.map((row) =>
      el(
        'tr',
        {},
        el('th', { scope: 'row' }, row.Recurso ?? '—'),
        el('td', { class: 'number' }, count(row.Total_Accesos)),
        el('td', { class: 'number' }, milliseconds(row.Duracion_Promedio_Ms)),
        el('td', { class: 'number' }, milliseconds(row.Duracion_Maxima_Ms)),
        el('td', { class: 'number' }, count(row.Total_Locks)),
        el('td', { class: 'number' }, count(row.Total_Esperas)),
        el('td', { class: 'number' }, milliseconds(row.Espera_Ms)),
        el('td', { class: 'number' }, count(row.Errores)),
      ),
    ),
  );
}

function overlapTable(overlaps) {
  if (overlaps.length === 0)
    return el('p', { class: 'faint' }, 'No two funds used a resource at the same time.');
  return table(
    `Overlaps: funds side by side on one resource, the ${overlaps.length} longest`,
    ['Resource', 'Fund', 'and fund', 'From', { number: 'For' }],
    overlaps.map((pair) =>
      el(
        'tr',
        {},
        el('th', { scope: 'row' }, pair.Recurso ?? '—'),
        el('td', {}, pair.Nombre1 ?? '—'),
        el('td', {}, pair.Nombre2 ?? '—'),
        el(
          'td',
          {},
          time(pair.Inicio_Fund1 > pair.Inicio_Fund2 ? pair.Inicio_Fund1 : pair.Inicio_Fund2),
        ),
        el('td', { class: 'number' }, milliseconds(pair.Overlap_Ms)),
      ),
    ),
  );
}

function milliseconds(ms) {
  return ms === null ? '—' : `${count(ms)} ms`;
}
