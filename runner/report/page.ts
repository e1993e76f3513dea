import type { Lane, Report } from './data.js';
import { closeDocument, openDocument } from './document.js';
import { instant, span } from './format.js';
import { html } from './html.js';
import type { Markup } from './html.js';
import { laneChart, length, resourceName, stageName } from './lanes.js';

const mostListed = 20;

/** The page in pieces, to be written one after another. */
export function* reportPage(report: Report): Generator<string> {
  const { process, lanes } = report;
  yield openDocument(`Process ${process.idProceso} of ${process.fechaReporte}`);
  yield header(report).text;
  yield '<h2 id="lanes">Lanes</h2>\n';
  yield* laneChart(lanes, report);
  yield html`${failures(lanes)}${resources(report)}${slowest(lanes)}${waits(lanes)}`.text;
  yield closeDocument("Times are the database server's, in UTC.");
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
            <th>share</th>
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

function orNothing(ms: number | null): string {
  return ms === null ? '' : span(ms);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
