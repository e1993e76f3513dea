import { closingStage } from '../trace/tracer.js';
import type { Bar, Lane, Report, Wait } from './data.js';
import { html } from './html.js';
import type { Markup } from './html.js';
import { style } from './style.js';

/** Looks of services that differ by colour and pattern; further ones begin again. */
const looks = 7;
/** The closing call and what there is no service for. */
const lastLook = 7;
const mostListed = 20;

/** The page in pieces, to be written one after another. Nothing in it is loaded from anywhere, and nothing in it is a script. */
export function* reportPage(report: Report): Generator<string> {
  const { process, lanes } = report;
  const look = looksOf(lanes);
  yield html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>Process ${process.idProceso} of ${process.fechaReporte}</title>
      </head>
    </html> `.text;
  yield `<style>${style}</style>\n</head>\n<body>\n`;
  yield header(report).text;
  yield html`<h2 id="lanes">Lanes</h2>
    ${legend(report, look)}`.text;
  yield html`<div class="lanes">
    <div class="axis">
      <span class="name"></span><span class="ticks" aria-hidden="true">${ticks(report)}</span>
    </div>
  </div> `.text;
  for (const lane of lanes) yield laneRow(lane, report, look).text;
  yield '</div>\n';
  yield html`${failures(lanes)}${resources(report)}${slowest(lanes)}${waits(lanes)}`.text;
  yield html`<footer class="soft">Written by carril at ${new Date().toISOString()}. Times are the database server's, in UTC.</footer>
</body>
</html>
`.text;
}

function looksOf(lanes: readonly Lane[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { bars } of lanes) {
    for (const { stage, kind } of bars) {
      if (found.has(stage)) continue;
      found.set(stage, stage === closingStage || kind === 'whole' ? lastLook : found.size % looks);
    }
  }
  return found;
}

function header(report: Report): Markup {
  const { process, lanes, traced } = report;
  const work = sum(lanes.flatMap(({ bars }) => bars.filter(({ kind }) => kind !== 'open').map(length)));
  const waited = sum(lanes.flatMap((lane) => lane.waits.map(length)));
  const makespan = report.to - report.from;
  const counters: readonly (readonly [string, string])[] = [
    ['funds', String(process.totalFondos)],
    ['completed', String(process.fondosExitosos)],
    ['failed', String(process.fondosFallidos)],
    ['skipped', String(process.fondosOmitidos)],
    ...(process.fechaFin === null
      ? ([
          ['running', String(process.fondosEnProgreso)],
          ['waiting', String(process.fondosPendientes)],
        ] as const)
      : []),
    ['from the first start to the last end', span(makespan)],
    ...(traced
      ? ([
          ['all services together', span(work)],
          ['lanes', String(report.workers)],
          ['ideal: services / lanes', span(work / Math.max(1, report.workers))],
          ['waited', span(waited)],
        ] as const)
      : []),
    ['architecture', process.arquitectura],
    ['by', process.usuario ?? ''],
  ];
  return html`<header>
      <h1>Process ${process.idProceso} of ${process.fechaReporte}</h1>
      <p>
        <span class="state">${process.estado}</span>, started
        ${instant(process.fechaInicio)}${process.fechaFin === null ? '' : html`, ended ${instant(process.fechaFin)}`}
      </p>
    </header>
    <dl class="counters">
      ${counters.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div> `,
      )}
    </dl>
    ${
      traced
        ? ''
        : html`<p class="notice">
            There are no traces of this process, so only when each fund began and ended is known: its
            services, waits and resources are missing. carril run and carril work record them unless
            --no-trace is given, the login lacks the role carril_carga, or migration 016 has not been applied;
            carril trace purge deletes them.
          </p> `
    }`;
}

function legend({ lanes, traced }: Report, look: ReadonlyMap<string, number>): Markup {
  const kinds = new Set(lanes.flatMap(({ bars }) => bars.map(({ kind }) => kind)));
  const waited = lanes.some((lane) => lane.waits.length > 0);
  return html`<ul class="legend">
      ${[...look].map(([stage, i]) => html`<li><span class="bar s${i}"></span>${stageName(stage)}</li> `)}${
        kinds.has('failed') ? html`<li><span class="bar s7 failed"></span>failed</li> ` : ''
      }${kinds.has('open') ? html`<li><span class="bar s7 open"></span>no end recorded</li> ` : ''}${
        waited ? html`<li><span class="wait"></span>waited</li> ` : ''
      }
    </ul>
    <p class="soft">
      A lane a fund, in the order in which they began. A lane opens with a click, or with Enter: it has the
      times${traced ? ' of its services' : ''}.
    </p> `;
}

function ticks({ from, to }: Report): readonly Markup[] {
  return [0, 20, 40, 60, 80, 100].map(
    (at) => html`<span style="--at:${at}">${span(((to - from) * at) / 100)}</span>`,
  );
}

function laneRow(lane: Lane, report: Report, look: ReadonlyMap<string, number>): Markup {
  const place = placer(report);
  const bars = lane.bars.toSorted((a, b) => a.from - b.from);
  const bad = lane.state === 'ERROR' || lane.state === 'COMPLETADO_CON_ERRORES';
  return html`<details class="lane">
    <summary class="row">
      <span class="name" title="${lane.name}">${bad ? html`<b>✕ ${lane.name}</b>` : lane.name}</span>
      <span class="track" style="--tick:20"
        >${bars.map(
          (bar) =>
            html`<span
              class="bar s${look.get(bar.stage) ?? lastLook} ${bar.kind}"
              style="${place(bar)}"
              title="${sayBar(bar)}"
              ><i>${stageName(bar.stage)}</i></span
            >`,
        )}${lane.waits.map((wait) => html`<span class="wait" style="${place(wait)}" title="${sayWait(wait)}"></span>`)}</span
      >
    </summary>
    <div class="detail">
      <p>
        ${lane.execution === null ? '' : `execution ${lane.execution}, `}${lane.state}${lane.attempts === null ? '' : `, attempt ${lane.attempts}`}${lane.error === null ? '' : html`<br />${lane.error}`}
      </p>
      ${
        lane.bars.length === 0 && lane.waits.length === 0
          ? html`<p class="soft">It has not begun.</p>`
          : html`<table>
              <thead>
                <tr>
                  <th>what</th>
                  <th>from</th>
                  <th>to</th>
                  <th class="n">took</th>
                  <th></th>
                </tr>
              </thead>
              <tbody>
                ${[
                  ...bars.map((bar) => ({ at: bar.from, row: barRow(bar, report) })),
                  ...lane.waits.map((wait) => ({ at: wait.from, row: waitRow(wait, report) })),
                ]
                  .toSorted((a, b) => a.at - b.at)
                  .map(({ row }) => row)}
              </tbody>
            </table>`
      }
    </div>
  </details> `;
}

function barRow(bar: Bar, { from }: Report): Markup {
  const result = { done: '', whole: '', failed: '✕ failed', open: 'no end recorded' }[bar.kind];
  return html`<tr>
    <td>${stageName(bar.stage)}</td>
    <td class="n">+${span(bar.from - from)}</td>
    <td class="n">+${span(bar.to - from)}</td>
    <td class="n">${span(length(bar))}</td>
    <td>${result}${bar.kind === 'failed' && bar.note !== null ? `: ${bar.note}` : ''}</td>
  </tr> `;
}

function waitRow(wait: Wait, { from }: Report): Markup {
  return html`<tr>
    <td>waited for ${resourceName(wait.resource)}</td>
    <td class="n">+${span(wait.from - from)}</td>
    <td class="n">+${span(wait.to - from)}</td>
    <td class="n">${span(length(wait))}</td>
    <td>${wait.holder === null ? '' : `held by ${wait.holder}`}</td>
  </tr> `;
}

/** Where something lies on the track, in per cent, to a ten-thousandth. */
function placer({ from, to }: Report): (piece: { readonly from: number; readonly to: number }) => string {
  const scale = 100 / Math.max(1, to - from);
  const percent = (ms: number) => String(Math.round(ms * scale * 10_000) / 10_000);
  return (piece) => `--l:${percent(piece.from - from)};--w:${percent(piece.to - piece.from)}`;
}

function failures(lanes: readonly Lane[]): Markup | '' {
  const failed = lanes.filter(({ error, state }) => error !== null && state !== 'COMPLETADO');
  if (failed.length === 0) return '';
  return html`<h2>What failed</h2>
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th>fund</th>
            <th>state</th>
            <th>message</th>
          </tr>
        </thead>
        <tbody>
          ${failed.map(
            ({ name, state, error }) =>
              html`<tr>
                <td>${name}</td>
                <td>${state}</td>
                <td>${error}</td>
              </tr> `,
          )}
        </tbody>
      </table>
    </div> `;
}

function resources({ resources: all, traced }: Report): Markup | '' {
  if (!traced) return '';
  const slow = all
    .toSorted((a, b) => Number(b.duracionTotalMs + b.esperaMs - a.duracionTotalMs - a.esperaMs))
    .slice(0, mostListed);
  const most = Math.max(1, ...slow.map((row) => Number(row.duracionTotalMs + row.esperaMs)));
  return html`<h2>Slowest resources</h2>
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th>resource</th>
            <th class="n">uses</th>
            <th class="n">average</th>
            <th class="n">longest</th>
            <th class="n">together</th>
            <th class="n">waits on locks</th>
            <th class="n">waited</th>
            <th class="n">errors</th>
            <th></th>
          </tr>
        </thead>
        <tbody>
          ${slow.map(
            (row) =>
              html`<tr>
                <td>${resourceName(row.recurso ?? '')}</td>
                <td class="n">${row.totalAccesos}</td>
                <td class="n">${orNothing(row.duracionPromedioMs)}</td>
                <td class="n">${orNothing(row.duracionMaximaMs)}</td>
                <td class="n">${span(Number(row.duracionTotalMs))}</td>
                <td class="n">${row.totalLocks}</td>
                <td class="n">${span(Number(row.esperaMs))}</td>
                <td class="n">${row.errores}</td>
                <td>
                  <span
                    class="share"
                    style="--w:${Math.round((100 * Number(row.duracionTotalMs + row.esperaMs)) / most)}"
                  ></span>
                </td>
              </tr> `,
          )}
        </tbody>
      </table>
    </div> `;
}

function slowest(lanes: readonly Lane[]): Markup | '' {
  const bars = lanes
    .flatMap((lane) => lane.bars.map((bar) => ({ lane, bar })))
    .filter(({ bar }) => bar.kind === 'done' || bar.kind === 'failed')
    .toSorted((a, b) => length(b.bar) - length(a.bar))
    .slice(0, 10);
  if (bars.length === 0) return '';
  return html`<h2>Longest services</h2>
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th>fund</th>
            <th>service</th>
            <th class="n">took</th>
          </tr>
        </thead>
        <tbody>
          ${bars.map(
            ({ lane, bar }) =>
              html`<tr>
                <td>${lane.name}</td>
                <td>${stageName(bar.stage)}</td>
                <td class="n">${span(length(bar))}</td>
              </tr> `,
          )}
        </tbody>
      </table>
    </div> `;
}

function waits(lanes: readonly Lane[]): Markup | '' {
  const all = lanes
    .flatMap((lane) => lane.waits.map((wait) => ({ lane, wait })))
    .toSorted((a, b) => length(b.wait) - length(a.wait))
    .slice(0, mostListed);
  if (all.length === 0) return '';
  return html`<h2>Longest waits</h2>
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th>fund</th>
            <th>in</th>
            <th>for</th>
            <th class="n">waited</th>
            <th>held by</th>
          </tr>
        </thead>
        <tbody>
          ${all.map(
            ({ lane, wait }) =>
              html`<tr>
                <td>${lane.name}</td>
                <td>${wait.stage === null ? '' : stageName(wait.stage)}</td>
                <td>${resourceName(wait.resource)}</td>
                <td class="n">${span(length(wait))}</td>
                <td>${wait.holder}</td>
              </tr> `,
          )}
        </tbody>
      </table>
    </div> `;
}

function sayBar(bar: Bar): string {
  const result = bar.kind === 'failed' ? ' failed' : '';
  return `${stageName(bar.stage)}${result}, ${span(length(bar))}${bar.note === null ? '' : `: ${bar.note}`}`;
}

function sayWait(wait: Wait): string {
  return `waited ${span(length(wait))} for ${resourceName(wait.resource)}${wait.holder === null ? '' : `, held by ${wait.holder}`}`;
}

function stageName(stage: string): string {
  if (stage === closingStage) return 'completion';
  return stage === 'whole' ? 'the whole fund' : stage;
}

/** What the tracer writes in the language of the database. */
function resourceName(resource: string): string {
  if (resource === closingStage) return 'completion';
  return resource === 'reintento' ? 'the next attempt' : resource;
}

function length({ from, to }: { readonly from: number; readonly to: number }): number {
  return Math.max(0, to - from);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function orNothing(ms: number | null): string {
  return ms === null ? '' : span(ms);
}

/** A length of time, as short as it is still exact enough. */
function span(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  const minutes = Math.round(ms / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function instant(date: Date): Markup {
  const text = date.toISOString();
  return html`<time datetime="${text}">${text.slice(0, 19).replace('T', ' ')}</time>`;
}
